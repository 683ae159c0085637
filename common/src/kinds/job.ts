/** Job (batch/v1): pods that run until enough of them have succeeded. */
import { type FieldError, invalid, required } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { dns1123LabelErrors } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { humanDuration } from '#common/api/duration.ts';
import { ageColumn, nameColumn, since, textColumn } from './columns.ts';
import { formatLabelSelector } from './columnText.ts';
import { defineKind } from './defineKind.ts';
import { ineffectivePodFields } from './podSpec/ineffectiveFields.ts';
import { podSpecReferences } from './podSpec/references.ts';
import { templateColumns } from './podSpec/templateColumns.ts';
import { workloadNameWarnings } from './podSpec/templateWarnings.ts';
import { validateLabelSelector } from './validation/labelSelector.ts';
import { defaultedJobSpec } from './workloads/jobDefaults.ts';
import { adoptTemplateLabels, generateSelector, validateGeneratedSelector } from './workloads/jobLabels.ts';
import { validateJobSpec } from './workloads/jobSpec.ts';
import { validateJobStatusUpdate } from './workloads/jobStatus.ts';
import { validateJobUpdate } from './workloads/jobUpdate.ts';
import { jobSpecWarnings } from './workloads/jobWarnings.ts';
import { checkTemplateLabels } from './workloads/podTemplateRules.ts';
import { keepStatus } from './workloads/strategies.ts';

const specPath = FieldPath.of('spec');

function validate(job: api.Job): FieldError[] {
  const errors = validateGeneratedSelector(job);
  const { spec } = job;
  if (!spec) return errors;
  validateWholeSpec(spec, errors);
  if (spec.completionMode === 'Indexed' && (spec.completions ?? 0) > 0) checkPodNames(job, spec.completions ?? 0, errors);
  return errors;
}

function validateWholeSpec(spec: api.JobSpec, errors: FieldError[]): void {
  validateJobSpec(spec, specPath, errors);
  const selectorPath = specPath.child('selector');
  if (!spec.selector) errors.push(required(selectorPath));
  else validateLabelSelector(spec.selector, selectorPath, errors);
  checkTemplateLabels(spec.selector, spec.template, specPath.child('template'), errors);
}

/** The pods of an indexed Job have its name and their index as host name. */
function checkPodNames({ metadata: { name = '' } }: api.Job, completions: number, errors: FieldError[]): void {
  const longest = `${name}-${completions - 1}`;
  if (!dns1123LabelErrors(longest).length) return;
  const text = `will not able to create pod with invalid DNS label: ${longest}`;
  errors.push(invalid(FieldPath.of('metadata', 'name'), name, text));
}

function statusText({ metadata, status }: api.Job): string {
  const isTrue = (type: string): boolean => status?.conditions?.some((c) => c.type === type && c.status === 'True') ?? false;
  if (isTrue('Complete')) return 'Complete';
  if (isTrue('Failed')) return 'Failed';
  if (metadata.deletionTimestamp) return 'Terminating';
  for (const type of ['Suspended', 'FailureTarget', 'SuccessCriteriaMet']) if (isTrue(type)) return type;
  return 'Running';
}

function completionsText({ spec, status }: api.Job): string {
  const done = status?.succeeded ?? 0;
  if (spec?.completions != null) return `${done}/${spec.completions}`;
  const parallelism = spec?.parallelism ?? 0;
  return parallelism > 1 ? `${done}/1 of ${parallelism}` : `${done}/1`;
}

function durationText({ status }: api.Job, now: number): string {
  if (!status?.startTime) return '';
  if (!status.completionTime) return since(status.startTime, now);
  return humanDuration(Date.parse(status.completionTime) - Date.parse(status.startTime));
}

export const Job = defineKind<api.Job>({
  group: 'batch',
  version: 'v1',
  kind: 'Job',
  plural: 'jobs',
  categories: ['all'],
  namespaced: true,
  subresources: { status: true },
  applyDefaults(job) {
    job.spec = defaultedJobSpec(job.spec ?? ({} as api.JobSpec));
    adoptTemplateLabels(job);
  },
  prepareForCreate(job) {
    job.status = {};
    // Labels that were the template's are to have what is generated, too.
    const shared = job.metadata.labels;
    const own = shared && sameLabels(shared, job.spec?.template?.metadata?.labels);
    generateSelector(job);
    if (own) job.metadata = { ...job.metadata, labels: {} };
    adoptTemplateLabels(job);
  },
  prepareForUpdate: keepStatus,
  validate,
  validateUpdate(job, old) {
    // Kubernetes validates the spec of an update twice.
    const errors: FieldError[] = [];
    if (job.spec && job.spec !== old.spec) validateWholeSpec(job.spec, errors);
    return [...errors, ...validateJobUpdate(job, old)];
  },
  validateStatusUpdate: validateJobStatusUpdate,
  warnings: (job, old) => [
    ...(old ? [] : workloadNameWarnings(job.metadata.name)),
    ...jobSpecWarnings(job.spec, old?.spec, 'spec'),
  ],
  defaultPropagation: 'orphan',
  deleteWarning:
    'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning',
  selectableFields: (job) => ({ 'status.successful': String(job.status?.succeeded ?? 0) }),
  selectableFieldNames: ['status.successful'],
  columns: [
    nameColumn,
    textColumn('Status', statusText),
    textColumn('Completions', completionsText),
    { name: 'Duration', type: 'string', cell: durationText },
    ageColumn,
    ...templateColumns<api.Job>(
      (job) => job.spec?.template,
      (job) => formatLabelSelector(job.spec?.selector),
    ),
  ],
  ineffectiveFields: ineffectivePodFields('spec.template.spec'),
  references: [
    { type: 'selector', path: 'spec.selector', form: 'labelSelector', to: { group: '', kind: 'Pod' } },
    ...podSpecReferences('spec.template.spec'),
  ],
});

const sameLabels = (a: Record<string, string>, b: Record<string, string> | undefined): boolean =>
  b !== undefined && Object.keys(a).length === Object.keys(b).length && Object.keys(a).every((key) => a[key] === b[key]);
