/**
 * The labels by which a Job finds its pods: its uid and its name, each under an old and a new key. They are made when the
 * Job is created, unless its author wants to choose the selector.
 */
import { type FieldError, invalid, required } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { labelSelectorProblem, selectorFromLabelSelector } from '#common/api/labelSelector.ts';
import type * as api from '#common/schema/generated/types.ts';
import { labelSelectorForm, sortedMap } from '../podSpec/internalForm.ts';

const uidLabel = 'batch.kubernetes.io/controller-uid';

/** In the order in which problems are told. */
const expectedLabels = ({ metadata: { uid = '', name = '' } }: api.Job): Record<string, string> => ({
  'controller-uid': uid,
  'job-name': name,
  [uidLabel]: uid,
  'batch.kubernetes.io/job-name': name,
});

/** Adds what is missing; what is there stays, for validation to judge. */
export function generateSelector(job: api.Job): void {
  const spec = job.spec;
  if (!spec || spec.manualSelector) return;
  const template = spec.template ?? {};
  const labels = { ...expectedLabels(job), ...template.metadata?.labels };
  const selector = spec.selector ?? {};
  const matchLabels = { [uidLabel]: job.metadata.uid ?? '', ...selector.matchLabels };
  job.spec = {
    ...spec,
    selector: { ...selector, matchLabels },
    template: { ...template, metadata: { ...template.metadata, labels } },
  };
}

/** A Job without labels of its own has those of its template. */
export function adoptTemplateLabels(job: api.Job): void {
  const labels = job.spec?.template?.metadata?.labels;
  if (!labels || Object.keys(job.metadata.labels ?? {}).length) return;
  job.metadata = { ...job.metadata, labels: { ...labels } };
}

export function validateGeneratedSelector(job: api.Job): FieldError[] {
  const errors: FieldError[] = [];
  const { spec } = job;
  if (!spec || spec.manualSelector || !spec.selector) return errors;
  const expected = expectedLabels(job);
  const labels = spec.template?.metadata?.labels ?? {};
  const path = FieldPath.of('spec', 'template', 'metadata', 'labels');
  for (const [key, value] of Object.entries(expected)) {
    if (!Object.hasOwn(labels, key)) errors.push(required(path.key(key), `must be '${value}'`));
    else if (labels[key] !== value) errors.push(invalid(path.key(key), sortedMap(labels), `must be '${value}'`));
  }
  const usable = labelSelectorProblem(spec.selector) === undefined;
  if (usable && !selectorFromLabelSelector(spec.selector).matches(expected)) {
    errors.push(invalid(FieldPath.of('spec', 'selector'), labelSelectorForm(spec.selector), '`selector` not auto-generated'));
  }
  return errors;
}
