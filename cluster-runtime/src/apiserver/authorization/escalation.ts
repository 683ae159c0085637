/**
 * Nobody gives away rights that they do not have: who writes a role must hold what it grants, or the right to
 * `escalate` it; who writes a binding must hold what the role grants, or the right to `bind` it.
 */
import type { KubeObject } from '#common/api/meta.ts';
import { type ApiError, forbiddenError, notFound } from '#common/api/status.ts';
import { deepEqual } from '#common/base/freeze.ts';
import type { ClusterRole, PolicyRule, RoleBinding } from '#common/schema/generated/types.ts';
import type { AdmissionPlugin, AdmissionRequest } from '../admission/admission.ts';
import type { RbacAuthorizer } from './rbac.ts';
import { missingRules, quotedList } from './ruleCoverage.ts';

const group = 'rbac.authorization.k8s.io';
const superuserGroup = 'system:masters';
const everything: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];

/** An admission plugin; `rbac` is asked for when the first request comes, which is after the registry stands. */
export function rbacEscalation(rbac: () => RbacAuthorizer): AdmissionPlugin {
  return {
    name: 'RBACEscalation',
    handles: ({ kind, operation, options }) =>
      kind.group === group && operation !== 'DELETE' && !options.user.groups.includes(superuserGroup),
    validate(request) {
      const { object, old, kind } = request;
      if (!object) return;
      if (kind.kind === 'Role' || kind.kind === 'ClusterRole')
        checkRole(request, object as ClusterRole & KubeObject, old as ClusterRole | undefined, rbac());
      else checkBinding(request, object as RoleBinding & KubeObject, old as RoleBinding | undefined, rbac());
    },
  };
}

function may(rbac: RbacAuthorizer, request: AdmissionRequest, verb: string, resource: string, name: string): boolean {
  const { namespace, options } = request;
  return rbac.authorize({
    user: options.user,
    verb,
    isResource: true,
    namespace,
    group,
    version: 'v1',
    resource,
    subresource: '',
    name,
    path: '',
  }).allowed;
}

function checkRole(
  request: AdmissionRequest,
  role: ClusterRole & KubeObject,
  old: ClusterRole | undefined,
  rbac: RbacAuthorizer,
): void {
  if (may(rbac, request, 'escalate', request.kind.plural, request.name)) return;
  if (!old || !deepEqual(role.rules ?? [], old.rules ?? [])) requireHeld(request, role.rules ?? [], rbac);
  if (!role.aggregationRule || (old && deepEqual(role.aggregationRule, old.aggregationRule))) return;
  if (missingRules(rbac.rulesFor(request.options.user, '').rules, everything).length > 0) {
    throw refusal(request, 'must have cluster-admin privileges to use the aggregationRule');
  }
}

function checkBinding(
  request: AdmissionRequest,
  binding: RoleBinding & KubeObject,
  old: RoleBinding | undefined,
  rbac: RbacAuthorizer,
): void {
  const { roleRef } = binding;
  if (old && deepEqual(roleRef, old.roleRef) && deepEqual(binding.subjects ?? [], old.subjects ?? [])) return;
  if (may(rbac, request, 'bind', roleRef.kind === 'ClusterRole' ? 'clusterroles' : 'roles', roleRef.name)) return;
  const rules = rbac.rulesOfRole(roleRef, request.namespace);
  if (!rules) throw notFound({ group, resource: request.kind.plural }, roleRef.name);
  requireHeld(request, rules, rbac);
}

function requireHeld(request: AdmissionRequest, wanted: readonly PolicyRule[], rbac: RbacAuthorizer): void {
  const { user } = request.options;
  const { rules, errors } = rbac.rulesFor(user, request.namespace);
  const missing = missingRules(rules, wanted);
  if (missing.length === 0) return;
  const trouble = errors.length > 0 ? `; resolution errors: [${errors.join(', ')}]` : '';
  const who = `user ${JSON.stringify(user.name)} (groups=${quotedList(user.groups)})`;
  throw refusal(request, `${who} is attempting to grant RBAC permissions not currently held:\n${missing.join('\n')}${trouble}`);
}

const refusal = ({ kind, name }: AdmissionRequest, why: string): ApiError =>
  forbiddenError({ group, resource: kind.plural }, name, why);
