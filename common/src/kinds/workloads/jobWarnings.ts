/** What the author of a Job or CronJob is told besides the answer. */
import type * as api from '#common/schema/generated/types.ts';
import { templateWarnings } from '../podSpec/templateWarnings.ts';

const tooManyToTrack =
  'In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to ' +
  'track completedIndexes when a big number of indexes fail';

/** `path` is the dotted path of the Job's spec. */
export function jobSpecWarnings(spec: api.JobSpec | undefined, old: api.JobSpec | undefined, path: string): string[] {
  if (!spec) return [];
  const huge = spec.completionMode === 'Indexed' && (spec.completions ?? 0) > 100_000 && (spec.parallelism ?? 0) > 10_000;
  return [...(huge ? [`${path}: ${tooManyToTrack}`] : []), ...templateWarnings(spec.template, old?.template, `${path}.template`)];
}
