/**
 * What every cluster holds before anybody uses it: the system's namespaces, the API's own Service, the roles and
 * classes that Kubernetes names in its documentation.
 */
import type { KubeObject } from '#common/api/meta.ts';
import { ClusterRole } from '#common/kinds/clusterRole.ts';
import { ClusterRoleBinding } from '#common/kinds/clusterRoleBinding.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import { Endpoints } from '#common/kinds/endpoints.ts';
import { EndpointSlice } from '#common/kinds/endpointSlice.ts';
import { Namespace } from '#common/kinds/namespace.ts';
import { PriorityClass } from '#common/kinds/priorityClass.ts';
import { Service } from '#common/kinds/service.ts';
import { ServiceCIDR } from '#common/kinds/serviceCidr.ts';
import type * as api from '#common/schema/generated/types.ts';

export interface BootstrapObject {
  readonly kind: KindDefinition;
  readonly object: KubeObject;
}

const of = <T extends KubeObject>(kind: KindDefinition<T>, object: Omit<T, 'apiVersion' | 'kind'>): BootstrapObject => ({
  kind: kind as unknown as KindDefinition,
  object: {
    apiVersion: kind.group ? `${kind.group}/${kind.version}` : kind.version,
    kind: kind.kind,
    ...object,
  } as unknown as KubeObject,
});

export const apiServerAddress = '10.96.0.1';

/** The control plane's own machine, as pods see it; the network leads connections to it to the API server. */
const controlPlane = { ip: '10.0.0.254', port: 6443 };

/** In the order in which they must be made. */
export const bootstrapObjects = (): readonly BootstrapObject[] => [
  ...namespaces(),
  ...priorityClasses(),
  ...roles(),
  ...apiService(),
];

const namespaces = (): BootstrapObject[] =>
  ['default', 'kube-system', 'kube-public', 'kube-node-lease'].map((name) =>
    of<api.Namespace>(Namespace, { metadata: { name } }),
  );

const priorityClasses = (): BootstrapObject[] => [
  of<api.PriorityClass>(PriorityClass, {
    metadata: { name: 'system-cluster-critical' },
    value: 2_000_000_000,
    description: 'For pods the cluster cannot do without; they may move to another node.',
  }),
  of<api.PriorityClass>(PriorityClass, {
    metadata: { name: 'system-node-critical' },
    value: 2_000_001_000,
    description: 'For pods their node cannot do without.',
  }),
];

const bootstrapMeta = (name: string): { name: string; labels: Record<string, string>; annotations: Record<string, string> } => ({
  name,
  labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' },
  annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
});

