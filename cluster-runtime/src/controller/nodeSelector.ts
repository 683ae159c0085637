/** Whether a node is one that a pod's nodeSelector and required node affinity allow. */
import { selectorFromRequirements, type Requirement, type RequirementOperator } from '#common/api/labelSelector.ts';
import type * as api from '#common/schema/generated/types.ts';

const operators: Readonly<Record<string, RequirementOperator>> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
  Gt: 'gt',
  Lt: 'lt',
};

export function fitsNode(spec: api.PodSpec | undefined, node: api.Node): boolean {
  const labels = node.metadata.labels ?? {};
  const plain = Object.entries(spec?.nodeSelector ?? {});
  if (plain.some(([key, value]) => !Object.hasOwn(labels, key) || labels[key] !== value)) return false;
  const required = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return !required || required.nodeSelectorTerms.some((term) => fitsTerm(term, node));
}

/** A term without any requirement fits no node. */
function fitsTerm({ matchExpressions = [], matchFields = [] }: api.NodeSelectorTerm, node: api.Node): boolean {
  if (matchExpressions.length + matchFields.length === 0) return false;
  return (
    selectorFromRequirements(matchExpressions.map(requirementOf)).matches(node.metadata.labels) &&
    selectorFromRequirements(matchFields.map(requirementOf)).matches({ 'metadata.name': node.metadata.name ?? '' })
  );
}

const requirementOf = ({ key, operator, values = [] }: api.NodeSelectorRequirement): Requirement => ({
  key,
  operator: operators[operator] ?? 'in',
  values,
});
