import { expect, it } from 'vitest';
import type * as api from '#common/schema/generated/types.ts';
import { provisionedVolume, provisionProblem, type ProvisionRequest } from './provisionedVolume.ts';

const zone = 'topology.kubernetes.io/zone';
const node = (name: string, labels: Record<string, string>): api.Node => ({ metadata: { name, labels } });
const [east, west, nowhere] = [node('e', { [zone]: 'east' }), node('w', { [zone]: 'west' }), node('n', {})];
const claim: api.PersistentVolumeClaim = {
  metadata: { name: 'c', namespace: 'ns', uid: 'u' },
  spec: { accessModes: ['ReadWriteMany'], resources: { requests: { storage: '5Gi' } }, volumeMode: 'Filesystem' },
};
const make = (more: Partial<ProvisionRequest>, storageClass: Partial<api.StorageClass> = {}): api.PersistentVolume =>
  provisionedVolume({
    claim,
    storageClass: { metadata: { name: 'sc' }, provisioner: 'p', reclaimPolicy: 'Delete', ...storageClass },
    node: undefined,
    nodes: [east, west],
    choose: (count) => count - 1,
    ...more,
  });

it('is what the claim asks for, reserved for it, in the manner of its class', () => {
  expect(make({ nodes: [nowhere] }, { mountOptions: ['ro'], reclaimPolicy: 'Retain' })).toMatchObject({
    metadata: { name: 'pvc-u', annotations: { 'pv.kubernetes.io/provisioned-by': 'p' } },
    spec: {
      capacity: { storage: '5Gi' },
      accessModes: ['ReadWriteMany'],
      claimRef: { kind: 'PersistentVolumeClaim', namespace: 'ns', name: 'c', uid: 'u' },
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: 'sc',
      mountOptions: ['ro'],
    },
  });
});

const allowed = [{ matchLabelExpressions: [{ key: zone, values: ['west', 'north'] }] }];
it.each<[string, Partial<ProvisionRequest>, api.TopologySelectorTerm[] | undefined, [string, string] | undefined]>([
  ['nowhere in particular, where nodes have no zones', { nodes: [nowhere] }, undefined, undefined],
  ['in the zone of its first node', { node: east }, undefined, [zone, 'east']],
  ['in any zone, when no node is chosen', {}, undefined, [zone, 'west']],
  ['where its class allows', {}, allowed, [zone, 'north']],
  ['where its class allows and its node is', { node: west }, allowed, [zone, 'west']],
])('lies %s', (_, more, allowedTopologies, term) => {
  const terms = make(more, allowedTopologies ? { allowedTopologies } : {}).spec?.nodeAffinity?.required?.nodeSelectorTerms;
  expect(terms).toEqual(term && [{ matchExpressions: [{ key: term[0], operator: 'In', values: [term[1]] }] }]);
});

it('is not made from a selector or as a copy', () => {
  expect(provisionProblem(claim)).toBeUndefined();
  expect(provisionProblem({ ...claim, spec: { ...claim.spec, selector: {} } })).toBe('claim Selector is not supported');
  const snapshot = { kind: 'VolumeSnapshot', name: 's', apiGroup: 'snapshot.storage.k8s.io' };
  expect(provisionProblem({ ...claim, spec: { ...claim.spec, dataSource: snapshot } })).toContain('VolumeSnapshot "s"');
});
