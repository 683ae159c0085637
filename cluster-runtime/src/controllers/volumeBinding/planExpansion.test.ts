import { expect, it } from 'vitest';
import { resizedStatus } from '../../controller/claimExpansion.ts';
import type * as api from '#common/schema/generated/types.ts';
import { planExpansion } from './planExpansion.ts';

const claim = (wanted: string): api.PersistentVolumeClaim => ({
  metadata: { name: 'c' },
  spec: { resources: { requests: { storage: wanted } } },
  status: { phase: 'Bound', capacity: { storage: '1Gi' } },
});
const volume = (volumeMode = 'Filesystem'): api.PersistentVolume => ({
  metadata: { name: 'v' },
  spec: { capacity: { storage: '1Gi' }, volumeMode },
});
const now = '2026-01-01T00:00:00Z';

it.each(['1Gi', '1024Mi', '512Mi'])('a claim for %s has enough', (wanted) => {
  expect(planExpansion(claim(wanted), volume(), now)).toBeUndefined();
});

it('the disk grows first, then the claim waits for its file system', () => {
  const plan = planExpansion(claim('3Gi'), volume(), now);
  expect(plan?.starting?.conditions?.map(({ type }) => type)).toEqual(['Resizing']);
  expect(plan?.volume?.spec?.capacity).toEqual({ storage: '3Gi' });
  expect(plan?.ended).toMatchObject({
    capacity: { storage: '1Gi' },
    allocatedResourceStatuses: { storage: 'NodeResizePending' },
    conditions: [{ type: 'FileSystemResizePending', status: 'True' }],
  });
});

it('carries on where it stopped, and does nothing twice', () => {
  const first = planExpansion(claim('3Gi'), volume(), now);
  const halfway = { ...claim('3Gi'), status: first?.starting } as api.PersistentVolumeClaim;
  expect(planExpansion(halfway, volume(), now)?.starting).toBeUndefined();
  const waiting = { ...claim('3Gi'), status: first?.ended } as api.PersistentVolumeClaim;
  expect(planExpansion(waiting, first?.volume ?? volume(), now)).toBeUndefined();
});

it('a block device is done at once', () => {
  const plan = planExpansion(claim('3Gi'), volume('Block'), now);
  expect(plan?.isComplete).toBe(true);
  expect(plan?.ended.capacity).toEqual({ storage: '3Gi' });
});

it('nothing of the growing stays once it is done', () => {
  const ended = planExpansion(claim('3Gi'), volume(), now)?.ended ?? {};
  expect(resizedStatus(ended, '3Gi')).toEqual({
    phase: 'Bound',
    capacity: { storage: '3Gi' },
    allocatedResources: { storage: '3Gi' },
  });
});
