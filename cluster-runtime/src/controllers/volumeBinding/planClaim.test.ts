import { describe, expect, it } from 'vitest';
import type * as api from '#common/schema/generated/types.ts';
import { type ClaimPlan, type ClaimView, planClaim } from './planClaim.ts';

const claim = (spec: Partial<api.PersistentVolumeClaimSpec> = {}, annotations: Record<string, string> = {}) =>
  ({
    metadata: { name: 'c', namespace: 'ns', uid: 'claim-uid', annotations },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } }, storageClassName: 'sc', ...spec },
    status: { phase: 'Pending' },
  }) satisfies api.PersistentVolumeClaim;

const volume = (name: string, spec: Partial<api.PersistentVolumeSpec> = {}, more: Partial<api.ObjectMeta> = {}) =>
  ({
    metadata: { name, ...more },
    spec: { capacity: { storage: '2Gi' }, accessModes: ['ReadWriteOnce'], storageClassName: 'sc', ...spec },
    status: { phase: 'Available' },
  }) satisfies api.PersistentVolume;

const storageClass = (provisioner: string, volumeBindingMode = 'Immediate'): api.StorageClass => ({
  metadata: { name: 'sc' },
  provisioner,
  volumeBindingMode,
});

const view = (volumes: readonly api.PersistentVolume[], more: Partial<ClaimView> = {}): ClaimView => ({
  volume: (name) => volumes.find(({ metadata }) => metadata.name === name),
  volumesOfClass: (name) => volumes.filter(({ spec }) => (spec?.storageClassName ?? '') === name),
  storageClass: () => undefined,
  defaultClass: undefined,
  waitingPods: () => [],
  ...more,
});

const short = (plan: ClaimPlan): string => {
  if (plan.action === 'bind') return `bind ${plan.volume.metadata.name}`;
  if (plan.action === 'assignClass') return `assign ${plan.name}`;
  const { tell } = plan;
  return tell ? `${plan.action}: ${tell.type} ${tell.reason} ${tell.message}` : plan.action;
};

describe('a claim takes', () => {
  it.each<[string, Partial<api.PersistentVolumeClaimSpec>, api.PersistentVolume[], string]>([
    ['the smallest that is big enough', {}, [volume('big', { capacity: { storage: '9Gi' } }), volume('fit')], 'bind fit'],
    [
      'the one with fewer ways of access, even when it is bigger',
      {},
      [volume('shared', { accessModes: ['ReadWriteOnce', 'ReadOnlyMany'] }), volume('big', { capacity: { storage: '9Gi' } })],
      'bind big',
    ],
    [
      'the one that its selector matches',
      { selector: { matchLabels: { t: '2' } } },
      [volume('a'), volume('b', {}, { labels: { t: '2' } })],
      'bind b',
    ],
    [
      'the one reserved for it, whatever its labels',
      { selector: { matchLabels: { t: '2' } } },
      [volume('r', { claimRef: { namespace: 'ns', name: 'c' } })],
      'bind r',
    ],
    [
      'the one reserved for it rather than a smaller one',
      {},
      [volume('a'), volume('r', { capacity: { storage: '9Gi' }, claimRef: { namespace: 'ns', name: 'c' } })],
      'bind r',
    ],
    [
      'the one without a class, when it asks for none',
      { storageClassName: '' },
      [volume('none', { storageClassName: '' })],
      'bind none',
    ],
  ])('%s', (_, spec, volumes, expected) => {
    expect(short(planClaim(claim(spec), view(volumes)))).toBe(expected);
  });
});

describe('a claim does not take a volume that', () => {
  const none = 'pending: Warning ProvisioningFailed storageclass.storage.k8s.io "sc" not found';
  it.each<[string, api.PersistentVolume]>([
    ['is too small', volume('v', { capacity: { storage: '1Gi' } })],
    ['offers other ways of access', volume('v', { accessModes: ['ReadOnlyMany'] })],
    ['is a block device', volume('v', { volumeMode: 'Block' })],
    ['is of another attributes class', volume('v', { volumeAttributesClassName: 'fast' })],
    ['is reserved for another claim', volume('v', { claimRef: { namespace: 'ns', name: 'other' } })],
    ['had a claim of the same name before', volume('v', { claimRef: { namespace: 'ns', name: 'c', uid: 'earlier' } })],
    ['is being deleted', volume('v', {}, { deletionTimestamp: '2026-01-01T00:00:00Z' })],
    ['is released', { ...volume('v'), status: { phase: 'Released' } }],
  ])('%s', (_, candidate) => {
    expect(short(planClaim(claim(), view([candidate])))).toBe(none);
  });
});

