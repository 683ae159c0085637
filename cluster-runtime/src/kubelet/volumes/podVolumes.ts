/**
 * The volumes of one pod: what keeps them from being set up, and the mounts of its containers. A volume is made when
 * the first container that mounts it starts.
 */
import { PersistentVolume } from '#common/kinds/persistentVolume.ts';
import { PersistentVolumeClaim } from '#common/kinds/persistentVolumeClaim.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache } from '../../client/client.ts';
import type { Mount, VolumeFiles } from '../../containers/containerRuntime.ts';
import { type FileSource, ObjectFiles } from './objectFiles.ts';
import type { SharedVolumes } from './sharedVolumes.ts';
import {
  configMapProblem,
  configMapSource,
  downwardApiSource,
  keyedConfigMap,
  keyedSecret,
  secretProblem,
  secretSource,
  type SetUpProblem,
  type SourceContext,
  tokenSource,
} from './volumeSources.ts';

export interface VolumeProblem extends SetUpProblem {
  readonly volume: string;
}

export class PodVolumes {
  readonly #ctx: SourceContext;
  readonly #shared: SharedVolumes;
  readonly #made = new Map<string, VolumeFiles>();

  constructor(ctx: SourceContext, shared: SharedVolumes) {
    this.#ctx = ctx;
    this.#shared = shared;
  }

  mounts(container: api.Container, expand: (text: string) => string): Mount[] {
    const { pod } = this.#ctx.self();
    return (container.volumeMounts ?? []).flatMap((mount) => {
      const volume = pod.spec?.volumes?.find((candidate) => candidate.name === mount.name);
      if (!volume) return [];
      const files = this.#volume(volume);
      const subPath = mount.subPathExpr ? expand(mount.subPathExpr) : mount.subPath;
      const readOnly = mount.readOnly === true || files instanceof ObjectFiles;
      if (!subPath) return [{ path: mount.mountPath, readOnly, volume: files }];
      return [{ path: mount.mountPath, readOnly, volume: files instanceof ObjectFiles ? files.snapshot() : files, subPath }];
    });
  }

  #volume(volume: api.Volume): VolumeFiles {
    let files = this.#made.get(volume.name);
    if (!files) this.#made.set(volume.name, (files = this.#make(volume)));
    return files;
  }

  #make(volume: api.Volume): VolumeFiles {
    const { pod } = this.#ctx.self();
    const namespace = pod.metadata.namespace ?? '';
    if (volume.hostPath) return this.#shared.hostPath(pod.spec?.nodeName ?? '', volume.hostPath.path);
    const claim = claimOf(this.#ctx.cache, pod, volume);
    if (claim) return this.#shared.persistent(volumeUidOf(this.#ctx.cache, claim));
    const sources = fileSources(this.#ctx, namespace, volume);
    if (sources) return new ObjectFiles(sources);
    if (volume.emptyDir || volume.image || volume.gitRepo) return { files: new Map(), modes: new Map() };
    const { name: _name, ...source } = volume;
    return this.#shared.external(JSON.stringify(source));
  }
}

function fileSources(ctx: SourceContext, namespace: string, volume: api.Volume): FileSource[] | undefined {
  const { configMap, secret, downwardAPI, projected } = volume;
  if (configMap) return [configMapSource(ctx, namespace, keyedConfigMap(configMap, configMap.defaultMode))];
  if (secret) return [secretSource(ctx, namespace, keyedSecret(secret.secretName ?? '', secret, secret.defaultMode))];
  if (downwardAPI) return [downwardApiSource(ctx, downwardAPI.items ?? [], downwardAPI.defaultMode)];
  if (!projected) return undefined;
  const mode = projected.defaultMode;
  return (projected.sources ?? []).flatMap((source) => {
    if (source.configMap) return [configMapSource(ctx, namespace, keyedConfigMap(source.configMap, mode))];
    if (source.secret) return [secretSource(ctx, namespace, keyedSecret(source.secret.name ?? '', source.secret, mode))];
    if (source.downwardAPI) return [downwardApiSource(ctx, source.downwardAPI.items ?? [], mode)];
    if (source.serviceAccountToken) return [tokenSource(ctx, source.serviceAccountToken, mode)];
    return [];
  });
}

/** The first volume that cannot be set up yet, in the words of its FailedMount event. */
export function volumeProblem(cache: Cache, pod: api.Pod): VolumeProblem | undefined {
  const namespace = pod.metadata.namespace ?? '';
  for (const volume of pod.spec?.volumes ?? []) {
    const problem = claimProblem(cache, pod, volume) ?? objectProblem(cache, namespace, volume);
    if (problem) return { volume: volume.name, ...problem };
  }
  return undefined;
}

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

const claimNameOf = (pod: api.Pod, volume: api.Volume): string | undefined =>
  volume.persistentVolumeClaim?.claimName ?? (volume.ephemeral ? `${pod.metadata.name ?? ''}-${volume.name}` : undefined);

function claimOf(cache: Cache, pod: api.Pod, volume: api.Volume): api.PersistentVolumeClaim | undefined {
  const name = claimNameOf(pod, volume);
  return name === undefined ? undefined : cache.get(PersistentVolumeClaim, { namespace: pod.metadata.namespace ?? '', name });
}

/** The bound volume's uid, so that a claim that is made anew does not find its predecessor's files. */
function volumeUidOf(cache: Cache, claim: api.PersistentVolumeClaim): string {
  const volume = cache.get(PersistentVolume, { namespace: '', name: claim.spec?.volumeName ?? '' });
  return volume?.metadata.uid ?? claim.metadata.uid ?? '';
}

function claimProblem(cache: Cache, pod: api.Pod, volume: api.Volume): SetUpProblem | undefined {
  const name = claimNameOf(pod, volume);
  if (name === undefined) return undefined;
  const namespace = pod.metadata.namespace ?? '';
  const missing = { kind: 'PersistentVolumeClaim', namespace, name } as const;
  const claim = cache.get(PersistentVolumeClaim, { namespace, name });
  const about = `error processing PVC ${namespace}/${name}: `;
  if (!claim)
    return { message: `${about}failed to fetch PVC from API server: persistentvolumeclaims "${name}" not found`, missing };
  if (claim.status?.phase !== 'Bound' || !claim.spec?.volumeName) return { message: `${about}PVC is not bound`, missing };
  return undefined;
}
