/**
 * The half of Pod Security that looks at namespaces: labels that mean nothing are refused, and who tightens what is
 * enforced hears of the pods there that would not be let in again. They stay.
 */
import { deepEqual } from '#common/base/freeze.ts';
import { fieldErrorBody } from '#common/api/fieldError.ts';
import { invalidObject } from '#common/api/status.ts';
import { Pod } from '#common/kinds/pod.ts';
import { levels, type PodPolicy } from '#common/kinds/podSecurity/check.ts';
import { policyText, reasonsText, violationsOf } from '#common/kinds/podSecurity/evaluate.ts';
import { type NamespacePolicy, namespacePolicy } from '#common/kinds/podSecurity/namespacePolicy.ts';
import type { Pod as PodObject } from '#common/schema/generated/types.ts';
import type { AdmissionPlugin } from './admission.ts';

/** More pods than this are not looked at. */
const maxPods = 3000;

export const podSecurityNamespaces: AdmissionPlugin = {
  name: 'PodSecurity',
  handles: ({ operation, kind, subresource }) =>
    (operation === 'CREATE' || operation === 'UPDATE') && kind.kind === 'Namespace' && kind.group === '' && !subresource,
  validate({ name, object, old, options }, state) {
    const wanted = namespacePolicy(object?.metadata.labels);
    const before = old && namespacePolicy(old.metadata.labels);
    // What was wrong before (labels can be written through /status) does not stop other changes.
    if (wanted.errors.length > 0 && !(before && deepEqual(problemsOf(wanted), problemsOf(before))))
      throw invalidObject('', 'Namespace', name, wanted.errors);
    if (!before || !tightens(wanted.enforce, before.enforce)) return;
    for (const text of existingViolations(name, state.list(Pod, name), wanted.enforce)) options.warn(text);
  },
};

const problemsOf = ({ errors }: NamespacePolicy): string[] =>
  errors.map((error) => `${error.path.toString()}: ${fieldErrorBody(error)}`);

/** Levels of two versions cannot be compared, so that another version counts as tighter. */
function tightens(wanted: PodPolicy, before: PodPolicy): boolean {
  if (wanted.level === 'privileged') return false;
  return wanted.version !== before.version || levels.indexOf(wanted.level) > levels.indexOf(before.level);
}

/** The warnings: a head, and a line for each set of reasons, under the first of its pods. */
export function existingViolations(namespace: string, pods: readonly PodObject[], policy: PodPolicy): string[] {
  const looked = pods.length > maxPods ? mostTelling(pods).slice(0, maxPods) : pods;
  const byReasons = new Map<string, string[]>();
  for (const pod of looked) {
    const violations = violationsOf(pod, policy);
    if (violations.length === 0) continue;
    const reasons = reasonsText(violations);
    const names = byReasons.get(reasons) ?? [];
    names.push(pod.metadata.name ?? '');
    byReasons.set(reasons, names);
  }
  const lines = Array.from(byReasons, ([reasons, names]) => `${summary(names)}: ${reasons}`).sort();
  const limit = `new PodSecurity enforce level only checked against the first ${looked.length} of ${pods.length} existing pods`;
  const head = `existing pods in namespace "${namespace}" violate the new PodSecurity enforce level "${policyText(policy)}"`;
  return [...(looked.length < pods.length ? [limit] : []), ...(lines.length > 0 ? [head, ...lines] : [])];
}

function summary(names: readonly string[]): string {
  const first = names.reduce((a, b) => (b < a ? b : a));
  if (names.length === 1) return first;
  return `${first} (and ${names.length - 1} other ${names.length === 2 ? 'pod' : 'pods'})`;
}

/** Pods of one controller are alike: the others come first, and one of each controller. */
function mostTelling(pods: readonly PodObject[]): PodObject[] {
  const controllers = new Set<string>();
  const alike = (pod: PodObject): boolean => {
    const uid = pod.metadata.ownerReferences?.find(({ controller }) => controller)?.uid;
    if (uid === undefined) return false;
    if (controllers.has(uid)) return true;
    controllers.add(uid);
    return false;
  };
  const later = new Set(pods.filter(alike));
  return [...pods.filter((pod) => !later.has(pod)), ...later];
}
