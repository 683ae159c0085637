/** A pod's first state, and what its updates leave as it was. Everything here builds new parts; what was given is not changed. */
import type * as api from '#common/schema/generated/types.ts';
import { mapShared, withField } from '../podSpec/copyOnWrite.ts';
import { withoutDisabledFields } from '../podSpec/disabledFields.ts';
import { qosClassOf } from '../podSpec/qosClass.ts';
import { withAppArmorProfiles } from './appArmorAnnotations.ts';

export function preparePodForCreate(pod: api.Pod): void {
  let spec = withoutDisabledFields(pod.spec ?? { containers: [] });
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) spec = { ...spec, terminationGracePeriodSeconds: 1 };
  if (pod.metadata.annotations) spec = withAppArmorProfiles(spec, pod.metadata.annotations);
  if (pod.metadata.labels) spec = withLabelKeys(spec, pod.metadata.labels);
  pod.spec = spec;
  pod.status = { phase: 'Pending', qosClass: qosClassOf(spec) };
  if (spec.schedulingGates?.length) pod.status.conditions = [gatedCondition(pod.metadata.creationTimestamp)];
}

/** The API server itself says why nobody schedules a gated pod. */
const gatedCondition = (now: string | undefined): api.PodCondition => ({
  type: 'PodScheduled',
  status: 'False',
  reason: 'SchedulingGated',
  message: 'Scheduling is blocked due to non-empty scheduling gates',
  lastProbeTime: null as never,
  ...(now === undefined ? {} : { lastTransitionTime: now }),
});

type LabelKeys = Pick<api.PodAffinityTerm, 'labelSelector' | 'matchLabelKeys' | 'mismatchLabelKeys'>;

/** Where a rule takes values from the pod's own labels, they become part of its selector. */
function withLabelKeys(spec: api.PodSpec, labels: Record<string, string>): api.PodSpec {
  let out = spec;
  if (out.affinity) out = withField(out, 'affinity', affinityWithKeys(out.affinity, labels));
  if (out.topologySpreadConstraints) {
    const constraints = mapShared(out.topologySpreadConstraints, (constraint) => ruleWithKeys(constraint, labels));
    out = withField(out, 'topologySpreadConstraints', constraints);
  }
  return out;
}

function affinityWithKeys(affinity: api.Affinity, labels: Record<string, string>): api.Affinity {
  let out = affinity;
  for (const field of ['podAffinity', 'podAntiAffinity'] as const) {
    let rules = out[field];
    if (!rules) continue;
    const required = rules.requiredDuringSchedulingIgnoredDuringExecution;
    const preferred = rules.preferredDuringSchedulingIgnoredDuringExecution;
    if (required) {
      const changed = mapShared(required, (term) => ruleWithKeys(term, labels));
      rules = withField(rules, 'requiredDuringSchedulingIgnoredDuringExecution', changed);
    }
    if (preferred) {
      const changed = mapShared(preferred, (term) =>
        term.podAffinityTerm ? withField(term, 'podAffinityTerm', ruleWithKeys(term.podAffinityTerm, labels)) : term,
      );
      rules = withField(rules, 'preferredDuringSchedulingIgnoredDuringExecution', changed);
    }
    out = withField(out, field, rules);
  }
  return out;
}

function ruleWithKeys<T extends LabelKeys>(rule: T, labels: Record<string, string>): T {
  if (!rule.labelSelector || (!rule.matchLabelKeys?.length && !rule.mismatchLabelKeys?.length)) return rule;
  const added = [...requirements(rule.matchLabelKeys, 'In', labels), ...requirements(rule.mismatchLabelKeys, 'NotIn', labels)];
  if (!added.length) return rule;
  const matchExpressions = [...(rule.labelSelector.matchExpressions ?? []), ...added];
  return { ...rule, labelSelector: { ...rule.labelSelector, matchExpressions } };
}

const requirements = (
  keys: readonly string[] | undefined,
  operator: string,
  labels: Record<string, string>,
): api.LabelSelectorRequirement[] =>
  (keys ?? []).filter((key) => Object.hasOwn(labels, key)).map((key) => ({ key, operator, values: [labels[key] ?? ''] }));

export function preparePodForUpdate(pod: api.Pod, old: api.Pod): void {
  if (pod.spec) pod.spec = withoutDisabledFields(pod.spec);
  setStatus(pod, old.status);
}

/** A status update may change the metadata too, but not whose pod it is. */
export function preparePodForStatusUpdate(pod: api.Pod, old: api.Pod): void {
  if (old.spec) pod.spec = old.spec;
  const { ownerReferences: _, ...metadata } = pod.metadata;
  pod.metadata = old.metadata.ownerReferences ? { ...metadata, ownerReferences: old.metadata.ownerReferences } : metadata;
  const qosClass = old.status?.qosClass;
  if (qosClass && !pod.status?.qosClass) pod.status = { ...pod.status, qosClass };
}

function setStatus(pod: api.Pod, status: api.PodStatus | undefined): void {
  if (status) pod.status = status;
  else delete pod.status;
}
