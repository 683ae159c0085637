/** A pod's affinity and anti-affinity terms, compiled once per pod: which other pods each means. */
import { type Labels, type Selector, selectorFromLabelSelector } from '#common/api/labelSelector.ts';
import type { Pod, PodAffinityTerm } from '#common/schema/generated/types.ts';
import type { PodGroup } from './podGroup.ts';
import { withLabelKeys } from './withLabelKeys.ts';

export interface AffinityTerm extends PodGroup {
  readonly topologyKey: string;
  /** What it adds to a node's score; 0 for required terms. */
  readonly weight: number;
}

export interface AffinityTerms {
  readonly requiredAffinity: readonly AffinityTerm[];
  readonly requiredAntiAffinity: readonly AffinityTerm[];
  /** Preferred terms, anti-affinity with negative weight. */
  readonly preferred: readonly AffinityTerm[];
}

export type NamespaceLabels = (namespace: string) => Labels | undefined;

interface Known {
  readonly namespace: string | undefined;
  readonly labels: Labels | undefined;
  readonly terms: AffinityTerms;
}
const cache = new WeakMap<object, Known>();

/** Undefined when the pod has none, which most have not. */
export function affinityTermsOf(pod: Pod): AffinityTerms | undefined {
  const { podAffinity, podAntiAffinity } = pod.spec?.affinity ?? {};
  if (!podAffinity && !podAntiAffinity) return undefined;
  const { namespace, labels } = pod.metadata;
  const key = podAffinity ?? podAntiAffinity ?? {};
  const known = cache.get(key);
  // Pods of one template may share their spec's parts; terms depend on the pod's own namespace and labels too.
  if (known && known.namespace === namespace && known.labels === labels) return known.terms;
  const required = (terms: readonly PodAffinityTerm[] | undefined): AffinityTerm[] =>
    (terms ?? []).map((term) => compile(term, pod, 0));
  const terms: AffinityTerms = {
    requiredAffinity: required(podAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
    requiredAntiAffinity: required(podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
    preferred: [
      ...(podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ weight, podAffinityTerm }) =>
        compile(podAffinityTerm, pod, weight),
      ),
      ...(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ weight, podAffinityTerm }) =>
        compile(podAffinityTerm, pod, -weight),
      ),
    ],
  };
  cache.set(key, { namespace, labels, terms });
  return terms;
}

function compile(term: PodAffinityTerm, pod: Pod, weight: number): AffinityTerm {
  const selector = selectorFromLabelSelector(withLabelKeys(term.labelSelector, pod, term.matchLabelKeys, term.mismatchLabelKeys));
  const namespaceSelector: Selector | undefined = term.namespaceSelector
    ? selectorFromLabelSelector(term.namespaceSelector)
    : undefined;
  const named = term.namespaces ?? [];
  const namespaces = named.length === 0 && !namespaceSelector ? [pod.metadata.namespace ?? ''] : named;
  return { topologyKey: term.topologyKey, weight, selector, namespaces, namespaceSelector };
}
