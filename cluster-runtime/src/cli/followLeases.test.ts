/** A cluster that nobody uses any more ends, and one that is used, or kept, does not. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SteppedClock } from '#common/base/clock.ts';
import { keptLease, leaseName } from '#common/protocol/runtime.ts';
import { followLeases } from './followLeases.ts';

let folder: string;
const clock = new SteppedClock();
const onUnused = vi.fn();
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kube-playground-leases-'));
  onUnused.mockReset();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lease = (name = leaseName(process.pid, 1)): string => path.join(folder, name);
const follow = () => followLeases({ folder, lingerMs: 15_000 }, clock, onUnused);

test.each([
  ['a window that lives', leaseName(process.pid, 1)],
  ['a cluster that is kept', keptLease],
])('%s is no end', async (_what, name) => {
  writeFileSync(lease(name), '');
  const following = follow();
  await clock.advance(3_600_000);
  expect(onUnused).not.toHaveBeenCalled();
  following.dispose();
});

test.each([
  ['no window', undefined],
  ['a window whose process is no more', leaseName(999_999_999, 1)],
  ['a file of somebody else', 'README'],
])('%s: it ends after its time', async (_what, name) => {
  if (name !== undefined) writeFileSync(lease(name), '');
  const following = follow();
  await clock.advance(14_999);
  expect(onUnused).not.toHaveBeenCalled();
  await clock.advance(1);
  expect(onUnused).toHaveBeenCalledOnce();
  following.dispose();
});

test('a window that comes back in time goes on with it', async () => {
  writeFileSync(lease(), '');
  const following = follow();
  rmSync(lease());
  await clock.advance(40_000);
  writeFileSync(lease(), '');
  await clock.advance(3_600_000);
  expect(onUnused).not.toHaveBeenCalled();
  following.dispose();
});

test('a folder that goes is the end of it', async () => {
  mkdirSync(path.join(folder, 'windows'));
  const following = followLeases({ folder: path.join(folder, 'windows'), lingerMs: 1_000 }, clock, onUnused);
  rmSync(path.join(folder, 'windows'), { recursive: true });
  await clock.advance(31_000);
  expect(onUnused).toHaveBeenCalledOnce();
  following.dispose();
});
