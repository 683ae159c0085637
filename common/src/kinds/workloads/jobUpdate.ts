/** What may not change of a Job once it is there: nearly everything but how fast it runs. */
import { type FieldError, invalid } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import type * as api from '#common/schema/generated/types.ts';
import { internalForm, internalPodSpec, labelSelectorForm } from '../podSpec/internalForm.ts';
import { immutableText, sameValue } from '../validation/values.ts';

const specPath = FieldPath.of('spec');

/** How the value of a field is quoted. */
const quoted: Readonly<Record<string, (value: object) => unknown>> = {
  selector: labelSelectorForm,
  podFailurePolicy: (policy) => internalForm('PodFailurePolicy', policy),
  successPolicy: (policy) => internalForm('SuccessPolicy', policy),
};

export function validateJobUpdate(job: api.Job, old: api.Job): FieldError[] {
  const errors: FieldError[] = [];
  const [spec, oldSpec] = [job.spec, old.spec];
  if (!spec || !oldSpec || spec === oldSpec) return errors;
  const fixed = (field: keyof api.JobSpec): void => {
    if (sameValue(spec[field], oldSpec[field])) return;
    const value = spec[field] ?? null;
    const shown = value !== null && Object.hasOwn(quoted, field) ? quoted[field]?.(value as object) : value;
    errors.push(invalid(specPath.child(field), shown, immutableText));
  };
  checkCompletions(spec, oldSpec, errors);
  fixed('selector');
  checkTemplate(spec, oldSpec, isWaiting(old), errors);
  fixed('completionMode');
  fixed('podFailurePolicy');
  fixed('backoffLimitPerIndex');
  fixed('managedBy');
  fixed('successPolicy');
  return errors;
}

/** An indexed Job may grow and shrink when it runs all its indexes at once. */
function checkCompletions(spec: api.JobSpec, old: api.JobSpec, errors: FieldError[]): void {
  if (spec.completions === old.completions) return;
  const at = specPath.child('completions');
  const value = spec.completions ?? null;
  if (spec.completionMode !== 'Indexed' || spec.completions == null || old.completions == null) {
    errors.push(invalid(at, value, immutableText));
  } else if (spec.completions !== spec.parallelism) {
    errors.push(invalid(at, value, 'can only be modified in tandem with spec.parallelism'));
  }
}

const isWaiting = (job: api.Job): boolean => job.spec?.suspend === true && !job.status?.startTime;

/** While a suspended Job has not started, whoever queues it may still say where its pods are to run. */
function checkTemplate(spec: api.JobSpec, old: api.JobSpec, waiting: boolean, errors: FieldError[]): void {
  const [template, before] = [spec.template, old.template];
  if (template === before) return;
  if (!waiting) {
    if (sameValue(template, before)) return;
    const form = { ...template.metadata, Spec: internalPodSpec(template.spec ?? { containers: [] }) };
    errors.push(invalid(specPath.child('template'), form, immutableText));
    return;
  }
  const podSpec = template.spec ?? { containers: [] };
  const oldPodSpec = before.spec ?? { containers: [] };
  if (sameValue(withoutDirectives(podSpec), withoutDirectives(oldPodSpec))) return;
  errors.push(invalid(specPath.child('template', 'spec'), internalPodSpec(podSpec), immutableText));
}

function withoutDirectives(spec: api.PodSpec): object {
  const { nodeSelector: _1, tolerations: _2, schedulingGates: _3, affinity, ...rest } = spec;
  const { nodeAffinity: _4, ...otherAffinity } = affinity ?? {};
  const withoutResources = ({ resources: _, ...container }: api.Container): object => container;
  return {
    ...rest,
    affinity: otherAffinity,
    containers: rest.containers?.map(withoutResources),
    initContainers: rest.initContainers?.map(withoutResources),
  };
}
