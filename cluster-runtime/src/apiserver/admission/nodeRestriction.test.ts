import { expect, it } from 'vitest';
import { Lease } from '#common/kinds/lease.ts';
import { Node } from '#common/kinds/node.ts';
import { Pod } from '#common/kinds/pod.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type { KubeObject } from '#common/api/meta.ts';
import type { AdmissionRequest, AdmissionState } from './admission.ts';
import { nodeRestriction } from './nodeRestriction.ts';

interface Asked {
  readonly operation: AdmissionRequest['operation'];
  readonly kind: KindDefinition;
  readonly name: string;
  readonly labels?: Record<string, string>;
  readonly old?: KubeObject;
  readonly subresource?: AdmissionRequest['subresource'];
}

/** What node `a` is told when it asks; undefined when it may. */
async function answer({ operation, kind, name, labels, old, subresource }: Asked): Promise<string | undefined> {
  const object = operation === 'DELETE' ? undefined : ({ metadata: { name, ...(labels ? { labels } : {}) } } as KubeObject);
  const user = { name: 'system:node:a', groups: ['system:nodes'] };
  const options = { user, fieldManager: 'kubelet', dryRun: false, fieldValidation: 'Ignore', warn: () => undefined } as const;
  const request: AdmissionRequest = { operation, kind, name, namespace: '', subresource, object, old, options };
  if (!nodeRestriction.handles(request)) return undefined;
  try {
    await nodeRestriction.validate?.(request, {} as AdmissionState);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const NodeKind = Node as unknown as KindDefinition;
const PodKind = Pod as unknown as KindDefinition;
const LeaseKind = Lease as unknown as KindDefinition;
const podOn = (node: string): KubeObject => ({ metadata: { name: 'p' }, spec: { nodeName: node } }) as unknown as KubeObject;

it.each<[string, Asked, string | undefined]>([
  ['registers itself', { operation: 'CREATE', kind: NodeKind, name: 'a', labels: { 'kubernetes.io/os': 'linux', disk: 'ssd', 'node.kubernetes.io/x': '1' } }, undefined],
  ['does not register others', { operation: 'CREATE', kind: NodeKind, name: 'b' }, 'nodes "b" is forbidden: node "a" is not allowed to create node "b"'],
  ['does not change others', { operation: 'UPDATE', kind: NodeKind, name: 'b', subresource: 'status' }, 'nodes "b" is forbidden: node "a" is not allowed to modify node "b"'],
  ['gives itself no role', { operation: 'CREATE', kind: NodeKind, name: 'a', labels: { 'node-role.kubernetes.io/x': '' } }, 'nodes "a" is forbidden: is not allowed to set the following labels: node-role.kubernetes.io/x'],
  ['leaves restricted labels as they are', { operation: 'UPDATE', kind: NodeKind, name: 'a', old: { metadata: { labels: { 'x.node-restriction.kubernetes.io/y': '1' } } } as unknown as KubeObject }, 'nodes "a" is forbidden: is not allowed to modify the following labels: x.node-restriction.kubernetes.io/y'],
  ['renews its own lease', { operation: 'UPDATE', kind: LeaseKind, name: 'a' }, undefined],
  ['renews no other lease', { operation: 'UPDATE', kind: LeaseKind, name: 'b' }, 'leases.coordination.k8s.io "b" is forbidden: can only access node lease with the same name as the requesting node'],
  ['reports of its pods', { operation: 'UPDATE', kind: PodKind, name: 'p', subresource: 'status', old: podOn('a') }, undefined],
  ['reports of no others', { operation: 'UPDATE', kind: PodKind, name: 'p', subresource: 'status', old: podOn('b') }, 'pods "p" is forbidden: node "a" can only update status for pods with spec.nodeName set to itself'],
  ['deletes no others', { operation: 'DELETE', kind: PodKind, name: 'p', old: podOn('b') }, 'pods "p" is forbidden: node "a" can only delete pods with spec.nodeName set to itself'],
])('a node %s', async (_, asked, message) => expect(await answer(asked)).toBe(message)); // prettier-ignore