function roles(): BootstrapObject[] {
  const readOnly = ['get', 'list', 'watch'];
  const readWrite = ['create', 'delete', 'deletecollection', 'patch', 'update'];
  const everyday: api.PolicyRule[] = [
    { apiGroups: [''], resources: ['bindings', 'configmaps', 'endpoints', 'events', 'limitranges', 'namespaces', 'persistentvolumeclaims', 'pods', 'pods/log', 'pods/status', 'replicationcontrollers', 'replicationcontrollers/scale', 'resourcequotas', 'serviceaccounts', 'services'], verbs: readOnly },
    { apiGroups: ['apps'], resources: ['controllerrevisions', 'daemonsets', 'deployments', 'deployments/scale', 'replicasets', 'replicasets/scale', 'statefulsets', 'statefulsets/scale'], verbs: readOnly },
    { apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'], verbs: readOnly },
    { apiGroups: ['batch'], resources: ['cronjobs', 'jobs'], verbs: readOnly },
    { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: readOnly },
    { apiGroups: ['networking.k8s.io'], resources: ['ingresses', 'networkpolicies'], verbs: readOnly },
    { apiGroups: ['policy'], resources: ['poddisruptionbudgets'], verbs: readOnly },
  ]; // prettier-ignore
  const writing: api.PolicyRule[] = [
    { apiGroups: [''], resources: ['secrets', 'pods/attach', 'pods/exec', 'pods/portforward', 'pods/proxy', 'services/proxy'], verbs: readOnly },
    { apiGroups: [''], resources: ['configmaps', 'endpoints', 'events', 'persistentvolumeclaims', 'pods', 'pods/attach', 'pods/exec', 'pods/portforward', 'pods/proxy', 'replicationcontrollers', 'replicationcontrollers/scale', 'secrets', 'serviceaccounts', 'services', 'services/proxy'], verbs: readWrite },
    { apiGroups: [''], resources: ['pods/eviction', 'serviceaccounts/token'], verbs: ['create'] },
    { apiGroups: ['apps'], resources: ['daemonsets', 'deployments', 'deployments/rollback', 'deployments/scale', 'replicasets', 'replicasets/scale', 'statefulsets', 'statefulsets/scale'], verbs: readWrite },
    { apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'], verbs: readWrite },
    { apiGroups: ['batch'], resources: ['cronjobs', 'jobs'], verbs: readWrite },
    { apiGroups: ['networking.k8s.io'], resources: ['ingresses', 'networkpolicies'], verbs: readWrite },
    { apiGroups: ['policy'], resources: ['poddisruptionbudgets'], verbs: readWrite },
  ]; // prettier-ignore
  const administering: api.PolicyRule[] = [
    { apiGroups: ['authorization.k8s.io'], resources: ['localsubjectaccessreviews'], verbs: ['create'] },
    { apiGroups: ['rbac.authorization.k8s.io'], resources: ['rolebindings', 'roles'], verbs: [...readOnly, ...readWrite] },
  ];
  const role = (name: string, rules: api.PolicyRule[]): BootstrapObject =>
    of<api.ClusterRole>(ClusterRole, { metadata: bootstrapMeta(name), rules });
  const bind = (name: string, subjects: api.RbacV1Subject[]): BootstrapObject =>
    of<api.ClusterRoleBinding>(ClusterRoleBinding, {
      metadata: bootstrapMeta(name),
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
      subjects,
    });
  const group = (name: string): api.RbacV1Subject => ({ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name });
  return [
    role('cluster-admin', [
      { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
      { nonResourceURLs: ['*'], verbs: ['*'] },
    ]),
    role('view', everyday),
    role('edit', [...everyday, ...writing]),
    role('admin', [...everyday, ...writing, ...administering]),
    role('system:discovery', [{ nonResourceURLs: ['/api', '/api/*', '/apis', '/apis/*', '/healthz', '/livez', '/openapi', '/openapi/*', '/readyz', '/version', '/version/'], verbs: ['get'] }]),
    role('system:public-info-viewer', [{ nonResourceURLs: ['/healthz', '/livez', '/readyz', '/version', '/version/'], verbs: ['get'] }]),
    role('system:basic-user', [
      { apiGroups: ['authorization.k8s.io'], resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'], verbs: ['create'] },
      { apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'], verbs: ['create'] },
    ]),
    role('system:service-account-issuer-discovery', [{ nonResourceURLs: ['/.well-known/openid-configuration', '/.well-known/openid-configuration/', '/openid/v1/jwks', '/openid/v1/jwks/'], verbs: ['get'] }]),
    bind('cluster-admin', [group('system:masters')]),
    bind('system:discovery', [group('system:authenticated')]),
    bind('system:public-info-viewer', [group('system:authenticated'), group('system:unauthenticated')]),
    bind('system:basic-user', [group('system:authenticated')]),
    bind('system:service-account-issuer-discovery', [group('system:serviceaccounts')]),
  ]; // prettier-ignore
}

function apiService(): BootstrapObject[] {
  const { ip, port } = controlPlane;
  const labels = { component: 'apiserver', provider: 'kubernetes' };
  return [
    of<api.ServiceCIDR>(ServiceCIDR, { metadata: { name: 'kubernetes' }, spec: { cidrs: ['10.96.0.0/16'] } }),
    of<api.Service>(Service, {
      metadata: { name: 'kubernetes', namespace: 'default', labels },
      spec: {
        clusterIP: apiServerAddress,
        ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: port }],
        type: 'ClusterIP',
      },
    }),
    of<api.Endpoints>(Endpoints, {
      metadata: { name: 'kubernetes', namespace: 'default', labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
      subsets: [{ addresses: [{ ip }], ports: [{ name: 'https', port, protocol: 'TCP' }] }],
    }),
    of<api.EndpointSlice>(EndpointSlice, {
      metadata: { name: 'kubernetes', namespace: 'default', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
      addressType: 'IPv4',
      endpoints: [{ addresses: [ip], conditions: { ready: true } }],
      ports: [{ name: 'https', port, protocol: 'TCP' }],
    }),
  ];
}
