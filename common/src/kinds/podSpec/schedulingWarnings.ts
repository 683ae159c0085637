/** Warnings about where a pod wants to run: labels that have moved, and rules that match nothing. */
import type * as api from '#common/schema/generated/types.ts';
import { movedLabels } from './warningTexts.ts';

const required = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';

export function topologyKeyWarning(key: string | undefined, path: string): string[] {
  const moved = key !== undefined && Object.hasOwn(movedLabels, key) ? movedLabels[key] : undefined;
  return moved ? [`${path}: ${key} is deprecated since ${moved[0]}; use "${moved[1]}" instead`] : [];
}

export function nodeAffinityWarnings(affinity: api.NodeAffinity, at: string): string[] {
  const warnings: string[] = [];
  affinity[required]?.nodeSelectorTerms?.forEach((term, i) => {
    const path = `${at}.${required}.nodeSelectorTerms[${i}]`;
    warnings.push(...termWarnings(term, path));
  });
  affinity[preferred]?.forEach((weighted, i) => {
    warnings.push(...termWarnings(weighted.preference ?? {}, `${at}.${preferred}[${i}].preference`));
  });
  return warnings;
}

function termWarnings(term: api.NodeSelectorTerm, at: string): string[] {
  return (term.matchExpressions ?? []).flatMap(({ key }, i) => topologyKeyWarning(key, `${at}.matchExpressions[${i}].key`));
}

/** A rule without a selector looks as if it matched every pod. */
export function affinityWarnings(affinity: api.Affinity, at: string): string[] {
  const warnings: string[] = [];
  for (const field of ['podAffinity', 'podAntiAffinity'] as const) {
    const rules = affinity[field];
    const check = (term: api.PodAffinityTerm | undefined, path: string): void => {
      if (term && !term.labelSelector) warnings.push(`${path}.labelSelector: a null labelSelector results in matching no pod`);
    };
    rules?.[required]?.forEach((term, i) => check(term, `${at}.${field}.${required}[${i}]`));
    rules?.[preferred]?.forEach((weighted, i) =>
      check(weighted.podAffinityTerm, `${at}.${field}.${preferred}[${i}].podAffinityTerm`),
    );
  }
  return warnings;
}
