/** Which pods an average is made of: those whose figures count, those that are too young, those that have none. */
import { parseTime } from '#common/api/time.ts';
import type * as api from '#common/schema/generated/types.ts';
import { conditionOf } from '../../controller/podState.ts';

/** The figure of one pod, in thousandths, and the time that it is an average over. */
export interface PodValue {
  readonly value: number;
  readonly at: number;
  readonly windowMs: number;
}

export interface PodGroups {
  /** How many pods' figures count. */
  readonly ready: number;
  readonly unready: readonly string[];
  readonly missing: readonly string[];
  readonly ignored: readonly string[];
}

/** For so long after a pod's start its processor use says more about the start than about the load. */
const startUpMs = 300_000;
/** A pod that stopped being ready later than this after its start has been ready before. */
const firstReadinessMs = 30_000;

export function groupPods(
  pods: readonly api.Pod[],
  values: ReadonlyMap<string, PodValue>,
  resource: string,
  now: number,
): PodGroups {
  const unready: string[] = [];
  const missing: string[] = [];
  const ignored: string[] = [];
  let ready = 0;
  for (const pod of pods) {
    const name = pod.metadata.name ?? '';
    const value = values.get(name);
    if (pod.metadata.deletionTimestamp || pod.status?.phase === 'Failed') ignored.push(name);
    else if (pod.status?.phase === 'Pending') unready.push(name);
    else if (!value) missing.push(name);
    else if (resource === 'cpu' && isStarting(pod, value, now)) unready.push(name);
    else ready++;
  }
  return { ready, unready, missing, ignored };
}

function isStarting(pod: api.Pod, value: PodValue, now: number): boolean {
  const condition = conditionOf(pod, 'Ready');
  const startedAt = parseTime(pod.status?.startTime);
  const changedAt = parseTime(condition?.lastTransitionTime) ?? 0;
  if (!condition || startedAt === undefined) return true;
  if (startedAt + startUpMs > now) return condition.status === 'False' || value.at < changedAt + value.windowMs;
  return condition.status === 'False' && startedAt + firstReadinessMs > changedAt;
}
