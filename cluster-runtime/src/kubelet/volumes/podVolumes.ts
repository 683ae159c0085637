/**
 * The volumes of one pod, and the mounts of its containers. A volume is made when the first container that mounts it
 * starts.
 *
 * Differs from Kubernetes: raw block volumes are bound and attached, but no device appears in the container.
 */
import type { Clock } from '#common/base/clock.ts';
import { type Disposable, DisposableStore } from '#common/base/disposable.ts';
import { PersistentVolume } from '#common/kinds/persistentVolume.ts';
import { PersistentVolumeClaim } from '#common/kinds/persistentVolumeClaim.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache } from '../../client/client.ts';
import type { Mount, VolumeFiles } from '../../containers/containerRuntime.ts';
import { StartProblem } from '../container/startProblem.ts';
import { EmptyDir } from './emptyDir.ts';
import { MemoryVolume } from './fileMap.ts';
import { prepareHostPath } from './nodeFiles.ts';
import { type FileSource, ObjectFiles } from './objectFiles.ts';
import type { PlacedVolume, SharedVolumes } from './sharedVolumes.ts';
import { claimNameOf, volumeProblem, type VolumeProblem } from './volumeProblems.ts';
import {
  configMapSource,
  downwardApiSource,
  keyedConfigMap,
  keyedSecret,
  secretSource,
  type SourceContext,
  tokenSource,
} from './volumeSources.ts';

export interface VolumesContext extends SourceContext {
  readonly clock: Clock;
  /** The pod has stored more than it may. */
  readonly evict: (message: string) => void;
}

export class PodVolumes implements Disposable {
  readonly #ctx: VolumesContext;
  readonly #shared: SharedVolumes;
  readonly #made = new Map<string, PlacedVolume>();
  readonly #handles = new DisposableStore();

  constructor(ctx: VolumesContext, shared: SharedVolumes) {
    this.#ctx = ctx;
    this.#shared = shared;
  }

  /** What has to be waited for before any container starts. */
  problem(): VolumeProblem | undefined {
    const { pod } = this.#ctx.self();
    return pod.spec?.volumes?.length ? volumeProblem(this.#ctx.cache, this.#shared, pod) : undefined;
  }

  /** Throws StartProblem. `valueOf` gives the container's variables, for `subPathExpr`. */
  mounts(container: api.Container, expand: (text: string) => string): Mount[] {
    const { pod } = this.#ctx.self();
    return (container.volumeMounts ?? []).flatMap((mount) => {
      const volume = pod.spec?.volumes?.find((candidate) => candidate.name === mount.name);
      if (!volume) return [];
      const placed = this.#volume(volume);
      const readOnly = mount.readOnly === true || placed.readOnly;
      const subPath = mount.subPathExpr ? expandSubPath(mount.subPathExpr, expand) : mount.subPath;
      if (!subPath) return [mountOf(mount.mountPath, readOnly, placed.files, placed.root)];
      requireInside(subPath);
      // Such a mount of an object's files never sees their later versions.
      const files = placed.files instanceof ObjectFiles ? placed.files.snapshot() : placed.files;
      const root = [placed.root, ...subPath.split('/')].filter((part) => part && part !== '.').join('/');
      if (!makeSubPath(files, root, placed.readOnly && !(placed.files instanceof ObjectFiles))) {
        const about = `volumeMount "${mount.name}" of container "${container.name}"`;
        throw new StartProblem('CreateContainerConfigError', `failed to create subPath directory for ${about}`);
      }
      return [mountOf(mount.mountPath, readOnly, files, root)];
    });
  }

  dispose(): void {
    this.#handles.dispose();
  }

  #volume(volume: api.Volume): PlacedVolume {
    let placed = this.#made.get(volume.name);
    if (!placed) this.#made.set(volume.name, (placed = this.#make(volume)));
    return placed;
  }

