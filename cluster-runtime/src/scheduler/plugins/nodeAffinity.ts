import type { Node, NodeSelectorRequirement, NodeSelectorTerm, Pod } from '#common/schema/generated/types.ts';
import { type Plugin, type Rejection, scaledToHighest } from '../plugin.ts';

const rejection: Rejection = { reasons: ["node(s) didn't match Pod's node affinity/selector"], unresolvable: true };

const anyNode = undefined;

/** nodeSelector and required node affinity must match; preferred terms add their weights. */
export const nodeAffinity: Plugin = {
  name: 'NodeAffinity',
  weight: 2,
  planFilter(pod) {
    const required = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
    if (!required && !pod.spec?.nodeSelector) return undefined;
    const only = required ? namedNodes(required.nodeSelectorTerms) : anyNode;
    if (only?.size === 0) return { refused: 'pod affinity terms conflict' };
    return {
      ...(only ? { only } : {}),
      filter: ({ node }) => (node && matchesRequired(pod, node) ? undefined : rejection),
    };
  },
  score(pod, nodes) {
    const preferred = pod.spec?.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution;
    if (!preferred?.length) return undefined;
    return scaledToHighest(
      Float64Array.from(nodes, ({ node }) => {
        let sum = 0;
        for (const { weight, preference } of preferred) if (node && matchesTerm(preference, node)) sum += weight;
        return sum;
      }),
    );
  },
  mayHelp: (pod, change) => change.type === 'node' && matchesRequired(pod, change.node),
};

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

export function matchesRequired(pod: Pod, node: Node): boolean {
  const labels = node.metadata.labels ?? {};
  for (const [key, value] of Object.entries(pod.spec?.nodeSelector ?? {})) {
    if (!Object.hasOwn(labels, key) || labels[key] !== value) return false;
  }
  const required = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return !required || required.nodeSelectorTerms.some((term) => matchesTerm(term, node));
}

/** A term without requirements matches nothing. */
export function matchesTerm(term: NodeSelectorTerm, node: Node): boolean {
  const expressions = term.matchExpressions ?? [];
  const fields = term.matchFields ?? [];
  if (expressions.length === 0 && fields.length === 0) return false;
  const labels = node.metadata.labels ?? {};
  return (
    expressions.every((r) => matchesRequirement(r, Object.hasOwn(labels, r.key) ? labels[r.key] : undefined)) &&
    fields.every((r) => r.key === 'metadata.name' && matchesRequirement(r, node.metadata.name))
  );
}

function matchesRequirement({ operator, values = [] }: NodeSelectorRequirement, actual: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return actual !== undefined && values.includes(actual);
    case 'NotIn':
      return actual === undefined || !values.includes(actual);
    case 'Exists':
      return actual !== undefined;
    case 'DoesNotExist':
      return actual === undefined;
    case 'Gt':
    case 'Lt': {
      const [left, right] = [Number(actual), Number(values[0])];
      if (actual === undefined || !Number.isInteger(left) || !Number.isInteger(right)) return false;
      return operator === 'Gt' ? left > right : left < right;
    }
    default:
      return false;
  }
}
