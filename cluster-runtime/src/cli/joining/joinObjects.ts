/** What has to be in a cluster before machines can join it: what kubeadm makes in its phase `bootstrap-token`. */
import type { KubeObject } from '#common/api/meta.ts';
import type * as api from '#common/schema/generated/types.ts';

export const joinersGroup = 'system:bootstrappers:kubeadm:default-node-token';
const rbacGroup = 'rbac.authorization.k8s.io';
const rbacVersion = `${rbacGroup}/v1`;

export interface JoinObject {
  /** Where it is created. */
  readonly path: string;
  readonly object: KubeObject;
}

export function joinObjects(clusterInfo: string): JoinObject[] {
  return [
    bindCluster('kubeadm:kubelet-bootstrap', 'system:node-bootstrapper', joinersGroup),
    bindCluster(
      'kubeadm:node-autoapprove-bootstrap',
      'system:certificates.k8s.io:certificatesigningrequests:nodeclient',
      joinersGroup,
    ),
    bindCluster(
      'kubeadm:node-autoapprove-certificate-rotation',
      'system:certificates.k8s.io:certificatesigningrequests:selfnodeclient',
      'system:nodes',
    ),
    ...readersOf('kube-public', 'kubeadm:bootstrap-signer-clusterinfo', 'cluster-info'),
    {
      path: '/api/v1/namespaces/kube-public/configmaps',
      object: configMap('kube-public', 'cluster-info', { kubeconfig: clusterInfo }),
    },
  ];
}

function bindCluster(name: string, role: string, group: string): JoinObject {
  const binding: api.ClusterRoleBinding = {
    apiVersion: rbacVersion,
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: rbacGroup, kind: 'ClusterRole', name: role },
    subjects: [{ apiGroup: rbacGroup, kind: 'Group', name: group }],
  };
  return { path: `/apis/${rbacVersion}/clusterrolebindings`, object: binding };
}

/** Whoever comes, with or without credentials, may read this one ConfigMap. */
function readersOf(namespace: string, name: string, configMapName: string): JoinObject[] {
  const role: api.Role = {
    apiVersion: rbacVersion,
    kind: 'Role',
    metadata: { name, namespace },
    rules: [{ apiGroups: [''], resources: ['configmaps'], resourceNames: [configMapName], verbs: ['get'] }],
  };
  const binding: api.RoleBinding = {
    apiVersion: rbacVersion,
    kind: 'RoleBinding',
    metadata: { name, namespace },
    roleRef: { apiGroup: rbacGroup, kind: 'Role', name },
    subjects: [{ apiGroup: rbacGroup, kind: 'User', name: 'system:anonymous' }],
  };
  const root = `/apis/${rbacVersion}/namespaces/${namespace}`;
  return [
    { path: `${root}/roles`, object: role },
    { path: `${root}/rolebindings`, object: binding },
  ];
}

const configMap = (namespace: string, name: string, data: Record<string, string>): api.ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
  data,
});

/** A kubeconfig that says where the cluster is and how it proves itself, and nothing of any user. */
export const clusterInfoKubeconfig = (server: string, ca: Buffer): string =>
  [
    'apiVersion: v1',
    'kind: Config',
    'clusters:',
    '- name: ""',
    '  cluster:',
    `    server: ${server}`,
    `    certificate-authority-data: ${ca.toString('base64')}`,
    'contexts: null',
    'current-context: ""',
    'users: null',
    '',
  ].join('\n');
