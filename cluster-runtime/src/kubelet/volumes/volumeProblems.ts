/** What keeps the volumes of a pod from being set up, in the words of the kubelet's events. */
import { PersistentVolume } from '#common/kinds/persistentVolume.ts';
import { PersistentVolumeClaim } from '#common/kinds/persistentVolumeClaim.ts';
import { VolumeAttachment } from '#common/kinds/volumeAttachment.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache } from '../../client/client.ts';
import { attachmentName, needsAttaching } from '../../controller/csiAttachments.ts';
import type { MissingObject } from '../container/startProblem.ts';
import { hostPathProblem, plainPath } from './nodeFiles.ts';
import type { SharedVolumes } from './sharedVolumes.ts';
import { configMapProblem, keyedConfigMap, keyedSecret, secretProblem, type SetUpProblem } from './volumeSources.ts';

export interface VolumeProblem {
  /** What its FailedMount event says; undefined while it is no news that it takes a moment. */
  readonly text: string | undefined;
  /** What has to come or change; undefined for what is only worth another try. */
  readonly missing: MissingObject | undefined;
}

/** The first volume that cannot be set up yet. */
export function volumeProblem(cache: Cache, shared: SharedVolumes, pod: api.Pod): VolumeProblem | undefined {
  const namespace = pod.metadata.namespace ?? '';
  const node = pod.spec?.nodeName ?? '';
  for (const volume of pod.spec?.volumes ?? []) {
    const problem =
      claimProblem(cache, shared, pod, volume) ??
      setUpProblem(volume.name, objectProblem(cache, namespace, volume)) ??
      hostProblem(shared, node, volume.name, volume.hostPath);
    if (problem) return problem;
  }
  return undefined;
}

const setUpText = (volume: string, message: string): string => `MountVolume.SetUp failed for volume "${volume}" : ${message}`;

const setUpProblem = (volume: string, problem: SetUpProblem | undefined): VolumeProblem | undefined =>
  problem && { text: setUpText(volume, problem.message), missing: problem.missing };

function objectProblem(cache: Cache, namespace: string, volume: api.Volume): SetUpProblem | undefined {
  const { configMap, secret, projected } = volume;
  if (configMap) return configMapProblem(cache, namespace, keyedConfigMap(configMap, undefined));
  if (secret) return secretProblem(cache, namespace, keyedSecret(secret.secretName ?? '', secret, undefined));
  for (const source of projected?.sources ?? []) {
    const problem = source.configMap
      ? configMapProblem(cache, namespace, keyedConfigMap(source.configMap, undefined))
      : source.secret
        ? secretProblem(cache, namespace, keyedSecret(source.secret.name ?? '', source.secret, undefined))
        : undefined;
    if (problem) return problem;
  }
  return undefined;
}

function hostProblem(
  shared: SharedVolumes,
  node: string,
  name: string,
  hostPath: api.HostPathVolumeSource | undefined,
): VolumeProblem | undefined {
  if (!hostPath?.type) return undefined;
  const problem = hostPathProblem(shared.disk(node), plainPath(hostPath.path), hostPath.type);
  return problem === undefined ? undefined : { text: setUpText(name, problem), missing: undefined };
}

export const claimNameOf = (pod: api.Pod, volume: api.Volume): string | undefined =>
  volume.persistentVolumeClaim?.claimName ?? (volume.ephemeral ? `${pod.metadata.name ?? ''}-${volume.name}` : undefined);

/** The claim's volume may be missing, not attached to the node yet, or of a kind that cannot be mounted there. */
function claimProblem(cache: Cache, shared: SharedVolumes, pod: api.Pod, volume: api.Volume): VolumeProblem | undefined {
  const name = claimNameOf(pod, volume);
  if (name === undefined) return undefined;
  const namespace = pod.metadata.namespace ?? '';
  const node = pod.spec?.nodeName ?? '';
  const missing = { kind: 'PersistentVolumeClaim', namespace, name } as const;
  const unprocessed = (why: string): VolumeProblem => ({
    text:
      `Unable to attach or mount volumes: unmounted volumes=[${volume.name}], unattached volumes=[], ` +
      `failed to process volumes=[${volume.name}]: error processing PVC ${namespace}/${name}: ${why}`,
    missing,
  });
  const claim = cache.get(PersistentVolumeClaim, { namespace, name });
  if (!claim) return unprocessed(`failed to fetch PVC from API server: persistentvolumeclaims "${name}" not found`);
  if (claim.status?.phase !== 'Bound' || !claim.spec?.volumeName) return unprocessed('PVC is not bound');
  const { volumeName } = claim.spec;
  const bound = cache.get(PersistentVolume, { namespace: '', name: volumeName });
  if (!bound) {
    const why = `failed to fetch PV ${volumeName} from API server: persistentvolume "${volumeName}" not found`;
    return { ...unprocessed(why), missing: { kind: 'PersistentVolume', namespace: '', name: volumeName } };
  }
  const { csi, local, hostPath } = bound.spec ?? {};
  if (csi && needsAttaching(cache, csi)) {
    const attachment = attachmentName(csi, node);
    const isAttached = cache.get(VolumeAttachment, { namespace: '', name: attachment })?.status?.attached === true;
    if (isAttached) return undefined;
    return { text: undefined, missing: { kind: 'VolumeAttachment', namespace: '', name: attachment } };
  }
  return hostProblem(shared, node, volumeName, hostPath) ?? (local && localProblem(shared, node, volumeName, local.path));
}

/** A local volume's folder is the administrator's to make. */
function localProblem(shared: SharedVolumes, node: string, name: string, path: string): VolumeProblem | undefined {
  if (hostPathProblem(shared.disk(node), plainPath(path), 'Directory') === undefined) return undefined;
  const text = `MountVolume.NewMounter initialization failed for volume "${name}" : path "${path}" does not exist`;
  return { text, missing: undefined };
}