  #make(volume: api.Volume): PlacedVolume {
    const { pod } = this.#ctx.self();
    const node = pod.spec?.nodeName ?? '';
    const { hostPath, emptyDir } = volume;
    if (hostPath) return this.#onNode(node, hostPath.path, hostPath.type);
    const claimName = claimNameOf(pod, volume);
    if (claimName !== undefined) return this.#claimed(pod, claimName, volume.persistentVolumeClaim?.readOnly === true);
    const sources = fileSources(this.#ctx, pod.metadata.namespace ?? '', volume);
    if (sources) return { files: new ObjectFiles(sources, fsGroupBits(pod)), root: '', readOnly: true };
    if (emptyDir) {
      const files = this.#handles.add(new EmptyDir(volume, this.#ctx.clock, this.#ctx.evict));
      return { files, root: '', readOnly: false };
    }
    if (volume.image || volume.gitRepo || volume.csi) {
      return { files: new MemoryVolume(), root: '', readOnly: volume.image !== undefined || volume.csi?.readOnly === true };
    }
    const { name: _name, ...source } = volume;
    return this.#shared.external(source as api.PersistentVolumeSpec);
  }

  #onNode(node: string, path: string, type = ''): PlacedVolume {
    const placed = this.#shared.onNode(node, path);
    prepareHostPath(placed.files, node, `/${placed.root}`, type);
    return placed;
  }

  #claimed(pod: api.Pod, name: string, readOnly: boolean): PlacedVolume {
    const { cache } = this.#ctx;
    const node = pod.spec?.nodeName ?? '';
    const volume = volumeOfClaim(cache, pod.metadata.namespace ?? '', name);
    // Whoever deletes the volume's object under a waiting pod leaves it an empty folder.
    if (!volume) return { files: new MemoryVolume(), root: '', readOnly };
    const { hostPath } = volume.spec ?? {};
    if (hostPath) return { ...this.#onNode(node, hostPath.path, hostPath.type), readOnly };
    const placed = this.#shared.persistent(volume, node);
    return { ...placed, readOnly: readOnly || placed.readOnly };
  }
}

const mountOf = (path: string, readOnly: boolean, volume: VolumeFiles, root: string): Mount =>
  root ? { path, readOnly, volume, subPath: root } : { path, readOnly, volume };

function volumeOfClaim(cache: Cache, namespace: string, name: string): api.PersistentVolume | undefined {
  const volumeName = cache.get(PersistentVolumeClaim, { namespace, name })?.spec?.volumeName;
  return volumeName ? cache.get(PersistentVolume, { namespace: '', name: volumeName }) : undefined;
}

/** What is not defined stays as it is written, which is refused here. */
function expandSubPath(text: string, expand: (text: string) => string): string {
  const expanded = expand(text);
  const left = /\$\(([^()]+)\)/.exec(expanded.replaceAll('$$', ''))?.[1];
  if (left !== undefined && text.includes(`$(${left})`)) {
    throw new StartProblem('CreateContainerConfigError', `missing value for ${JSON.stringify(left)}`);
  }
  return expanded;
}

function requireInside(subPath: string): void {
  const refuse = (message: string): never => {
    throw new StartProblem('CreateContainerConfigError', message);
  };
  if (subPath.startsWith('/')) refuse(`error SubPath \`${subPath}\` must not be an absolute path`);
  if (subPath.split('/').includes('..')) refuse(`unable to provision SubPath \`${subPath}\`: must not contain '..'`);
}

/** The folder is made where it is missing. False when it cannot be: on a read-only volume, or below a file. */
function makeSubPath(volume: VolumeFiles, root: string, readOnly: boolean): boolean {
  const { files } = volume;
  if (files.has(root) || volume.hasInside?.(root)) return true;
  if (!volume.hasInside) for (const path of files.keys()) if (path.startsWith(`${root}/`)) return true;
  const parts = root.split('/');
  const isBelowFile = parts.some((_, i) => i > 0 && files.has(parts.slice(0, i).join('/')));
  if (readOnly || isBelowFile) return false;
  files.set(`${root}/`, new Uint8Array(0));
  return true;
}

/** Where a pod has an fsGroup, its group may read what its owner may. */
const fsGroupBits = ({ spec }: api.Pod): number => (spec?.securityContext?.fsGroup === undefined ? 0 : 0o440);

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
