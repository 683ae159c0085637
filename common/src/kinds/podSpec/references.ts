/** How a pod names other objects, wherever its spec stands: the one list for pods and every kind with a template of them. */
import type { Reference } from '../defineKind.ts';

const core = (kind: string): { group: string; kind: string } => ({ group: '', kind });
const configMap = core('ConfigMap');
const secret = core('Secret');

const name = (path: string, to: { group: string; kind: string }, optionalPath?: string): Reference => ({
  type: 'name',
  path,
  to,
  ...(optionalPath ? { optionalPath } : {}),
});
const key = (path: string, namePath: string, to: { group: string; kind: string }, optionalPath?: string): Reference => ({
  type: 'key',
  path,
  namePath,
  to,
  ...(optionalPath ? { optionalPath } : {}),
});

/**
 * `spec` is the dotted path of the pod's spec, e.g. `spec.template.spec`; `claimTemplates` that of a list whose elements become
 * volumes too.
 */
export function podSpecReferences(spec: string, claimTemplates?: string): Reference[] {
  const lists = [`${spec}.volumes`, ...(claimTemplates ? [claimTemplates] : [])];
  return [
    name(`${spec}.serviceAccountName`, core('ServiceAccount')),
    name(`${spec}.nodeName`, core('Node')),
    name(`${spec}.imagePullSecrets[].name`, secret),
    name(`${spec}.priorityClassName`, { group: 'scheduling.k8s.io', kind: 'PriorityClass' }),
    name(`${spec}.runtimeClassName`, { group: 'node.k8s.io', kind: 'RuntimeClass' }),
    name(`${spec}.resourceClaims[].resourceClaimName`, { group: 'resource.k8s.io', kind: 'ResourceClaim' }),
    name(`${spec}.resourceClaims[].resourceClaimTemplateName`, { group: 'resource.k8s.io', kind: 'ResourceClaimTemplate' }),
    ...volumeReferences(`${spec}.volumes[]`),
    ...['containers', 'initContainers', 'ephemeralContainers'].flatMap((field) =>
      containerReferences(`${spec}.${field}[]`, spec, lists),
    ),
    ...podAffinityReferences(`${spec}.affinity`),
    {
      type: 'selector',
      path: `${spec}.topologySpreadConstraints[].labelSelector`,
      form: 'labelSelector',
      to: core('Pod'),
    },
  ];
}

function volumeReferences(volume: string): Reference[] {
  const projection = `${volume}.projected.sources[]`;
  return [
    name(`${volume}.configMap.name`, configMap, `${volume}.configMap.optional`),
    key(`${volume}.configMap.items[].key`, `${volume}.configMap.name`, configMap, `${volume}.configMap.optional`),
    name(`${volume}.secret.secretName`, secret, `${volume}.secret.optional`),
    key(`${volume}.secret.items[].key`, `${volume}.secret.secretName`, secret, `${volume}.secret.optional`),
    name(`${volume}.persistentVolumeClaim.claimName`, core('PersistentVolumeClaim')),
    name(`${projection}.configMap.name`, configMap, `${projection}.configMap.optional`),
    key(`${projection}.configMap.items[].key`, `${projection}.configMap.name`, configMap, `${projection}.configMap.optional`),
    name(`${projection}.secret.name`, secret, `${projection}.secret.optional`),
    key(`${projection}.secret.items[].key`, `${projection}.secret.name`, secret, `${projection}.secret.optional`),
    name(`${volume}.csi.driver`, { group: 'storage.k8s.io', kind: 'CSIDriver' }),
    name(`${volume}.csi.nodePublishSecretRef.name`, secret),
    ...['cephfs', 'flexVolume', 'iscsi', 'rbd', 'scaleIO', 'storageos'].map((source) =>
      name(`${volume}.${source}.secretRef.name`, secret),
    ),
    name(`${volume}.azureFile.secretName`, secret),
    name(`${volume}.ephemeral.volumeClaimTemplate.spec.storageClassName`, { group: 'storage.k8s.io', kind: 'StorageClass' }),
  ];
}

function containerReferences(container: string, spec: string, volumeLists: readonly string[]): Reference[] {
  const env = `${container}.env[].valueFrom`;
  const from = `${container}.envFrom[]`;
  const ports = ['livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle.postStart', 'lifecycle.preStop'];
  return [
    name(`${env}.configMapKeyRef.name`, configMap, `${env}.configMapKeyRef.optional`),
    key(`${env}.configMapKeyRef.key`, `${env}.configMapKeyRef.name`, configMap, `${env}.configMapKeyRef.optional`),
    name(`${env}.secretKeyRef.name`, secret, `${env}.secretKeyRef.optional`),
    key(`${env}.secretKeyRef.key`, `${env}.secretKeyRef.name`, secret, `${env}.secretKeyRef.optional`),
    name(`${from}.configMapRef.name`, configMap, `${from}.configMapRef.optional`),
    name(`${from}.secretRef.name`, secret, `${from}.secretRef.optional`),
    ...ports.flatMap((handler): Reference[] => [
      { type: 'port', path: `${container}.${handler}.httpGet.port`, of: 'containers' },
      { type: 'port', path: `${container}.${handler}.tcpSocket.port`, of: 'containers' },
    ]),
    { type: 'local', path: `${container}.volumeMounts[].name`, lists: volumeLists },
    { type: 'local', path: `${container}.volumeDevices[].name`, lists: volumeLists },
    { type: 'local', path: `${container}.resources.claims[].name`, lists: [`${spec}.resourceClaims`] },
  ];
}

function podAffinityReferences(affinity: string): Reference[] {
  const rules = (list: string): Reference => ({
    type: 'selector',
    path: `${list}.labelSelector`,
    form: 'labelSelector',
    to: core('Pod'),
    namespacesPath: `${list}.namespaces`,
    namespaceSelectorPath: `${list}.namespaceSelector`,
  });
  return ['podAffinity', 'podAntiAffinity'].flatMap((field) => [
    rules(`${affinity}.${field}.requiredDuringSchedulingIgnoredDuringExecution[]`),
    rules(`${affinity}.${field}.preferredDuringSchedulingIgnoredDuringExecution[].podAffinityTerm`),
  ]);
}
