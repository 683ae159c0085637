/** A window that has loaded nothing yet notices the workspace's cluster. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { clusterSign, leasesFolderIn, stateFolderIn } from './clusterSign.ts';
import { WindowLeases } from './windowLeases.ts';

let storage: string;
beforeEach(() => (storage = mkdtempSync(path.join(tmpdir(), 'kube-playground-sign-'))));
afterEach(() => rmSync(storage, { recursive: true, force: true }));

test('a cluster that runs since before is noticed at once', () => {
  mkdirSync(stateFolderIn(storage));
  writeFileSync(path.join(stateFolderIn(storage), 'running.json'), '{}');
  const onSign = vi.fn();
  clusterSign(storage, onSign);
  expect(onSign).toHaveBeenCalledOnce();
});

test('another window that begins to start one is noticed', async () => {
  mkdirSync(leasesFolderIn(storage));
  const noticed = new Promise<void>((resolve) => clusterSign(storage, resolve));
  const other = new WindowLeases(leasesFolderIn(storage));
  // The watch begins some time after it was asked for.
  const again = setInterval(() => void other.take().then(() => other.release()), 20);
  await noticed;
  clearInterval(again);
  await other.release();
});

test('a cluster that was stopped is no sign, and neither is anything after the end', async () => {
  mkdirSync(stateFolderIn(storage));
  writeFileSync(path.join(stateFolderIn(storage), 'cluster.sqlite'), '');
  const onSign = vi.fn();
  const sign = clusterSign(storage, onSign);
  sign.dispose();
  const seen = new Promise<void>((resolve) => clusterSign(storage, resolve));
  const other = new WindowLeases(leasesFolderIn(storage));
  const again = setInterval(() => void other.take(), 20);
  await seen;
  clearInterval(again);
  expect(onSign).not.toHaveBeenCalled();
});
