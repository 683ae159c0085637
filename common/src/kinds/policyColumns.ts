/** Cells that admission policies and their bindings share. */
import type { LabelSelector } from '#common/api/meta.ts';
import type { ParamKind, ParamRef } from '#common/schema/generated/types.ts';

export const paramKindText = (kind: ParamKind | undefined): string =>
  kind ? `${kind.apiVersion ?? ''}/${kind.kind ?? ''}` : '<unset>';

export function paramRefText(ref: ParamRef | undefined): string {
  if (!ref) return '<unset>';
  if (ref.name) return ref.namespace ? `${ref.namespace}/${ref.name}` : `*/${ref.name}`;
  return ref.selector ? goSelectorText(ref.selector) : '<unset>';
}

/** Go's own text of a selector, which is what Kubernetes shows here. */
function goSelectorText({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const labels = Object.keys(matchLabels)
    .sort()
    .map((key) => `${key}: ${matchLabels[key] ?? ''},`)
    .join('');
  const rules = matchExpressions
    .map(
      ({ key, operator, values = [] }) =>
        `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],}`,
    )
    .join(',');
  const rulesText = rules ? `${rules},` : '';
  return `&LabelSelector{MatchLabels:map[string]string{${labels}},MatchExpressions:[]LabelSelectorRequirement{${rulesText}},}`;
}
