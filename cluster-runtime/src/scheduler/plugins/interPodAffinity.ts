/**
 * Pods that want to be near others, or away from them. Required terms of the pod and the required anti-affinity of
 * pods that run decide which nodes it may have; preferred terms of both, and the required affinity of pods that run,
 * which is best.
 */
import type { Pod } from '#common/schema/generated/types.ts';
import type { AffinityEntry } from '../affinityIndex.ts';
import { type AffinityTerm, affinityTermsOf } from '../affinityTerms.ts';
import type { ClusterModel } from '../clusterModel.ts';
import type { DomainCounts } from '../domainCounts.ts';
import type { NodeInfo } from '../nodeInfo.ts';
import { groupText, inGroup } from '../podGroup.ts';
import { highestScore, largest, type Plugin, type Rejection, smallest } from '../plugin.ts';
import { noDomain } from '../topology.ts';

const noPartner: Rejection = { reasons: ["node(s) didn't match pod affinity rules"], unresolvable: true };
const unwanted: Rejection = { reasons: ["node(s) didn't match pod anti-affinity rules"], unresolvable: false };
const notWelcome: Rejection = {
  reasons: ["node(s) didn't satisfy existing pods anti-affinity rules"],
  unresolvable: false,
};
const noTerms: readonly AffinityTerm[] = [];

type Labels = Parameters<typeof inGroup>[2];

export interface InterPodAffinityArgs {
  /** What a required affinity term of a running pod adds to the score of incoming pods that it means. */
  readonly hardPodAffinityWeight: number;
  /** Pods that prefer nothing themselves are not asked what others prefer. */
  readonly ignorePreferredTermsOfExistingPods: boolean;
}

export const defaultInterPodAffinityArgs: InterPodAffinityArgs = {
  hardPodAffinityWeight: 1,
  ignorePreferredTermsOfExistingPods: false,
};

export const createInterPodAffinity = (args: InterPodAffinityArgs = defaultInterPodAffinityArgs): Plugin => ({
  name: 'InterPodAffinity',
  weight: 2,
  planFilter(pod, cluster) {
    const terms = affinityTermsOf(pod);
    const wanted = terms?.requiredAffinity ?? noTerms;
    const avoided = terms?.requiredAntiAffinity ?? noTerms;
    const others = cluster.affinity.concerning(pod, 'keepsOff');
    if (wanted.length + avoided.length + others.length === 0) return undefined;

    const partners = wanted.map((term) => countOf(cluster, wanted, term.topologyKey));
    // The first of pods that want to be together finds nobody: it may begin anywhere.
    const isFirst =
      partners.every(({ total }) => total === 0) &&
      wanted.every((term) => inGroup(pod, term, (ns) => cluster.lookups.namespaceLabels(ns)));
    const enemies = avoided.map((term) => countOf(cluster, [term], term.topologyKey));
    const unfriendly = others.map(({ term, domains }) => ({ domains, domainOf: cluster.topology(term.topologyKey).domainOf }));
    return {
      filter({ index }) {
        for (const { domainOf, counts } of partners) {
          const domain = domainOf[index] ?? noDomain;
          if (domain === noDomain || (!isFirst && !counts[domain])) return noPartner;
        }
        for (const { domainOf, counts } of enemies) {
          const domain = domainOf[index] ?? noDomain;
          if (domain !== noDomain && counts[domain]) return unwanted;
        }
        for (const { domainOf, domains } of unfriendly) if (domains.has(domainOf[index] ?? noDomain)) return notWelcome;
        return undefined;
      },
    };
  },

  score(pod, nodes, cluster) {
    const preferred = affinityTermsOf(pod)?.preferred ?? noTerms;
    if (args.ignorePreferredTermsOfExistingPods && preferred.length === 0) return undefined;
    const others = cluster.affinity.concerning(pod, 'attracts');
    const needs = args.hardPodAffinityWeight > 0 ? cluster.affinity.concerning(pod, 'needs') : [];
    if (preferred.length + others.length + needs.length === 0) return undefined;
    const sums = new Float64Array(nodes.length);
    for (const term of preferred) {
      const { domainOf, counts, total } = countOf(cluster, [term], term.topologyKey);
      if (total > 0) addTo(sums, nodes, domainOf, (domain) => term.weight * (counts[domain] ?? 0));
    }
    const addAll = (entries: readonly AffinityEntry[], weight: number): void => {
      for (const { term, domains } of entries) {
        const { domainOf } = cluster.topology(term.topologyKey);
        addTo(sums, nodes, domainOf, (domain) => weight * (domains.get(domain) ?? 0));
      }
    };
    addAll(others, 1);
    addAll(needs, args.hardPodAffinityWeight);
    const low = smallest(sums);
    const range = largest(sums) - low;
    if (range === 0) return undefined;
    for (let i = 0; i < sums.length; i++) sums[i] = Math.floor((highestScore * ((sums[i] ?? 0) - low)) / range);
    return sums;
  },

  mayHelp(pod, change, cluster) {
    const labels: Labels = (ns) => cluster.lookups.namespaceLabels(ns);
    switch (change.type) {
      case 'node':
      case 'namespace':
        return true;
      case 'podPlaced':
        return wants(pod, change.pod, labels);
      case 'podGone':
        return avoids(pod, change.pod, labels) || avoids(change.pod, pod, labels);
      case 'podChanged':
        return wants(pod, change.pod, labels) || avoids(pod, change.old, labels) || avoids(change.old, pod, labels);
      default:
        return false;
    }
  },
});

export const interPodAffinity = createInterPodAffinity();

/** Adds to each node's sum what its domain brings. */
function addTo(sums: Float64Array, nodes: readonly NodeInfo[], domainOf: Int32Array, bring: (domain: number) => number): void {
  for (let i = 0; i < nodes.length; i++) {
    const domain = domainOf[(nodes[i] as NodeInfo).index] ?? noDomain;
    if (domain !== noDomain) sums[i] = (sums[i] ?? 0) + bring(domain);
  }
}

const wants = (pod: Pod, other: Pod, labels: Labels): boolean =>
  affinityTermsOf(pod)?.requiredAffinity.every((term) => inGroup(other, term, labels)) ?? false;

const avoids = (pod: Pod, other: Pod, labels: Labels): boolean =>
  affinityTermsOf(pod)?.requiredAntiAffinity.some((term) => inGroup(other, term, labels)) ?? false;

/** Pods that all of the terms mean, by domain. */
const countOf = (cluster: ClusterModel, groups: readonly AffinityTerm[], topologyKey: string): DomainCounts =>
  cluster.count({
    key: `affinity ${topologyKey} ${groups.map(groupText).join(' ')}`,
    topologyKey,
    groups,
    countsTerminating: true,
  });
