import { expect, it } from 'vitest';
import type * as api from '#common/schema/generated/types.ts';
import { deletionFailure, planVolume, unboundVolume } from './planVolume.ts';

const claimRef = { namespace: 'ns', name: 'c', uid: 'u' };
const volume = (spec: Partial<api.PersistentVolumeSpec>, phase: string, annotations: Record<string, string> = {}) =>
  ({
    metadata: { name: 'v', annotations },
    spec: { persistentVolumeReclaimPolicy: 'Retain', ...spec },
    status: { phase },
  }) satisfies api.PersistentVolume;
const claim = (volumeName: string | undefined, uid = 'u'): api.PersistentVolumeClaim => ({
  metadata: { namespace: 'ns', name: 'c', uid },
  spec: volumeName === undefined ? {} : { volumeName },
});
const byController = { 'pv.kubernetes.io/bound-by-controller': 'yes' };
const provisioned = { 'pv.kubernetes.io/provisioned-by': 'x' };

it.each<[string, api.PersistentVolume, api.PersistentVolumeClaim | undefined, object]>([
  ['a new volume becomes available', volume({}, 'Pending'), undefined, { action: 'phase', phase: 'Available' }],
  [
    'a reserved one is available too',
    volume({ claimRef: { namespace: 'ns', name: 'c' } }, 'Pending'),
    undefined,
    { action: 'phase', phase: 'Available' },
  ],
  ['one with its claim is bound', volume({ claimRef }, 'Available'), claim('v'), { action: 'phase', phase: 'Bound' }],
  ['one whose claim is gone is released', volume({ claimRef }, 'Bound'), undefined, { action: 'phase', phase: 'Released' }],
  [
    'one whose claim was made anew is released',
    volume({ claimRef }, 'Bound'),
    claim(undefined, 'later'),
    { action: 'phase', phase: 'Released' },
  ],
  ['a retained one stays released', volume({ claimRef }, 'Released'), undefined, { action: 'none' }],
  [
    'another is reclaimed',
    volume({ claimRef, persistentVolumeReclaimPolicy: 'Delete' }, 'Released'),
    undefined,
    { action: 'reclaim' },
  ],
  [
    'a failed one is left to people',
    volume({ claimRef, persistentVolumeReclaimPolicy: 'Delete' }, 'Failed'),
    undefined,
    { action: 'none' },
  ],
  ['one whose claim took another is free', volume({ claimRef }, 'Bound', byController), claim('w'), { action: 'unbind' }],
  [
    'unless it was made for that claim',
    volume({ claimRef, persistentVolumeReclaimPolicy: 'Delete' }, 'Bound', provisioned),
    claim('w'),
    { action: 'phase', phase: 'Released' },
  ],
])('%s', (_, given, other, plan) => {
  expect(planVolume(given, other)).toEqual(plan);
});

it.each<[Partial<api.PersistentVolumeSpec>, string | undefined]>([
  [{ hostPath: { path: '/tmp/x' } }, undefined],
  [{ hostPath: { path: '/data' } }, 'host_path deleter only supports /tmp/.+ but received provided /data'],
  [{ nfs: { server: 's', path: '/' } }, 'error getting deleter volume plugin for volume "v": no deletable volume plugin matched'],
])('what cannot be deleted says why: %j', (spec, message) => {
  expect(deletionFailure(volume(spec, 'Released'))?.message).toBe(message);
});

it('a claimRef that people wrote outlives the binding, one of the controller does not', () => {
  expect(unboundVolume(volume({ claimRef }, 'Bound')).spec?.claimRef).toEqual({ namespace: 'ns', name: 'c' });
  const free = unboundVolume(volume({ claimRef }, 'Bound', byController));
  expect(free.spec?.claimRef).toBeUndefined();
  expect(free.metadata.annotations).toEqual({});
});
