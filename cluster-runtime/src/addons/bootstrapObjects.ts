/**
 * What every cluster holds before anybody uses it, roles apart (rbac/): the system's namespaces, the API's own Service and
 * the classes that Kubernetes names in its documentation.
 */
import type { KubeObject } from '#common/api/meta.ts';
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
export const bootstrapObjects = (): readonly BootstrapObject[] => [...namespaces(), ...priorityClasses(), ...apiService()];

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
