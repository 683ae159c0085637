/** CronJob (batch/v1): Jobs on a schedule. */
import { type FieldError, invalid, notSupported, required } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { dns1123SubdomainErrors, maskTrailingDash, maxLengthProblem } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn, since, textColumn } from './columns.ts';
import { formatLabelSelector } from './columnText.ts';
import { defineKind } from './defineKind.ts';
import { isNew } from './isNew.ts';
import { withDefaults, withField } from './podSpec/copyOnWrite.ts';
import { labelSelectorForm } from './podSpec/internalForm.ts';
import { ineffectivePodFields } from './podSpec/ineffectiveFields.ts';
import { podSpecReferences } from './podSpec/references.ts';
import { templateColumns } from './podSpec/templateColumns.ts';
import { workloadNameWarnings } from './podSpec/templateWarnings.ts';
import { notNegative } from './validation/values.ts';
import { parseCronSchedule } from './workloads/cronSchedule.ts';
import { defaultedJobTemplateSpec } from './workloads/jobDefaults.ts';
import { validateJobSpec } from './workloads/jobSpec.ts';
import { jobSpecWarnings } from './workloads/jobWarnings.ts';
import { keepStatus } from './workloads/strategies.ts';
import { isTimeZone } from './workloads/timeZone.ts';

const specPath = FieldPath.of('spec');
const specDefaults = { suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 };
const concurrencyPolicies = ['Allow', 'Forbid', 'Replace'];
/** Jobs are called after it, with eleven characters more. */
const maxName = 52;

function applyDefaults(object: api.CronJob): void {
  let spec = withDefaults(object.spec ?? ({} as api.CronJobSpec), specDefaults);
  if (!spec.concurrencyPolicy) spec = { ...spec, concurrencyPolicy: 'Allow' };
  const template = withDefaults(spec.jobTemplate ?? {}, { metadata: {} });
  const jobSpec = defaultedJobTemplateSpec(template.spec ?? ({} as api.JobSpec));
  object.spec = withField(spec, 'jobTemplate', withField(template, 'spec', jobSpec));
}

function validate(object: api.CronJob): FieldError[] {
  const errors: FieldError[] = [];
  const { spec, metadata } = object;
  if (spec) validateSpec(spec, errors);
  const name = metadata.name ?? '';
  if (isNew(object) && name.length > maxName) {
    errors.push(invalid(FieldPath.of('metadata', 'name'), name, maxLengthProblem(maxName)));
  }
  return errors;
}

function validateSpec(spec: api.CronJobSpec, errors: FieldError[]): void {
  validateSchedule(spec.schedule ?? '', specPath.child('schedule'), errors);
  errors.push(...notNegative(specPath.child('startingDeadlineSeconds'), spec.startingDeadlineSeconds));
  validateTimeZone(spec.timeZone, specPath.child('timeZone'), errors);
  const { concurrencyPolicy: policy = '' } = spec;
  if (!policy) errors.push(required(specPath.child('concurrencyPolicy')));
  else if (!concurrencyPolicies.includes(policy)) {
    errors.push(notSupported(specPath.child('concurrencyPolicy'), policy, concurrencyPolicies));
  }
  const jobSpec = spec.jobTemplate?.spec;
  if (jobSpec) validateJobTemplate(jobSpec, specPath.child('jobTemplate', 'spec'), errors);
  errors.push(...notNegative(specPath.child('successfulJobsHistoryLimit'), spec.successfulJobsHistoryLimit));
  errors.push(...notNegative(specPath.child('failedJobsHistoryLimit'), spec.failedJobsHistoryLimit));
}

function validateSchedule(schedule: string, path: FieldPath, errors: FieldError[]): void {
  if (!schedule) {
    errors.push(required(path));
    return;
  }
  if (schedule.includes('TZ')) {
    errors.push(invalid(path, schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'));
    return;
  }
  const parsed = parseCronSchedule(schedule);
  if (parsed.type === 'problem') errors.push(invalid(path, schedule, parsed.problem));
}

function validateTimeZone(zone: string | undefined, path: FieldPath, errors: FieldError[]): void {
  if (zone == null) return;
  if (zone === '') {
    errors.push(invalid(path, zone, 'timeZone must be nil or non-empty string'));
    return;
  }
  // Go's name for the zone of the machine.
  const local = zone.toLowerCase() === 'local';
  if (local) {
    errors.push(invalid(path, zone, 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones'));
  }
  if (zone !== 'Local' && (local || !isTimeZone(zone))) errors.push(invalid(path, zone, `unknown time zone ${zone}`));
}

/** Selectors are the Jobs' own business. */
function validateJobTemplate(spec: api.JobSpec, path: FieldPath, errors: FieldError[]): void {
  validateJobSpec(spec, path, errors);
  if (spec.selector) {
    errors.push(invalid(path.child('selector'), labelSelectorForm(spec.selector), '`selector` will be auto-generated'));
  }
  if (spec.manualSelector) errors.push(notSupported(path.child('manualSelector'), true, ['nil', 'false']));
}

export const CronJob = defineKind<api.CronJob>({
  group: 'batch',
  version: 'v1',
  kind: 'CronJob',
  plural: 'cronjobs',
  shortNames: ['cj'],
  categories: ['all'],
  namespaced: true,
  subresources: { status: true },
  applyDefaults,
  prepareForCreate(object) {
    object.status = {};
  },
  prepareForUpdate: keepStatus,
  validate,
  validateName: (name, prefix) => dns1123SubdomainErrors(prefix ? maskTrailingDash(name) : name),
  warnings: (object, old) => [
    ...(old ? [] : workloadNameWarnings(object.metadata.name)),
    ...jobSpecWarnings(object.spec?.jobTemplate?.spec, old?.spec?.jobTemplate?.spec, 'spec.jobTemplate.spec'),
  ],
  columns: [
    nameColumn,
    textColumn('Schedule', (object) => object.spec?.schedule ?? ''),
    textColumn('Timezone', (object) => object.spec?.timeZone ?? '<none>'),
    { name: 'Suspend', type: 'boolean', cell: (object) => (object.spec?.suspend ? 'True' : 'False') },
    { name: 'Active', type: 'integer', cell: (object) => object.status?.active?.length ?? 0 },
    {
      name: 'Last Schedule',
      type: 'string',
      cell: ({ status }, now) => (status?.lastScheduleTime ? since(status.lastScheduleTime, now) : '<none>'),
    },
    ageColumn,
    ...templateColumns<api.CronJob>(
      (object) => object.spec?.jobTemplate?.spec?.template,
      (object) => formatLabelSelector(object.spec?.jobTemplate?.spec?.selector),
    ),
  ],
  ineffectiveFields: ineffectivePodFields('spec.jobTemplate.spec.template.spec'),
  references: podSpecReferences('spec.jobTemplate.spec.template.spec'),
});
