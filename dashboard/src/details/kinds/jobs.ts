/** What is told of Jobs and CronJobs: how far they are, when they end, what they start. */
import type * as api from '#common/schema/generated/types.ts';
import { code, facts, link, list, section, text, time } from '../blocks.ts';
import type { Describe } from '../describeContext.ts';
import { templateSections } from './pod.ts';

export const describeJob: Describe<api.Job> = (job, ctx) => {
  const { texts: t } = ctx;
  const { spec, status } = job;
  return [
    ...section(
      'facts',
      'Job',
      facts(
        [
          t.pods,
          text(
            `${status?.active ?? 0} ${t.active} (${status?.ready ?? 0} ${ctx.stateTexts.ready}) · ${status?.succeeded ?? 0} ${t.succeeded} · ${status?.failed ?? 0} ${t.failed}`,
          ),
        ],
        [t.completions, text(spec?.completions)],
        [t.parallelism, text(spec?.parallelism)],
        [t.completionMode, text(spec?.completionMode)],
        [t.completedIndexes, text(status?.completedIndexes)],
        [t.failedIndexes, text(status?.failedIndexes, 'bad')],
        [t.backoffLimit, text(spec?.backoffLimit)],
        [t.suspended, spec?.suspend ? text(t.yes, 'warning') : undefined],
        [t.deadline, spec?.activeDeadlineSeconds ? text(`${spec.activeDeadlineSeconds}s`) : undefined],
        [t.keptAfterEnd, spec?.ttlSecondsAfterFinished === undefined ? undefined : text(`${spec.ttlSecondsAfterFinished}s`)],
        [t.startTime, time(status?.startTime)],
        [t.completionTime, time(status?.completionTime)],
        [t.duration, text(durationText(status?.startTime, status?.completionTime))],
      ),
    ),
    ...templateSections(spec?.template, job.metadata.namespace ?? '', ctx),
  ];
};

function durationText(from: string | undefined, to: string | undefined): string | undefined {
  if (!from || !to) return undefined;
  const seconds = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));
  return seconds < 120 ? `${seconds}s` : `${Math.floor(seconds / 60)}m ${seconds % 60}s`;
}

export const describeCronJob: Describe<api.CronJob> = (cron, ctx) => {
  const { texts: t } = ctx;
  const { spec, status } = cron;
  const namespace = cron.metadata.namespace ?? '';
  return [
    ...section(
      'facts',
      'CronJob',
      facts(
        [t.schedule, code([spec?.schedule, spec?.timeZone].filter((part) => part).join('  '))],
        [t.suspended, text(spec?.suspend ? t.yes : t.no, spec?.suspend ? 'warning' : undefined)],
        [t.concurrency, text(spec?.concurrencyPolicy)],
        [t.startingDeadline, spec?.startingDeadlineSeconds ? text(`${spec.startingDeadlineSeconds}s`) : undefined],
        [
          t.keptJobs,
          text(`${spec?.successfulJobsHistoryLimit ?? 3} ${t.succeeded} · ${spec?.failedJobsHistoryLimit ?? 1} ${t.failed}`),
        ],
        [t.lastSchedule, time(status?.lastScheduleTime)],
        [t.lastSuccess, time(status?.lastSuccessfulTime)],
        [t.activeJobs, list((status?.active ?? []).map(({ name }) => link('batch/v1', 'Job', namespace, name)))],
      ),
    ),
    ...templateSections(spec?.jobTemplate?.spec?.template, namespace, ctx),
  ];
};
