/** Whether a node is one that a pod selects: by nodeSelector, by required node affinity, by a term of either kind. */
import type { Node, NodeSelectorRequirement, NodeSelectorTerm, Pod } from '#common/schema/generated/types.ts';

const none: readonly NodeSelectorRequirement[] = [];

export function matchesRequired(pod: Pod, node: Node): boolean {
  const labels = node.metadata.labels ?? {};
  for (const [key, value] of Object.entries(pod.spec?.nodeSelector ?? {})) {
    if (!Object.hasOwn(labels, key) || labels[key] !== value) return false;
  }
  const required = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return !required || required.nodeSelectorTerms.some((term) => matchesTerm(term, node));
}

/** A term without requirements matches nothing. */
export function matchesTerm({ matchExpressions, matchFields }: NodeSelectorTerm, { metadata }: Node): boolean {
  if (!matchExpressions?.length && !matchFields?.length) return false;
  const { labels, name } = metadata;
  for (const r of matchExpressions ?? none) {
    if (!matchesRequirement(r, labels && Object.hasOwn(labels, r.key) ? labels[r.key] : undefined)) return false;
  }
  for (const r of matchFields ?? none) if (r.key !== 'metadata.name' || !matchesRequirement(r, name)) return false;
  return true;
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
