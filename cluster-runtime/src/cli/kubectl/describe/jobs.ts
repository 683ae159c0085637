import { humanDuration } from '#common/api/duration.ts';
import { parseTime } from '#common/api/time.ts';
import { formatLabelSelector } from '#common/kinds/columnText.ts';
import type { CronJob, Job } from '#common/schema/generated/types.ts';
import { annotationLines, controllerLine, eventLines, labelLines, timeText } from './common.ts';
import { type Describer, Page } from './describer.ts';
import { templateLines } from './podSpec.ts';

export const describeJob: Describer = async (ctx, object) => {
  const { metadata, spec, status } = object as unknown as Job;
  const page = new Page();
  page.line(0, `Name:\t${metadata.name ?? ''}`);
  page.line(0, `Namespace:\t${metadata.namespace ?? ''}`);
  if (spec?.selector) page.line(0, `Selector:\t${formatLabelSelector(spec.selector)}`);
  labelLines(page, 'Labels', metadata.labels);
  annotationLines(page, 'Annotations', metadata.annotations);
  controllerLine(page, object);
  page.line(0, `Parallelism:\t${spec?.parallelism ?? '<unset>'}`);
  page.line(0, `Completions:\t${spec?.completions ?? '<unset>'}`);
  if (spec?.completionMode) page.line(0, `Completion Mode:\t${spec.completionMode}`);
  if (spec?.suspend !== undefined) page.line(0, `Suspend:\t${spec.suspend}`);
  if (spec?.backoffLimit !== undefined) page.line(0, `Backoff Limit:\t${spec.backoffLimit}`);
  if (spec?.ttlSecondsAfterFinished !== undefined) page.line(0, `TTL Seconds After Finished:\t${spec.ttlSecondsAfterFinished}`);
  if (status?.startTime) page.line(0, `Start Time:\t${timeText(status.startTime)}`);
  if (status?.completionTime) page.line(0, `Completed At:\t${timeText(status.completionTime)}`);
  const [started, completed] = [parseTime(status?.startTime), parseTime(status?.completionTime)];
  if (started !== undefined && completed !== undefined) page.line(0, `Duration:\t${humanDuration(completed - started)}`);
  if (spec?.activeDeadlineSeconds !== undefined) page.line(0, `Active Deadline Seconds:\t${spec.activeDeadlineSeconds}s`);
  const { active = 0, ready, succeeded = 0, failed = 0 } = status ?? {};
  page.line(
    0,
    `Pods Statuses:\t${active} Active${ready === undefined ? '' : ` (${ready} Ready)`} / ${succeeded} Succeeded / ${failed} Failed`,
  );
  if (spec?.completionMode === 'Indexed') page.line(0, `Completed Indexes:\t${shortened(status?.completedIndexes)}`);
  if (status?.failedIndexes !== undefined) page.line(0, `Failed Indexes:\t${shortened(status.failedIndexes)}`);
  templateLines(page, spec?.template);
  await eventLines(ctx, page, object);
  return page.toString();
};

const longestIndexes = 50;
function shortened(indexes = ''): string {
  if (indexes === '') return '<none>';
  if (indexes.length <= longestIndexes) return indexes;
  return `${indexes.slice(0, indexes.lastIndexOf(',', longestIndexes) + 1)}...`;
}

export const describeCronJob: Describer = async (ctx, object) => {
  const { metadata, spec, status } = object as unknown as CronJob;
  const page = new Page();
  page.line(0, `Name:\t${metadata.name ?? ''}`);
  page.line(0, `Namespace:\t${metadata.namespace ?? ''}`);
  labelLines(page, 'Labels', metadata.labels);
  annotationLines(page, 'Annotations', metadata.annotations);
  page.line(0, `Schedule:\t${spec?.schedule ?? ''}`);
  if (spec?.timeZone) page.line(0, `Time Zone:\t${spec.timeZone}`);
  page.line(0, `Concurrency Policy:\t${spec?.concurrencyPolicy ?? ''}`);
  page.line(0, `Suspend:\t${spec?.suspend ? 'True' : 'False'}`);
  page.line(0, `Successful Job History Limit:\t${spec?.successfulJobsHistoryLimit ?? '<unset>'}`);
  page.line(0, `Failed Job History Limit:\t${spec?.failedJobsHistoryLimit ?? '<unset>'}`);
  page.line(
    0,
    `Starting Deadline Seconds:\t${spec?.startingDeadlineSeconds === undefined ? '<unset>' : `${spec.startingDeadlineSeconds}s`}`,
  );
  const job = spec?.jobTemplate.spec;
  page.line(0, `Selector:\t${job?.selector ? formatLabelSelector(job.selector) : '<unset>'}`);
  page.line(0, `Parallelism:\t${job?.parallelism ?? '<unset>'}`);
  page.line(0, `Completions:\t${job?.completions ?? '<unset>'}`);
  if (job?.activeDeadlineSeconds !== undefined) page.line(0, `Active Deadline Seconds:\t${job.activeDeadlineSeconds}s`);
  templateLines(page, job?.template);
  page.line(0, `Last Schedule Time:\t${status?.lastScheduleTime ? timeText(status.lastScheduleTime) : '<unset>'}`);
  page.line(0, `Active Jobs:\t${(status?.active ?? []).map(({ name = '' }) => name).join(', ') || '<none>'}`);
  await eventLines(ctx, page, object);
  return page.toString();
};
