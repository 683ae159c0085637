/** What a Job's spec gets when its author leaves it out. */
import type * as api from '#common/schema/generated/types.ts';
import { mapShared, withDefaults, withField, withZeroDefaults } from '../podSpec/copyOnWrite.ts';
import { defaultedPodTemplate } from '../podSpec/defaults.ts';

const flags = { completionMode: 'NonIndexed', suspend: false, manualSelector: false };
const maxInt32 = 2_147_483_647;

export function defaultedJobSpec(spec: api.JobSpec): api.JobSpec {
  const missing: Partial<api.JobSpec> = {
    ...flags,
    parallelism: 1,
    // With retries counted for each index, the whole may fail as often as it likes.
    backoffLimit: spec.backoffLimitPerIndex == null ? 6 : maxInt32,
    podReplacementPolicy: spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed',
  };
  if (spec.completions == null && spec.parallelism == null) missing.completions = 1;
  let out = withDefaults(spec, missing);
  if (out.podFailurePolicy?.rules) {
    const rules = mapShared(out.podFailurePolicy.rules, withConditionStatus);
    out = withField(out, 'podFailurePolicy', withField(out.podFailurePolicy, 'rules', rules));
  }
  return withField(out, 'template', defaultedPodTemplate(out.template));
}

const withConditionStatus = (rule: api.PodFailurePolicyRule): api.PodFailurePolicyRule =>
  rule.onPodConditions
    ? withField(
        rule,
        'onPodConditions',
        mapShared(rule.onPodConditions, (condition) => withZeroDefaults(condition, { status: 'True' })),
      )
    : rule;

/** A CronJob's template of Jobs gets the defaults of its pods only; the rest waits for the Jobs. */
export const defaultedJobTemplateSpec = (spec: api.JobSpec): api.JobSpec =>
  withField(spec, 'template', defaultedPodTemplate(spec.template));
