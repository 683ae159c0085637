/** Which pods a Job that goes on creates or deletes: a pure decision. */
import type * as api from '#common/schema/generated/types.ts';
import { podsToDelete } from '../replicas/rankPods.ts';
import { type FailureRecord, finishTime, nextCreation } from './backoff.ts';
import { allFailuresOfIndex, indexOf, isIndexed, isSuspended, replacesOnlyFailed } from './jobPods.ts';
import { type JobView, limitsPerIndex } from './jobView.ts';

const atOnce = 500;

export interface JobPlan {
  readonly delete: readonly api.Pod[];
  /** One entry for each pod to create: its index, or undefined. */
  readonly create: readonly (number | undefined)[];
  /** When to look again because a failed pod may not be replaced before. */
  readonly nextCreation?: number;
}

export function planJob(view: JobView, record: FailureRecord, now: number): JobPlan {
  const { job, active } = view;
  if (isSuspended(job)) return { delete: active, create: [] };
  const wanted = wantedActive(view);
  const surplus = surplusPods(view, Math.max(0, active.length - wanted), now).slice(0, atOnce);
  // Deleting goes first; what is missing then is created by the next look.
  if (surplus.length > 0) return { delete: surplus, create: [] };

  const leaving = replacesOnlyFailed(job) ? view.terminating.length : 0;
  const missing = Math.min(wanted - leaving - active.length, atOnce);
  if (missing <= 0) return { delete: [], create: [] };
  if (!limitsPerIndex(job)) {
    const at = nextCreation(record);
    if (at > now) return { delete: [], create: [], nextCreation: at };
  }
  if (!isIndexed(job)) return { delete: [], create: Array.from({ length: missing }, () => undefined) };
  return planIndexes(view, missing, now);
}

function wantedActive({ job, succeeded, active }: JobView): number {
  const { completions, parallelism = 1 } = job.spec ?? {};
  if (completions === undefined) return succeeded > 0 ? active.length : parallelism;
  return Math.max(0, Math.min(completions - succeeded, parallelism));
}

/** Pods without an index that is asked for and second pods of an index always go, others as far as needed. */
function surplusPods({ job, active }: JobView, atLeast: number, now: number): readonly api.Pod[] {
  if (!isIndexed(job)) return atLeast > 0 ? podsToDelete(active, [], atLeast, now) : [];
  const kept = new Set<number>();
  const surplus: api.Pod[] = [];
  const left: api.Pod[] = [];
  for (const pod of [...podsToDelete(active, [], active.length, now)].reverse()) {
    const index = indexOf(job, pod);
    if (index === undefined || kept.has(index)) surplus.push(pod);
    else {
      kept.add(index);
      left.push(pod);
    }
  }
  return surplus.length < atLeast ? [...surplus, ...podsToDelete(left, [], atLeast - surplus.length, now)] : surplus;
}

function planIndexes(view: JobView, count: number, now: number): JobPlan {
  const { job } = view;
  const busy = new Set([...view.active, ...(replacesOnlyFailed(job) ? view.terminating : [])].map((pod) => indexOf(job, pod)));
  const create: number[] = [];
  let next: number | undefined;
  let considered = 0;
  for (let index = 0; index < (job.spec?.completions ?? 0) && considered < count; index++) {
    if (busy.has(index) || view.succeededIndexes.has(index) || view.failedIndexes.has(index)) continue;
    considered++;
    const failed = view.toReplace.get(index);
    const at = failed ? nextCreation({ failures: allFailuresOfIndex(failed) + 1, lastFailure: finishTime(failed) }) : 0;
    if (at <= now) create.push(index);
    else next = Math.min(next ?? at, at);
  }
  return { delete: [], create, ...(next === undefined ? {} : { nextCreation: next }) };
}
