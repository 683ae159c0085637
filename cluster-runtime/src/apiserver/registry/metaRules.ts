/** The metadata rules of a kind, put together once. */
import { dns1123SubdomainErrors } from '#common/api/names.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type { ObjectMetaRules } from '#common/kinds/validation/objectMeta.ts';

const rules = new WeakMap<KindDefinition, ObjectMetaRules>();

export function metaRules(kind: KindDefinition): ObjectMetaRules {
  let found = rules.get(kind);
  if (found) return found;
  found = {
    namespaced: kind.namespaced,
    validateName: kind.validateName ?? subdomain,
    ...(kind.qualifiedFinalizers === undefined ? {} : { qualifiedFinalizers: kind.qualifiedFinalizers }),
  };
  rules.set(kind, found);
  return found;
}

/** A generateName may end in a dash, since more follows. */
const subdomain = (name: string, prefix: boolean): string[] => dns1123SubdomainErrors(prefix ? name.replace(/-$/, 'a') : name);
