/** Gives each pod a service account and the volume with its token. */
import { forbiddenError } from '#common/api/status.ts';
import { ServiceAccount } from '#common/kinds/serviceAccount.ts';
import type { Container, Pod, PodSpec, Volume } from '#common/schema/generated/types.ts';
import type { AdmissionPlugin, AdmissionState } from './admission.ts';
import { createsPod } from './podRequest.ts';

const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const mirrorAnnotation = 'kubernetes.io/config.mirror';

export const serviceAccount: AdmissionPlugin = {
  name: 'ServiceAccount',
  handles: createsPod,
  mutate({ object, namespace, name }, state) {
    const pod = object as Pod;
    const { spec } = pod;
    if (!spec || pod.metadata.annotations?.[mirrorAnnotation] !== undefined) return;
    spec.serviceAccountName ||= spec.serviceAccount || 'default';
    spec.serviceAccount = spec.serviceAccountName;
    const account = state.get(ServiceAccount, namespace, spec.serviceAccountName);
    if (!account) {
      throw forbiddenError(
        { group: '', resource: 'pods' },
        name || (pod.metadata.generateName ?? ''),
        `error looking up service account ${namespace}/${spec.serviceAccountName}: serviceaccount "${spec.serviceAccountName}" not found`,
      );
    }
    if (spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true) mountToken(spec, state);
    if (!spec.imagePullSecrets?.length && account.imagePullSecrets?.length) {
      spec.imagePullSecrets = account.imagePullSecrets.map(({ name: secret }) => (secret === undefined ? {} : { name: secret }));
    }
  },
};

function mountToken(spec: PodSpec, state: AdmissionState): void {
  const containers = [...(spec.initContainers ?? []), ...(spec.containers ?? [])];
  const without = containers.filter((container) => !container.volumeMounts?.some((mount) => mount.mountPath === mountPath));
  if (without.length === 0) return;
  const present = spec.volumes?.find((volume) => volume.name?.startsWith('kube-api-access-'))?.name;
  const volume = present ?? `kube-api-access-${state.suffix()}`;
  for (const container of without) mount(container, volume);
  if (!present) spec.volumes = [...(spec.volumes ?? []), tokenVolume(volume)];
}

function mount(container: Container, name: string): void {
  container.volumeMounts = [...(container.volumeMounts ?? []), { name, readOnly: true, mountPath }];
}

const tokenVolume = (name: string): Volume => ({
  name,
  projected: {
    sources: [
      { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
    ],
    defaultMode: 420,
  },
});
