/**
 * The words of Kubernetes' documentation about selectors, quantities, tolerations and requests, read a second time and as
 * plainly as possible: nothing is indexed or kept, and nothing is shared with the cluster's own code.
 */
import type * as api from '#common/schema/generated/types.ts';

type Labels = Readonly<Record<string, string>>;

export interface Machine {
  readonly node: api.Node;
  readonly pods: readonly api.Pod[];
}

/** All there is to know. */
export interface World {
  readonly machines: readonly Machine[];
  readonly namespaceLabels: Readonly<Record<string, Labels>>;
  readonly services: readonly { readonly namespace: string; readonly selector: Labels }[];
}

const units: Record<string, number> = { m: 0.001, '': 1, Mi: 2 ** 20, Gi: 2 ** 30 };

export function amount(text: string | undefined): number {
  const [, number = '0', unit = ''] = /^(\d+)(\w*)$/.exec(text ?? '0') ?? [];
  return Number(number) * (units[unit] ?? NaN);
}

export function selects(selector: api.LabelSelector | undefined, labels: Labels): boolean {
  if (!selector) return false;
  const equal = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  const expressions = (selector.matchExpressions ?? []).every(({ key, operator, values }) => {
    const has = key in labels;
    switch (operator) {
      case 'In':
        return has && (values ?? []).includes(labels[key] ?? '');
      case 'NotIn':
        return !has || !(values ?? []).includes(labels[key] ?? '');
      case 'Exists':
        return has;
      default:
        return !has;
    }
  });
  return equal && expressions;
}

/** The value that the pod itself has under each key must be the other's too, or must not. */
export const sameLabels = (keys: readonly string[] | undefined, pod: api.Pod, other: api.Pod, same: boolean): boolean =>
  (keys ?? []).every((key) => {
    const own = pod.metadata.labels?.[key];
    return own === undefined || (other.metadata.labels?.[key] === own) === same;
  });

export function nodeMatches(term: api.NodeSelectorTerm, { metadata }: api.Node): boolean {
  const { matchExpressions = [], matchFields = [] } = term;
  if (matchExpressions.length + matchFields.length === 0) return false;
  const test = ({ operator, values = [] }: api.NodeSelectorRequirement, value: string | undefined): boolean => {
    if (operator === 'Exists') return value !== undefined;
    if (operator === 'DoesNotExist') return value === undefined;
    if (operator === 'In') return value !== undefined && values.includes(value);
    if (operator === 'NotIn') return value === undefined || !values.includes(value);
    if (value === undefined || !/^\d+$/.test(value)) return false;
    return operator === 'Gt' ? Number(value) > Number(values[0]) : Number(value) < Number(values[0]);
  };
  return matchExpressions.every((r) => test(r, metadata.labels?.[r.key])) && matchFields.every((r) => test(r, metadata.name));
}

export function wantsNode({ spec }: api.Pod, node: api.Node): boolean {
  const required = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return (
    Object.entries(spec?.nodeSelector ?? {}).every(([key, value]) => node.metadata.labels?.[key] === value) &&
    (!required || required.nodeSelectorTerms.some((term) => nodeMatches(term, node)))
  );
}

export const tolerates = ({ spec }: api.Pod, taint: api.Taint): boolean =>
  (spec?.tolerations ?? []).some(
    ({ key, operator = 'Equal', value = '', effect }) =>
      (effect === undefined || effect === taint.effect) &&
      (key === undefined || key === taint.key) &&
      (operator === 'Exists' || value === (taint.value ?? '')),
  );

export const keepsOff = ({ effect }: api.Taint): boolean => effect === 'NoSchedule' || effect === 'NoExecute';

/** What the pod asks for of a resource; `least` is what a container counts as that does not say. */
export function asks({ spec }: api.Pod, resource: string, least = 0): number {
  const of = ({ resources }: api.Container): number => {
    const said = resources?.requests?.[resource];
    return said === undefined ? least : amount(said);
  };
  const isSidecar = ({ restartPolicy }: api.Container): boolean => restartPolicy === 'Always';
  const inits = spec?.initContainers ?? [];
  const sidecars = inits.filter(isSidecar).reduce((sum, c) => sum + of(c), 0);
  const together = (spec?.containers ?? []).reduce((sum, c) => sum + of(c), 0) + sidecars;
  // While an init container runs, so do the sidecars that were started before it.
  const starting = inits.map(
    (c, i) =>
      of(c) +
      inits
        .slice(0, i)
        .filter(isSidecar)
        .reduce((sum, s) => sum + of(s), 0),
  );
  const atPodLevel = spec?.resources?.requests?.[resource];
  return (atPodLevel === undefined ? Math.max(together, ...starting) : amount(atPodLevel)) + amount(spec?.overhead?.[resource]);
}

export const asksTogether = (pods: readonly api.Pod[], resource: string, least = 0): number =>
  pods.reduce((sum, pod) => sum + asks(pod, resource, least), 0);

/** Whether the term of `owner` is about `other`. */
export function isAbout(term: api.PodAffinityTerm, owner: api.Pod, other: api.Pod, world: World): boolean {
  const namespace = other.metadata.namespace ?? '';
  const { namespaces = [], namespaceSelector } = term;
  const inNamespace =
    namespaces.length === 0 && !namespaceSelector
      ? namespace === owner.metadata.namespace
      : namespaces.includes(namespace) || selects(namespaceSelector, world.namespaceLabels[namespace] ?? {});
  return (
    inNamespace &&
    selects(term.labelSelector, other.metadata.labels ?? {}) &&
    sameLabels(term.matchLabelKeys, owner, other, true) &&
    sameLabels(term.mismatchLabelKeys, owner, other, false)
  );
}

export const domain = ({ node }: Machine, key: string): string | undefined => node.metadata.labels?.[key];

/** On machines of the same domain; those without the label are in none. */
export const together = (a: Machine, b: Machine, key: string): boolean =>
  domain(a, key) !== undefined && domain(a, key) === domain(b, key);

/** Whether the constraint of `pod` counts `other`. */
export const isCounted = (constraint: api.TopologySpreadConstraint, pod: api.Pod, other: api.Pod): boolean =>
  other.metadata.namespace === pod.metadata.namespace &&
  !other.metadata.deletionTimestamp &&
  selects(constraint.labelSelector, other.metadata.labels ?? {}) &&
  sameLabels(constraint.matchLabelKeys, pod, other, true);

/** Whether the machine is one of those that the constraint looks at. */
export const isLookedAt = (constraint: api.TopologySpreadConstraint, pod: api.Pod, { node }: Machine): boolean =>
  (constraint.nodeAffinityPolicy === 'Ignore' || wantsNode(pod, node)) &&
  (constraint.nodeTaintsPolicy !== 'Honor' || (node.spec?.taints ?? []).filter(keepsOff).every((taint) => tolerates(pod, taint)));
