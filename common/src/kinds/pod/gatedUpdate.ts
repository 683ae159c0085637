/** A pod behind scheduling gates may still be told where to run, as long as that only narrows the choice of nodes. */
import { type FieldError, invalid } from '#common/api/fieldError.ts';
import type * as api from '#common/schema/generated/types.ts';
import { internalForm, sortedMap } from '../podSpec/internalForm.ts';
import { sameValue } from '../validation/values.ts';
import { specPath } from './validation.ts';

const rules = 'requiredDuringSchedulingIgnoredDuringExecution';

export function validateGatedUpdate(spec: api.PodSpec, old: api.PodSpec, errors: FieldError[]): void {
  const selector = spec.nodeSelector ?? {};
  const kept = Object.entries(old.nodeSelector ?? {}).every(
    ([key, value]) => Object.hasOwn(selector, key) && selector[key] === value,
  );
  if (!kept) {
    const text = 'only additions to spec.nodeSelector are allowed (no mutations or deletions)';
    errors.push(invalid(specPath.child('nodeSelector'), sortedMap(selector), text));
  }
  checkAffinity(
    spec.affinity?.nodeAffinity?.[rules]?.nodeSelectorTerms,
    old.affinity?.nodeAffinity?.[rules]?.nodeSelectorTerms,
    errors,
  );
}

function checkAffinity(
  terms: readonly api.NodeSelectorTerm[] | undefined,
  old: readonly api.NodeSelectorTerm[] | undefined,
  errors: FieldError[],
): void {
  if (!old?.length) return;
  const at = specPath.child('affinity', 'nodeAffinity', rules, 'nodeSelectorTerms');
  if ((terms?.length ?? 0) !== old.length) {
    errors.push(
      invalid(at, terms?.map(termForm) ?? null, 'no additions/deletions to non-empty NodeSelectorTerms list are allowed'),
    );
    return;
  }
  old.forEach((before, i) => {
    const after = terms?.[i];
    if (extendsList(after?.matchExpressions, before.matchExpressions) && extendsList(after?.matchFields, before.matchFields))
      return;
    errors.push(invalid(at.index(i), termForm(after), 'only additions are allowed (no mutations or deletions)'));
  });
}

const termForm = (term: api.NodeSelectorTerm | undefined): object => internalForm('NodeSelectorTerm', term);

const extendsList = (after: readonly unknown[] | undefined, before: readonly unknown[] | undefined): boolean =>
  (before ?? []).every((rule) => after?.some((candidate) => sameValue(candidate, rule)));

/** The spec with the fields put back that a gated pod may change. */
export function withGatedFields(spec: api.PodSpec, old: api.PodSpec): api.PodSpec {
  const restored: Record<string, unknown> = { ...spec, nodeSelector: old.nodeSelector };
  const affinity = withRules(spec.affinity, old.affinity);
  restored['affinity'] = old.affinity || hasOwnRules(affinity) ? affinity : undefined;
  return restored as unknown as api.PodSpec;
}

function withRules(affinity: api.Affinity | undefined, old: api.Affinity | undefined): api.Affinity {
  const nodeAffinity: Record<string, unknown> = { ...affinity?.nodeAffinity, [rules]: old?.nodeAffinity?.[rules] };
  const keep = old?.nodeAffinity !== undefined || Object.values(nodeAffinity).some((value) => value !== undefined);
  const { nodeAffinity: _, ...others } = affinity ?? {};
  return keep ? { ...others, nodeAffinity: nodeAffinity as api.NodeAffinity } : others;
}

const hasOwnRules = (affinity: api.Affinity): boolean => Object.values(affinity).some((value) => value !== undefined);
