/** The roles and bindings that every cluster has from its first moment, as Kubernetes 1.36 has them. */
import type { KubeObject } from '#common/api/meta.ts';
import { ClusterRole } from '#common/kinds/clusterRole.ts';
import { ClusterRoleBinding } from '#common/kinds/clusterRoleBinding.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import { Role } from '#common/kinds/role.ts';
import { RoleBinding } from '#common/kinds/roleBinding.ts';
import type * as api from '#common/schema/generated/types.ts';
import { controllerRoles } from './controllerRoles.ts';
import { rulesOf } from './ruleText.ts';
import { namespacedRoles, systemRoles } from './systemRoles.ts';
import { userRoles } from './userRoles.ts';

export interface BootstrapRbac {
  readonly kind: KindDefinition;
  readonly object: KubeObject;
}

const rbacGroup = 'rbac.authorization.k8s.io';
const apiVersion = `${rbacGroup}/v1`;
export const autoUpdateAnnotation = 'rbac.authorization.kubernetes.io/autoupdate';

const metadata = (name: string, namespace?: string, labels?: Record<string, string>): api.ObjectMeta => ({
  name,
  ...(namespace ? { namespace } : {}),
  labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults', ...labels },
  annotations: { [autoUpdateAnnotation]: 'true' },
});

const aggregatesTo = (role: string): Record<string, string> => ({ [`${rbacGroup}/aggregate-to-${role}`]: 'true' });

const user = (name: string): api.RbacV1Subject => ({ apiGroup: rbacGroup, kind: 'User', name });
const group = (name: string): api.RbacV1Subject => ({ apiGroup: rbacGroup, kind: 'Group', name });
const account = (name: string): api.RbacV1Subject => ({ kind: 'ServiceAccount', name, namespace: 'kube-system' });

/** Who has which cluster role, where it is not a controller's account. Nodes go by the Node authorizer. */
const clusterBindings: Readonly<Record<string, readonly api.RbacV1Subject[]>> = {
  'cluster-admin': [group('system:masters')],
  'system:basic-user': [group('system:authenticated')],
  'system:discovery': [group('system:authenticated')],
  'system:kube-controller-manager': [user('system:kube-controller-manager')],
  'system:kube-dns': [account('kube-dns')],
  'system:kube-scheduler': [user('system:kube-scheduler')],
  'system:monitoring': [group('system:monitoring')],
  'system:node': [],
  'system:node-proxier': [user('system:kube-proxy')],
  'system:public-info-viewer': [group('system:authenticated'), group('system:unauthenticated')],
  'system:service-account-issuer-discovery': [group('system:serviceaccounts')],
  'system:volume-scheduler': [user('system:kube-scheduler')],
};

/** `<namespace>/<name>`: the role, where it has another name, and who has it. */
const bindings: Readonly<Record<string, { role?: string; subjects: readonly api.RbacV1Subject[] }>> = {
  'kube-public/system:controller:bootstrap-signer': { subjects: [account('bootstrap-signer')] },
  'kube-system/system::extension-apiserver-authentication-reader': {
    role: 'extension-apiserver-authentication-reader',
    subjects: [user('system:kube-controller-manager'), user('system:kube-scheduler')],
  },
  'kube-system/system::leader-locking-kube-controller-manager': {
    subjects: [user('system:kube-controller-manager'), account('kube-controller-manager'), account('leader-election-controller')],
  },
  'kube-system/system::leader-locking-kube-scheduler': {
    subjects: [user('system:kube-scheduler'), account('kube-scheduler')],
  },
  'kube-system/system:controller:bootstrap-signer': { subjects: [account('bootstrap-signer')] },
  'kube-system/system:controller:cloud-provider': { subjects: [account('cloud-provider')] },
  'kube-system/system:controller:token-cleaner': { subjects: [account('token-cleaner')] },
};

/** The system roles that everybody who signs in has. */
const openRoles = [
  'system:basic-user',
  'system:discovery',
  'system:public-info-viewer',
  'system:service-account-issuer-discovery',
];
const openBindings = ['cluster-admin', ...openRoles];

/** The one component that gives rights away, so that its own must be there as soon as it runs. */
const aggregation = 'clusterrole-aggregation-controller';

const controllerRole = (name: string): BootstrapRbac =>
  clusterRole(`system:controller:${name}`, rulesOf(controllerRoles[name] ?? ''));
const controllerBinding = (name: string): BootstrapRbac => clusterBinding(`system:controller:${name}`, [account(name)]);

