/**
 * Whether a rule of a webhook or a policy names a request: by operation, group, version, resource with subresource, scope
 * and, in policies, the object's name. `*` stands for any. Pure.
 */
import type { GroupVersionResource } from '#common/api/groupVersion.ts';
import type { NamedRuleWithOperations } from '#common/schema/generated/types.ts';

export type Rule = NamedRuleWithOperations;

/** What of a request rules look at. */
export interface RuleTarget extends GroupVersionResource {
  readonly operation: string;
  /** Empty for the object itself. */
  readonly subresource: string;
  /** Empty for what belongs to the whole cluster. */
  readonly namespace: string;
  readonly name: string;
}

const names = (list: readonly string[] | undefined, value: string): boolean =>
  list?.some((one) => one === '*' || one === value) === true;

/** `pods` is pods alone, `pods/status` one subresource; a star before or behind the slash stands for anything or nothing. */
function namesResource(list: readonly string[] | undefined, { resource, subresource }: RuleTarget): boolean {
  return (
    list?.some((entry) => {
      const slash = entry.indexOf('/');
      const wanted = slash < 0 ? entry : entry.slice(0, slash);
      const below = slash < 0 ? '' : entry.slice(slash + 1);
      return (wanted === '*' || wanted === resource) && (below === '*' || below === subresource);
    }) === true
  );
}

/** A Namespace belongs to the cluster, though its requests name it as their namespace. */
function inScope(scope: string | undefined, { resource, namespace }: RuleTarget): boolean {
  if (scope === undefined || scope === '*') return true;
  const namespaced = namespace !== '' && resource !== 'namespaces';
  return scope === 'Namespaced' ? namespaced : !namespaced;
}

export const ruleMatches = (rule: Rule, target: RuleTarget): boolean =>
  names(rule.operations, target.operation) &&
  names(rule.apiGroups, target.group) &&
  names(rule.apiVersions, target.version) &&
  namesResource(rule.resources, target) &&
  inScope(rule.scope, target) &&
  (!rule.resourceNames?.length || rule.resourceNames.includes(target.name));
