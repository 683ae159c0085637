/** How a Deployment reads its ReplicaSets: which is the new one, how many pods they have, what their annotations say. */
import { deepEqual } from '#common/base/freeze.ts';
import { resolveIntOrPercent } from '#common/api/intOrString.ts';
import type * as api from '#common/schema/generated/types.ts';

export const hashLabel = 'pod-template-hash';
export const revisionAnnotation = 'deployment.kubernetes.io/revision';
export const revisionHistoryAnnotation = 'deployment.kubernetes.io/revision-history';
export const desiredReplicasAnnotation = 'deployment.kubernetes.io/desired-replicas';
export const maxReplicasAnnotation = 'deployment.kubernetes.io/max-replicas';

export const replicasOf = (object: api.ReplicaSet | api.Deployment): number => object.spec?.replicas ?? 1;

export const sum = (sets: readonly api.ReplicaSet[], of: (set: api.ReplicaSet) => number): number =>
  sets.reduce((total, set) => total + of(set), 0);

export const hasReplicas = (set: api.ReplicaSet): boolean => replicasOf(set) > 0;

/** Absent and malformed numbers are undefined. */
export function numberAnnotation(set: api.ReplicaSet, name: string): number | undefined {
  const { annotations } = set.metadata;
  const text = annotations && Object.hasOwn(annotations, name) ? annotations[name] : undefined;
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined;
}

export const revisionOf = (set: api.ReplicaSet): number => numberAnnotation(set, revisionAnnotation) ?? 0;

type Order = (a: api.ReplicaSet, b: api.ReplicaSet) => number;

const text = (a = '', b = ''): number => (a < b ? -1 : a > b ? 1 : 0);

export const byCreation: Order = (a, b) =>
  text(a.metadata.creationTimestamp, b.metadata.creationTimestamp) || text(a.metadata.name, b.metadata.name);

export const byRevision: Order = (a, b) => revisionOf(a) - revisionOf(b) || byCreation(a, b);
export const bySizeOlder: Order = (a, b) => replicasOf(b) - replicasOf(a) || byCreation(a, b);
export const bySizeNewer: Order = (a, b) => replicasOf(b) - replicasOf(a) || byCreation(b, a);

/** The oldest ReplicaSet that has the Deployment's template. */
export const findNewReplicaSet = (deployment: api.Deployment, sets: readonly api.ReplicaSet[]): api.ReplicaSet | undefined =>
  [...sets].sort(byCreation).find((set) => sameTemplate(deployment.spec?.template, set.spec?.template));

export function sameTemplate(a: api.PodTemplateSpec | undefined, b: api.PodTemplateSpec | undefined): boolean {
  return deepEqual(a?.spec, b?.spec) && deepEqual(comparable(a), comparable(b));
}

/** The template's metadata without the hash label; nothing and empty are the same. */
function comparable(template: api.PodTemplateSpec | undefined): unknown {
  const { labels, annotations, ...rest } = template?.metadata ?? {};
  const { [hashLabel]: _, ...own } = labels ?? {};
  return { labels: own, annotations: annotations ?? {}, ...rest };
}

export const isRollingUpdate = (deployment: api.Deployment): boolean => deployment.spec?.strategy?.type === 'RollingUpdate';

/** How far a rolling update may go above and below the replicas; at least one of them is above zero. */
export function surgeAndUnavailable(deployment: api.Deployment): { maxSurge: number; maxUnavailable: number } {
  const replicas = replicasOf(deployment);
  if (!isRollingUpdate(deployment)) return { maxSurge: 0, maxUnavailable: 0 };
  const { maxSurge, maxUnavailable } = deployment.spec?.strategy?.rollingUpdate ?? {};
  const surge = resolveIntOrPercent(maxSurge ?? 0, replicas, 'up') ?? 0;
  let unavailable = resolveIntOrPercent(maxUnavailable ?? 0, replicas, 'down') ?? 0;
  if (surge === 0 && unavailable === 0) unavailable = 1;
  return { maxSurge: surge, maxUnavailable: Math.min(unavailable, replicas) };
}

export const hasProgressDeadline = (deployment: api.Deployment): boolean =>
  deployment.spec?.progressDeadlineSeconds !== undefined && deployment.spec.progressDeadlineSeconds !== 2 ** 31 - 1;

/** The Deployment's ReplicaSets while one reconcile goes on. */
export interface Rollout {
  readonly deployment: api.Deployment;
  readonly newSet: api.ReplicaSet | undefined;
  readonly oldSets: readonly api.ReplicaSet[];
}

export const allSets = ({ newSet, oldSets }: Rollout): readonly api.ReplicaSet[] => (newSet ? [...oldSets, newSet] : oldSets);