describe('a claim that finds no volume', () => {
  const external =
    "provision: Normal ExternalProvisioning Waiting for a volume to be created either by the external provisioner 'x.io/p' or " +
    'manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and ' +
    'correctly registered.';
  const waits = storageClass('x.io/p', 'WaitForFirstConsumer');
  it.each<[string, api.PersistentVolumeClaim, Partial<ClaimView>, string]>([
    ['asks the provisioner of its class', claim(), { storageClass: () => storageClass('x.io/p') }, external],
    [
      'waits for its first pod',
      claim(),
      { storageClass: () => waits },
      'pending: Normal WaitForFirstConsumer waiting for first consumer to be created before binding',
    ],
    [
      'waits for its pod to be placed',
      claim(),
      { storageClass: () => waits, waitingPods: () => ['p'] },
      'pending: Normal WaitForPodScheduled waiting for pod p to be scheduled',
    ],
    [
      'waits for any of its pods',
      claim(),
      { storageClass: () => waits, waitingPods: () => ['q', 'p'] },
      'pending: Normal WaitForPodScheduled waiting for pods p,q to be scheduled',
    ],
    [
      'asks once the node is chosen',
      claim({}, { 'volume.kubernetes.io/selected-node': 'n' }),
      { storageClass: () => waits },
      external,
    ],
    [
      'of a class without provisioner says so',
      claim(),
      { storageClass: () => storageClass('kubernetes.io/no-provisioner') },
      'pending: Warning ProvisioningFailed no volume plugin matched name: kubernetes.io/no-provisioner',
    ],
    [
      'of no class says so',
      claim({ storageClassName: '' }),
      { defaultClass: 'std' },
      'pending: Normal FailedBinding no persistent volumes available for this claim and no storage class is set',
    ],
  ])('%s', (_, given, more, expected) => {
    expect(short(planClaim(given, view([], more)))).toBe(expected);
  });

  it('and names no class gets the default one when there is one', () => {
    const { storageClassName: _none, ...spec } = claim().spec;
    expect(short(planClaim({ ...claim(), spec }, view([], { defaultClass: 'std' })))).toBe('assign std');
  });

  it('leaves free volumes alone while it waits for its pod', () => {
    expect(short(planClaim(claim(), view([volume('a')], { storageClass: () => waits })))).toContain('WaitForFirstConsumer');
  });
});

describe('a claim that names its volume', () => {
  const named = claim({ volumeName: 'v' });
  it.each<[string, api.PersistentVolume[], string]>([
    ['waits until it is there', [], 'pending'],
    ['binds to it', [volume('v')], 'bind v'],
    [
      'refuses one that is too small',
      [volume('v', { capacity: { storage: '1Gi' } })],
      'pending: Warning VolumeMismatch Cannot bind to requested volume "v": requested PV is too small',
    ],
    [
      'refuses one of another class',
      [volume('v', { storageClassName: 'x' })],
      'pending: Warning VolumeMismatch Cannot bind to requested volume "v": storageClassName does not match',
    ],
    [
      'refuses a block device',
      [volume('v', { volumeMode: 'Block' })],
      'pending: Warning VolumeMismatch Cannot bind to requested volume "v": incompatible volumeMode',
    ],
    [
      'refuses other ways of access',
      [volume('v', { accessModes: ['ReadOnlyMany'] })],
      'pending: Warning VolumeMismatch Cannot bind to requested volume "v": incompatible accessMode',
    ],
    [
      'waits while another has it',
      [volume('v', { claimRef: { namespace: 'ns', name: 'other', uid: 'x' } })],
      'pending: Warning FailedBinding volume "v" already bound to a different claim.',
    ],
  ])('%s', (_, volumes, expected) => {
    expect(short(planClaim(named, view(volumes)))).toBe(expected);
  });
});

describe('a bound claim', () => {
  const bound = claim({ volumeName: 'v' }, { 'pv.kubernetes.io/bind-completed': 'yes' });
  const own = { namespace: 'ns', name: 'c', uid: 'claim-uid' };
  it.each<[string, api.PersistentVolume[], string]>([
    ['stays so', [volume('v', { claimRef: own })], 'bind v'],
    [
      'is lost without its volume',
      [],
      'lost: Warning ClaimLost Bound claim has lost its PersistentVolume. Data on the volume is lost!',
    ],
    [
      'is lost when its volume is bound to another',
      [volume('v', { claimRef: { ...own, uid: 'x' } })],
      'lost: Warning ClaimMisbound Two claims are bound to the same volume, this one is bound incorrectly',
    ],
  ])('%s', (_, volumes, expected) => {
    expect(short(planClaim(bound, view(volumes)))).toBe(expected);
  });
});
