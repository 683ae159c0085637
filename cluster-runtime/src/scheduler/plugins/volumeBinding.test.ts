import { expect, it } from 'vitest';
import { Random } from '#common/base/random.ts';
import type * as api from '#common/schema/generated/types.ts';
import { decide } from '../cycle.ts';
import type { Lookups } from '../lookups.ts';
import { clusterOf, podOf, verdicts } from '../testClusters.ts';
import { allPlugins } from './allPlugins.ts';
import { nodeVolumeLimits } from './nodeVolumeLimits.ts';
import { volumeBinding } from './volumeBinding.ts';
import { volumeRestrictions } from './volumeRestrictions.ts';
import { volumeZone } from './volumeZone.ts';

const user = podOf({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }] });
const claim = (more: Partial<api.PersistentVolumeClaim> = {}, storageClassName = ''): api.PersistentVolumeClaim => ({
  metadata: { name: 'c', namespace: 'default', uid: 'c' },
  spec: { storageClassName, accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  ...more,
});
const bound = (accessMode = 'ReadWriteOnce'): api.PersistentVolumeClaim => ({
  metadata: { name: 'c', namespace: 'default', uid: 'c', annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } },
  spec: { volumeName: 'pv', accessModes: [accessMode] },
  status: { phase: 'Bound' },
});
const volume = (spec: Partial<api.PersistentVolumeSpec> = {}, labels = {}): api.PersistentVolume => ({
  metadata: { name: 'pv', labels },
  spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], storageClassName: 'wait', ...spec },
  status: { phase: 'Available' },
});
const waiting = (provisioner: string): api.StorageClass => ({
  metadata: { name: 'wait' },
  provisioner,
  volumeBindingMode: 'WaitForFirstConsumer',
});
const onNode = (name: string): api.VolumeNodeAffinity => ({
  required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [name] }] }] },
});
const two = { a: {}, b: {} };

it.each<[string, Partial<Lookups>, string]>([
  ['is missing', {}, 'persistentvolumeclaim "c" not found'],
  ['is not bound', { claim: () => claim() }, 'pod has unbound immediate PersistentVolumeClaims'],
  [
    'is being deleted',
    { claim: () => claim({ metadata: { name: 'c', deletionTimestamp: '2026-01-01T00:00:00Z' } }) },
    'persistentvolumeclaim "c" is being deleted',
  ],
  [
    'has lost its volume',
    { claim: () => claim({ status: { phase: 'Lost' }, spec: { volumeName: 'pv' } }) },
    'persistentvolumeclaim "c" bound to non-existent persistentvolume "pv"',
  ],
])('a pod whose claim %s goes nowhere', (_, lookups, text) => {
  const decision = decide(user, clusterOf(two, lookups), allPlugins, new Random(1));
  expect(decision).toMatchObject({ type: 'none', message: `0/2 nodes are available: ${text}. not found` });
});

const noVolume = "node(s) didn't find available persistent volumes to bind";
const wrongNode = "node(s) didn't match PersistentVolume's node affinity";
it.each<[string, Partial<Lookups>, Record<string, string>]>([
  [
    'a bound volume of one node',
    { claim: () => bound(), volume: () => volume({ nodeAffinity: onNode('b') }) },
    { a: wrongNode, b: 'ok' },
  ],
  [
    'a bound volume that is gone',
    { claim: () => bound() },
    Object.fromEntries(['a', 'b'].map((n) => [n, 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)'])),
  ],
  [
    'a claim that waits, without any volume',
    { claim: () => claim({}, 'wait'), storageClass: () => waiting('kubernetes.io/no-provisioner') },
    { a: noVolume, b: noVolume },
  ],
  [
    'a claim that waits, with a volume on one node',
    {
      claim: () => claim({}, 'wait'),
      storageClass: () => waiting('kubernetes.io/no-provisioner'),
      volumesOfClass: () => [volume({ nodeAffinity: onNode('a') })],
    },
    { a: 'ok', b: noVolume },
  ],
  [
    'a volume that is too small',
    {
      claim: () => claim({}, 'wait'),
      storageClass: () => waiting('kubernetes.io/no-provisioner'),
      volumesOfClass: () => [volume({ capacity: { storage: '1Mi' } })],
    },
    { a: noVolume, b: noVolume },
  ],
  [
    'a claim that will be provisioned',
    { claim: () => claim({}, 'wait'), storageClass: () => waiting('csi.example') },
    { a: 'ok', b: 'ok' },
  ],
  [
    'one that is being provisioned for a node',
    {
      claim: () => claim({ metadata: { name: 'c', annotations: { 'volume.kubernetes.io/selected-node': 'b' } } }, 'wait'),
      storageClass: () => waiting('csi.example'),
    },
    { a: noVolume, b: 'ok' },
  ],
])('%s', (_, lookups, expected) => expect(verdicts(volumeBinding, user, clusterOf(two, lookups))).toEqual(expected));

it('keeps a volume with a zone in its zone', () => {
  const lookups = { claim: () => bound(), volume: () => volume({}, { 'topology.kubernetes.io/zone': 'x__y' }) };
  const sketches = {
    x: { labels: { 'topology.kubernetes.io/zone': 'x' } },
    z: { labels: { 'topology.kubernetes.io/zone': 'z' } },
    none: {},
  };
  expect(verdicts(volumeZone, user, clusterOf(sketches, lookups))).toEqual({
    x: 'ok',
    z: 'node(s) had no available volume zone',
    none: 'ok',
  });
});

it('lets only one pod use a ReadWriteOncePod claim, wherever it runs', () => {
  const other = podOf({ volumes: user.spec?.volumes ?? [] });
  const cluster = clusterOf({ a: { running: [other] }, b: {} }, { claim: () => bound('ReadWriteOncePod') });
  const taken = 'node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode';
  expect(verdicts(volumeRestrictions, user, cluster)).toEqual({ a: taken, b: taken });
  cluster.unplace(other);
  expect(verdicts(volumeRestrictions, user, cluster)).toEqual({ a: 'ok', b: 'ok' });
});

it('attaches no more volumes than a node can have', () => {
  const other = podOf({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'other' } }] });
  const lookups: Partial<Lookups> = {
    claim: (_, name) => ({ ...bound(), spec: { volumeName: name } }),
    volume: (name) => volume({ csi: { driver: 'csi.example', volumeHandle: name } }),
    csiNode: (name) => ({
      metadata: { name },
      spec: { drivers: [{ name: 'csi.example', nodeID: name, allocatable: { count: 1 } }] },
    }),
  };
  expect(verdicts(nodeVolumeLimits, user, clusterOf({ a: { running: [other] }, b: {} }, lookups))).toEqual({
    a: 'node(s) exceed max volume count',
    b: 'ok',
  });
});
