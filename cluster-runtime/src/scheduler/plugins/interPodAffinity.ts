/**
 * Pods that want to be near others, or away from them. Required terms of the pod and the required anti-affinity of
 * pods that run decide which nodes it may have; preferred terms of both, and the required affinity of pods that run,
 * which is best.
 */
import type { Pod } from '#common/schema/generated/types.ts';
import { type AffinityTerm, affinityTermsOf } from '../affinityTerms.ts';
import type { ClusterModel } from '../clusterModel.ts';
import type { DomainCounts } from '../domainCounts.ts';
import type { NodeInfo } from '../nodeInfo.ts';
import { groupText, inGroup } from '../podGroup.ts';
import { highestScore, largest, type Plugin, type Rejection, smallest } from '../plugin.ts';

const noPartner: Rejection = { reasons: ["node(s) didn't match pod affinity rules"], unresolvable: true };
const unwanted: Rejection = { reasons: ["node(s) didn't match pod anti-affinity rules"], unresolvable: false };
const notWelcome: Rejection = {
  reasons: ["node(s) didn't satisfy existing pods anti-affinity rules"],
  unresolvable: false,
};
const noTerms: readonly AffinityTerm[] = [];

type Labels = Parameters<typeof inGroup>[2];

export const interPodAffinity: Plugin = {
  name: 'InterPodAffinity',
  weight: 2,
  planFilter(pod, cluster) {
    const terms = affinityTermsOf(pod);
    const wanted = terms?.requiredAffinity ?? noTerms;
    const avoided = terms?.requiredAntiAffinity ?? noTerms;
    const others = cluster.affinity.concerning(pod, 'keepsOff');
    if (wanted.length + avoided.length + others.length === 0) return undefined;

    const partners = wanted.map((term) => ({ key: term.topologyKey, found: countOf(cluster, wanted, term.topologyKey) }));
    // The first of pods that want to be together finds nobody: it may begin anywhere.
    const isFirst =
      partners.every(({ found }) => found.total === 0) &&
      wanted.every((term) => inGroup(pod, term, (ns) => cluster.lookups.namespaceLabels(ns)));
    const enemies = avoided.map((term) => ({ key: term.topologyKey, found: countOf(cluster, [term], term.topologyKey) }));

    const hasPartners = (node: NodeInfo): boolean => {
      for (const { key, found } of partners) {
        const domain = node.label(key);
        if (domain === undefined || (!isFirst && !found.counts.get(domain))) return false;
      }
      return true;
    };
    return {
      filter(node) {
        if (!hasPartners(node)) return noPartner;
        for (const { key, found } of enemies) if (found.counts.get(node.label(key) ?? '')) return unwanted;
        for (const { term, domains } of others) if (domains.has(node.label(term.topologyKey) ?? '')) return notWelcome;
        return undefined;
      },
    };
  },

  score(pod, nodes, cluster) {
    const preferred = affinityTermsOf(pod)?.preferred ?? noTerms;
    const others = cluster.affinity.concerning(pod, 'attracts');
    if (preferred.length + others.length === 0) return undefined;
    const pulls: { key: string; weight: number; domains: ReadonlyMap<string, number> }[] = [
      ...preferred.map((term) => ({
        key: term.topologyKey,
        weight: term.weight,
        domains: countOf(cluster, [term], term.topologyKey).counts,
      })),
      ...others.map(({ term, domains }) => ({ key: term.topologyKey, weight: 1, domains })),
    ];
    const sums = Float64Array.from(nodes, (node) => {
      let sum = 0;
      for (const { key, weight, domains } of pulls) {
        const domain = node.label(key);
        if (domain !== undefined) sum += weight * (domains.get(domain) ?? 0);
      }
      return sum;
    });
    const low = smallest(sums);
    const range = largest(sums) - low;
    return range === 0 ? undefined : sums.map((sum) => Math.floor((highestScore * (sum - low)) / range));
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
};

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
