/**
 * What a machine may do that acts as its node (`system:node:<name>` of group system:nodes): what the role system:node
 * says, but of Secrets, ConfigMaps and claims it reads only those that pods of the node name, and it leaves other
 * machines' leases alone. Everybody else is up to `next`.
 *
 * Differs from Kubernetes: lists and watches of Nodes and Pods need not be narrowed to the node by a field selector.
 */
import { Pod } from '#common/kinds/pod.ts';
import type { Pod as PodObject } from '#common/schema/generated/types.ts';
import type { Attributes, Authorizer, Decision } from './authorizer.ts';
import { type RbacAuthorizer, ruleAllows } from './rbac.ts';

const nodesGroup = 'system:nodes';
const nodePrefix = 'system:node:';
const nodeRole = { kind: 'ClusterRole', name: 'system:node' };
const leaseNamespace = 'kube-node-lease';

/** By resource: the kind that references to it name. */
const readThroughPods = new Map([
  ['secrets', 'Secret'],
  ['configmaps', 'ConfigMap'],
  ['persistentvolumeclaims', 'PersistentVolumeClaim'],
  ['serviceaccounts', 'ServiceAccount'],
]);

/** The node that a user acts as; undefined for one who acts as none. */
export function nodeOfUser({ name, groups }: Attributes['user']): string | undefined {
  return name.startsWith(nodePrefix) && groups.includes(nodesGroup) ? name.slice(nodePrefix.length) : undefined;
}

export interface NodeAuthorizerOptions {
  readonly rbac: RbacAuthorizer;
  readonly podsOnNode: (node: string) => readonly PodObject[];
}

export function nodeAuthorizer({ rbac, podsOnNode }: NodeAuthorizerOptions, next: Authorizer): Authorizer {
  const judge = (attributes: Attributes, node: string): Decision => {
    const rules = rbac.rulesOfRole(nodeRole, '') ?? [];
    if (!rules.some((rule) => ruleAllows(rule, attributes))) return { allowed: false, reason: '' };
    const { group, resource, namespace, name, verb } = attributes;
    if (resource === 'leases' && (namespace !== leaseNamespace || (verb !== 'create' && name !== node)))
      return refused(`can only access node lease with the same name as the requesting node`);
    const kind = group === '' ? readThroughPods.get(resource) : undefined;
    if (kind === undefined) return { allowed: true, reason: '' };
    if (name === '') return refused('can only read namespaced object of this type');
    const isNamed = podsOnNode(node).some((pod) => pod.metadata.namespace === namespace && names(pod, kind, name));
    return isNamed ? { allowed: true, reason: '' } : refused(`no relationship found between node '${node}' and this object`);
  };

  return {
    authorize(attributes) {
      const node = nodeOfUser(attributes.user);
      if (node === undefined || !attributes.isResource) return next.authorize(attributes);
      const decision = judge(attributes, node);
      if (decision.allowed) return decision;
      const other = next.authorize(attributes);
      return other.allowed || !decision.reason ? other : decision;
    },
  };
}

const refused = (reason: string): Decision => ({ allowed: false, reason });

/** Whether the pod names the object anywhere in its spec, by what its kind says of references. */
function names(pod: PodObject, kind: string, name: string): boolean {
  return Pod.references.some(
    (reference) =>
      reference.type === 'name' &&
      reference.to.group === '' &&
      reference.to.kind === kind &&
      holds(pod, reference.path.split('.'), name),
  );
}

/** Whether one of the values at the path is `wanted`; `[]` and `{}` after a part go through a list or a map. */
function holds(value: unknown, [part, ...rest]: readonly string[], wanted: string): boolean {
  if (part === undefined) return value === wanted || (Array.isArray(value) && value.includes(wanted));
  if (typeof value !== 'object' || value === null) return false;
  const field = part.replace(/(\[\]|\{\})$/, '');
  const inner: unknown = Object.hasOwn(value, field) ? (value as Record<string, unknown>)[field] : undefined;
  if (field === part) return holds(inner, rest, wanted);
  return typeof inner === 'object' && inner !== null && Object.values(inner).some((each) => holds(each, rest, wanted));
}
