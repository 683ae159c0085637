import type { Node, NodeAffinity, NodeSelectorTerm } from '#common/schema/generated/types.ts';
import type { NodeInfo } from '../nodeInfo.ts';
import { matchesRequired, matchesTerm } from '../nodeSelection.ts';
import { type Plugin, type Rejection, scaledToHighest } from '../plugin.ts';

const rejection: Rejection = { reasons: ["node(s) didn't match Pod's node affinity/selector"], unresolvable: true };
const enforced: Rejection = { reasons: ["node(s) didn't match scheduler-enforced node affinity"], unresolvable: true };

const anyNode = undefined;

/** nodeSelector and required node affinity must match; preferred terms add their weights. `added` is as if each pod had it. */
export function createNodeAffinity(added?: NodeAffinity): Plugin {
  const enforcedTerms = added?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const addedPreferred = added?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  const isEnforced = (node: Node): boolean => !enforcedTerms || enforcedTerms.some((term) => matchesTerm(term, node));
  return {
    name: 'NodeAffinity',
    weight: 2,
    planFilter(pod) {
      const required = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
      if (!required && !pod.spec?.nodeSelector && !enforcedTerms) return undefined;
      const only = required ? namedNodes(required.nodeSelectorTerms) : anyNode;
      if (only?.size === 0) return { refused: 'pod affinity terms conflict' };
      return {
        ...(only ? { only } : {}),
        filter({ node }) {
          if (!node || !isEnforced(node)) return enforced;
          return matchesRequired(pod, node) ? undefined : rejection;
        },
      };
    },
    score(pod, nodes, cluster) {
      const own = pod.spec?.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution;
      const preferred = own?.length ? [...addedPreferred, ...own] : addedPreferred;
      if (preferred.length === 0) return undefined;
      const sums = new Float64Array(nodes.length);
      for (const { weight, preference } of preferred) {
        const matching = cluster.nodesMatching(preference);
        for (let i = 0; i < nodes.length; i++) {
          if (matching[(nodes[i] as NodeInfo).index]) sums[i] = (sums[i] ?? 0) + weight;
        }
      }
      return scaledToHighest(sums);
    },
    mayHelp: (pod, change) => change.type === 'node' && isEnforced(change.node) && matchesRequired(pod, change.node),
  };
}

export const nodeAffinity = createNodeAffinity();

/** The nodes that the terms name, as the pods of DaemonSets do; undefined when some term leaves it open. */
function namedNodes(terms: readonly NodeSelectorTerm[]): ReadonlySet<string> | undefined {
  const out = new Set<string>();
  for (const { matchFields = [] } of terms) {
    let names: readonly string[] | undefined;
    for (const { key, operator, values = [] } of matchFields) {
      if (key !== 'metadata.name' || operator !== 'In') continue;
      names = names ? names.filter((name) => values.includes(name)) : values;
    }
    if (!names) return anyNode;
    for (const name of names) out.add(name);
  }
  return terms.length > 0 ? out : anyNode;
}
