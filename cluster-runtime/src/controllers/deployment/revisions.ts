/** The annotations that number a Deployment's templates: `revision` on both, `revision-history` on a ReplicaSet used again. */
import type * as api from '#common/schema/generated/types.ts';
import {
  desiredReplicasAnnotation,
  maxReplicasAnnotation,
  replicasOf,
  revisionAnnotation,
  revisionHistoryAnnotation,
  surgeAndUnavailable,
} from './replicaSets.ts';

type Annotations = Readonly<Record<string, string>>;

/** The longest revision-history, in characters; older entries give way. */
const historyLimit = 2000;

/** What a ReplicaSet does not take over from its Deployment. */
const own = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionAnnotation,
  revisionHistoryAnnotation,
  desiredReplicasAnnotation,
  maxReplicasAnnotation,
  'deprecated.deployment.rollback.to',
]);

const entriesOf = (annotations: Annotations | undefined): Map<string, string> => new Map(Object.entries(annotations ?? {}));

/** The annotations that the new ReplicaSet shall have at `revision`; its own revision never goes down. */
export function planAnnotations(deployment: api.Deployment, annotations: Annotations | undefined, revision: number): Annotations {
  const result = entriesOf(annotations);
  for (const [name, value] of Object.entries(deployment.metadata.annotations ?? {})) {
    if (!own.has(name)) result.set(name, value);
  }
  const old = result.get(revisionAnnotation);
  const oldNumber = old === undefined || old === '' ? 0 : /^\d+$/.test(old) ? Number(old) : undefined;
  if (oldNumber === undefined || oldNumber >= revision) return Object.fromEntries(result);
  result.set(revisionAnnotation, String(revision));
  if (old) {
    const history = planHistory(result.get(revisionHistoryAnnotation) ?? '', old);
    if (history !== undefined) result.set(revisionHistoryAnnotation, history);
  }
  return Object.fromEntries(result);
}

/** The history with one more revision; undefined when that does not fit. */
function planHistory(history: string, revision: string): string | undefined {
  if (history === '') return revision;
  const revisions = history.split(',');
  let length = history.length + revision.length + 1;
  while (length > historyLimit && revisions.length > 0) length -= (revisions.shift() ?? '').length + 1;
  return length <= historyLimit ? [...revisions, revision].join(',') : undefined;
}

/** The annotations by which a set's share is known when the Deployment is scaled in the middle of a rollout. */
export function withReplicaAnnotations(deployment: api.Deployment, annotations: Annotations | undefined): Annotations {
  const desired = replicasOf(deployment);
  return {
    ...annotations,
    [desiredReplicasAnnotation]: String(desired),
    [maxReplicasAnnotation]: String(desired + surgeAndUnavailable(deployment).maxSurge),
  };
}
