import { expect, it } from 'vitest';
import { SteppedClock } from '#common/base/clock.ts';
import type { EmptyDirVolumeSource } from '#common/schema/generated/types.ts';
import { EmptyDir } from './emptyDir.ts';

const settled = (): Promise<void> => Promise.resolve();

function volumeOf(emptyDir: EmptyDirVolumeSource): { volume: EmptyDir; clock: SteppedClock; exceeded: string[] } {
  const clock = new SteppedClock();
  const exceeded: string[] = [];
  return { volume: new EmptyDir({ name: 'e', emptyDir }, clock, (message) => exceeded.push(message)), clock, exceeded };
}

it('grows over its limit until the kubelet looks', async () => {
  const { volume, clock, exceeded } = volumeOf({ sizeLimit: '1Ki' });
  volume.files.set('a', new Uint8Array(1024));
  await clock.advance(60_000, settled);
  expect(exceeded).toEqual([]);
  volume.files.set('b', new Uint8Array(1));
  await clock.advance(9_000, settled);
  expect(exceeded).toEqual([]);
  await clock.advance(1_000, settled);
  expect(exceeded).toEqual(['Usage of EmptyDir volume "e" exceeds the limit "1Ki". ']);
});

it('is forgiven when it has shrunk by then', async () => {
  const { volume, clock, exceeded } = volumeOf({ sizeLimit: '1Ki' });
  volume.files.set('a', new Uint8Array(2000));
  volume.files.delete('a');
  await clock.advance(60_000, settled);
  expect(exceeded).toEqual([]);
});

it('costs its pod nothing once that is gone', async () => {
  const { volume, clock, exceeded } = volumeOf({ sizeLimit: '1Ki' });
  volume.files.set('a', new Uint8Array(2000));
  volume.dispose();
  await clock.advance(60_000, settled);
  expect(exceeded).toEqual([]);
});

it('in memory is a tmpfs of that size', () => {
  expect(volumeOf({ medium: 'Memory', sizeLimit: '1Ki' }).volume).toMatchObject({
    capacityBytes: 1024,
    device: { type: 'tmpfs' },
  });
  expect(volumeOf({ sizeLimit: '1Ki' }).volume.capacityBytes).toBeUndefined();
});