/** What people and service accounts go by. */
export const rbacForUsers = (): readonly BootstrapRbac[] => [
  ...Object.entries(userRoles).map(([name, text]) => clusterRole(name, rulesOf(text), aggregateLabels(name))),
  ...aggregatedRoles(),
  ...openRoles.map((name) => clusterRole(name, rulesOf(systemRoles[name] ?? ''))),
  ...openBindings.map((name) => clusterBinding(name, clusterBindings[name] ?? [])),
  controllerRole(aggregation),
  controllerBinding(aggregation),
];

/** What components go by; those of this cluster are in its own process and do not need them. */
export function rbacForComponents(): readonly BootstrapRbac[] {
  const controllers = Object.keys(controllerRoles).filter((name) => name !== aggregation);
  const isOpen = (name: string): boolean => openBindings.includes(name);
  return [
    ...Object.entries(systemRoles).flatMap(([name, text]) => (isOpen(name) ? [] : [clusterRole(name, rulesOf(text))])),
    ...controllers.map(controllerRole),
    ...Object.entries(namespacedRoles).map(([key, text]) => role(key, rulesOf(text))),
    ...Object.entries(clusterBindings).flatMap(([name, subjects]) => (isOpen(name) ? [] : [clusterBinding(name, subjects)])),
    ...controllers.map(controllerBinding),
    ...Object.entries(bindings).map(([key, { role, subjects }]) => binding(key, role, subjects)),
  ];
}

const aggregateLabels = (name: string): Record<string, string> => {
  const into = /^system:aggregate-to-(.*)$/.exec(name)?.[1];
  return into ? aggregatesTo(into) : {};
};

/**
 * `view` goes into `edit`, and `edit` into `admin`. Their rules are there from the beginning, so that nobody meets them
 * empty; the aggregation controller finds them as it would have made them.
 */
function aggregatedRoles(): BootstrapRbac[] {
  const own = (name: string): api.PolicyRule[] => rulesOf(userRoles[`system:aggregate-to-${name}`] ?? '');
  const view = own('view');
  const edit = [...own('edit'), ...view];
  const aggregated = (name: string, rules: api.PolicyRule[], labels?: Record<string, string>): BootstrapRbac => {
    const aggregationRule = { clusterRoleSelectors: [{ matchLabels: aggregatesTo(name) }] };
    const object: api.ClusterRole = {
      apiVersion,
      kind: 'ClusterRole',
      metadata: metadata(name, undefined, labels),
      aggregationRule,
      rules,
    };
    return { kind: ClusterRole as unknown as KindDefinition, object };
  };
  return [
    aggregated('view', view, aggregatesTo('edit')),
    aggregated('edit', edit, aggregatesTo('admin')),
    aggregated('admin', [...edit, ...own('admin')]),
  ];
}

function clusterRole(name: string, rules: api.PolicyRule[], labels?: Record<string, string>): BootstrapRbac {
  const object: api.ClusterRole = { apiVersion, kind: 'ClusterRole', metadata: metadata(name, undefined, labels), rules };
  return { kind: ClusterRole as unknown as KindDefinition, object };
}

function role(key: string, rules: api.PolicyRule[]): BootstrapRbac {
  const { namespace, name } = placeOf(key);
  const object: api.Role = { apiVersion, kind: 'Role', metadata: metadata(name, namespace), rules };
  return { kind: Role as unknown as KindDefinition, object };
}

function clusterBinding(name: string, subjects: readonly api.RbacV1Subject[]): BootstrapRbac {
  const object: api.ClusterRoleBinding = {
    apiVersion,
    kind: 'ClusterRoleBinding',
    metadata: metadata(name),
    roleRef: { apiGroup: rbacGroup, kind: 'ClusterRole', name },
    ...(subjects.length > 0 ? { subjects: [...subjects] } : {}),
  };
  return { kind: ClusterRoleBinding as unknown as KindDefinition, object };
}

function binding(key: string, role: string | undefined, subjects: readonly api.RbacV1Subject[]): BootstrapRbac {
  const { namespace, name } = placeOf(key);
  const object: api.RoleBinding = {
    apiVersion,
    kind: 'RoleBinding',
    metadata: metadata(name, namespace),
    roleRef: { apiGroup: rbacGroup, kind: 'Role', name: role ?? name },
    subjects: [...subjects],
  };
  return { kind: RoleBinding as unknown as KindDefinition, object };
}

function placeOf(key: string): { namespace: string; name: string } {
  const slash = key.indexOf('/');
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
