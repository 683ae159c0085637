/** A Job's own rules about failures and success: podFailurePolicy and successPolicy. Pure decisions. */
import type * as api from '#common/schema/generated/types.ts';
import type { IndexSet } from './indexSet.ts';
import { IndexSet as Indexes } from './indexSet.ts';

export interface FailureVerdict {
  /** The failure counts towards the back-off limit. */
  readonly counts: boolean;
  readonly action?: string;
  /** Why the whole Job fails, for the action FailJob. */
  readonly failJob?: string;
}

/** What the first rule that matches the failed pod says; without one the failure counts. */
export function judgeFailure(policy: api.PodFailurePolicy | undefined, pod: api.Pod): FailureVerdict {
  for (const [i, rule] of (policy?.rules ?? []).entries()) {
    const reason = matchRule(rule, pod);
    if (reason === undefined) continue;
    const failJob = rule.action === 'FailJob' ? { failJob: `${reason} matching ${rule.action} rule at index ${i}` } : {};
    return { counts: rule.action !== 'Ignore', action: rule.action, ...failJob };
  }
  return { counts: true };
}

function matchRule(rule: api.PodFailurePolicyRule, pod: api.Pod): string | undefined {
  const { namespace, name } = pod.metadata;
  if (rule.onExitCodes) {
    const status = matchExitCodes(rule.onExitCodes, pod);
    return (
      status &&
      `Container ${status.name} for pod ${namespace}/${name} failed with exit code ${status.state?.terminated?.exitCode}`
    );
  }
  for (const { type, status } of rule.onPodConditions ?? []) {
    const found = pod.status?.conditions?.some((condition) => condition.type === type && condition.status === (status ?? 'True'));
    if (found) return `Pod ${namespace}/${name} has condition ${type}`;
  }
  return undefined;
}

function matchExitCodes(requirement: api.PodFailurePolicyOnExitCodesRequirement, pod: api.Pod): api.ContainerStatus | undefined {
  const statuses = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])];
  return statuses.find(({ name, state }) => {
    const exitCode = state?.terminated?.exitCode ?? 0;
    if (exitCode === 0 || (requirement.containerName !== undefined && requirement.containerName !== name)) return false;
    const listed = requirement.values.includes(exitCode);
    return requirement.operator === 'In' ? listed : !listed;
  });
}

/** Which success rule the succeeded indexes meet, in the words of the condition; undefined when none. */
export function judgeSuccess(
  policy: api.SuccessPolicy | undefined,
  completions: number,
  succeeded: IndexSet,
): string | undefined {
  if (succeeded.size === 0) return undefined;
  const at = (policy?.rules ?? []).findIndex(({ succeededIndexes, succeededCount }) => {
    if (succeededIndexes === undefined) return succeededCount !== undefined && succeeded.size >= succeededCount;
    const required = Indexes.parse(succeededIndexes, completions);
    const met = [...required].filter((index) => succeeded.has(index)).length;
    return met >= (succeededCount ?? required.size);
  });
  return at < 0 ? undefined : `Matched rules at index ${at}`;
}
