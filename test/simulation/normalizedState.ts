/**
 * What a cluster has come to, as text that two runs can be compared by: what must be the same whatever went wrong on
 * the way, without names that are drawn by chance, times, addresses and counts of what happened.
 */
import type { KubeObject } from '#common/api/meta.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { SimulatedCluster } from './simulatedCluster.ts';

const left = new Set(['Event', 'Lease', 'ControllerRevision', 'Node', 'CSINode', 'VolumeAttachment']);
const dropped = new Set([
  'annotations',
  'uid',
  'resourceVersion',
  'managedFields',
  'creationTimestamp',
  'generation',
  'observedGeneration',
  'clusterIP',
  'clusterIPs',
  'nodePort',
  'nodeName',
  'podIP',
  'podIPs',
  'hostIP',
  'hostIPs',
  'startTime',
  'completionTime',
  'startedAt',
  'finishedAt',
  'lastTransitionTime',
  'lastPhaseTransitionTime',
  'lastScaleTime',
  'lastUpdateTime',
  'lastProbeTime',
  'containerID',
  'restartCount',
  'failed',
  'message',
  'bootID',
  'address',
  'endpoints.kubernetes.io/last-change-trigger-time',
]);

export function normalizedState({ cache }: SimulatedCluster): string {
  const lines: string[] = [];
  for (const kind of cache.kinds()) {
    if (left.has(kind.kind)) continue;
    for (const object of cache.list(kind)) {
      // How often something had to be tried leaves ended pods behind; and where a pod is, and so whether the node that
      // goes takes it along, is the scheduler's choice.
      if (kind.kind === 'Pod' && isOfChance(object as api.Pod)) continue;
      lines.push(withoutUids(`${kind.kind} ${stableName(object)} ${textOf(object)}`));
    }
  }
  return lines.sort().join('\n');
}

/** A pod that has ended, or that nobody would make again. */
const isOfChance = ({ metadata, status }: api.Pod): boolean =>
  !metadata.ownerReferences || status?.phase === 'Succeeded' || status?.phase === 'Failed';

/** Generated names end in five letters by chance, but the part before says whose object it is. */
const stable = (name: string): string => name.replace(/-[bcdfghjklmnpqrstvwxz2456789]{5}$/, '-*');
const stableName = ({ metadata }: KubeObject): string =>
  metadata.generateName ? `${metadata.generateName}*` : stable(metadata.name ?? '');

const withoutUids = (text: string): string => text.replace(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, '*');

function textOf(object: KubeObject): string {
  return JSON.stringify(object, (key, value: unknown) => {
    if (dropped.has(key)) return undefined;
    if (key === 'name' && typeof value === 'string') return stable(value);
    // Whose pods endpoints are is compared with the pods themselves; here it counts how many.
    if ((key === 'addresses' || key === 'endpoints') && Array.isArray(value)) return value.length;
    if (key === 'volumes' || key === 'volumeMounts') return undefined;
    if (key === 'conditions' && Array.isArray(value)) return conditionsOf(value as { type: string; status: string }[]);
    return value;
  });
}

const conditionsOf = (conditions: readonly { type: string; status: string }[]): string[] =>
  conditions
    .map((condition) => (typeof condition === 'object' ? `${condition.type}=${condition.status}` : String(condition)))
    .sort();
