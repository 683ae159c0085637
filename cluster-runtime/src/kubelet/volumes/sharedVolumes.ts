/**
 * Volumes that outlive a pod: the content of PersistentVolumes and of storage that pods name themselves, shared by the
 * whole cluster, and the disk of each node, which its host paths and local volumes are folders of.
 *
 * Differs from Kubernetes: storage outside of the cluster (NFS, iSCSI, CSI drivers of others) is simulated: it is empty
 * at first, and the same for all who name the same.
 */
import { createHash } from 'node:crypto';
import { type Disposable } from '#common/base/disposable.ts';
import { quantityOf } from '#common/api/quantity.ts';
import { PersistentVolume } from '#common/kinds/persistentVolume.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache } from '../../client/client.ts';
import type { FileDetails, VolumeFiles } from '../../containers/containerRuntime.ts';
import { simulatedDriver } from '../../controller/simulatedDriver.ts';
import { plainPath } from './nodeFiles.ts';
import type { VolumeId, VolumeStore } from './volumeStore.ts';

/** A volume's content, and the folder of it that is the volume. */
export interface PlacedVolume {
  readonly files: VolumeFiles;
  /** Without slashes at its ends; empty: all of it. */
  readonly root: string;
  readonly readOnly: boolean;
}

/** Longer names are stood for by their hash. */
const longestPart = 80;

export class SharedVolumes implements Disposable {
  readonly #cache: Cache;
  readonly #store: VolumeStore;
  readonly #watch: Disposable;

  constructor(cache: Cache, store: VolumeStore) {
    this.#cache = cache;
    this.#store = store;
    this.#watch = cache.informer(PersistentVolume).onChange((event) => {
      if (event.type === 'deleted') this.#deleted(event.object);
    });
  }

  dispose(): void {
    this.#watch.dispose();
    this.#store.dispose();
  }

  /** The storage of a PersistentVolume, as it is seen from a node. */
  persistent({ metadata, spec = {} }: api.PersistentVolume, node: string): PlacedVolume {
    if (spec.hostPath) return this.onNode(node, spec.hostPath.path);
    if (spec.local) return this.onNode(node, spec.local.path);
    const placed = this.external(spec);
    const name = metadata.name ?? '';
    return spec.csi ? { ...placed, files: new SizedVolume(placed.files, () => this.#sizeOf(name)) } : placed;
  }

  /** A path on the node's own disk. */
  onNode(node: string, path: string): PlacedVolume {
    return { files: this.disk(node), root: plainPath(path).slice(1), readOnly: false };
  }

  disk(node: string): VolumeFiles {
    return this.#store.open(['nodes', shortened(node)]);
  }

  /** Storage that a pod names itself (an NFS server's export …). */
  external(source: api.PersistentVolumeSpec): PlacedVolume {
    return { files: this.#store.open(idOf(source)), root: '', readOnly: readOnlyOf(source) };
  }

  forgetNode(node: string): void {
    this.#store.remove(['nodes', shortened(node)]);
  }

  /** A disk that its provisioner was to delete; others stay for the next volume that names them. */
  #deleted({ spec }: api.PersistentVolume): void {
    if (spec?.csi?.driver !== simulatedDriver || spec.persistentVolumeReclaimPolicy !== 'Delete') return;
    this.#store.remove(idOf(spec));
  }

  /** Follows the volume as it grows. */
  #sizeOf(name: string): number | undefined {
    const size = this.#cache.get(PersistentVolume, { namespace: '', name })?.spec?.capacity?.['storage'];
    return size === undefined ? undefined : quantityOf(size).value;
  }
}

/** A view of a volume as a disk of some size. */
class SizedVolume implements VolumeFiles {
  readonly #volume: VolumeFiles;
  readonly #size: () => number | undefined;
  readonly device = { name: '/dev/vdb', type: 'ext4' };

  constructor(volume: VolumeFiles, size: () => number | undefined) {
    this.#volume = volume;
    this.#size = size;
  }

  get files(): Map<string, Uint8Array> {
    return this.#volume.files;
  }

  get modes(): Map<string, number> {
    return this.#volume.modes ?? new Map<string, number>();
  }

  get details(): Map<string, FileDetails> {
    return this.#volume.details ?? new Map<string, FileDetails>();
  }

  get usedBytes(): number {
    return this.#volume.usedBytes ?? 0;
  }

  hasInside(folder: string): boolean {
    return this.#volume.hasInside?.(folder) ?? false;
  }

  get capacityBytes(): number {
    return this.#size() ?? Infinity;
  }
}

const shortened = (text: string): string => (text.length <= longestPart ? text : createHash('sha256').update(text).digest('hex'));

/** What makes two volumes the same storage. */
function idOf(spec: api.PersistentVolumeSpec): VolumeId {
  if (spec.csi) return ['csi', shortened(spec.csi.driver), shortened(spec.csi.volumeHandle)];
  if (spec.nfs) return ['nfs', shortened(spec.nfs.server), shortened(plainPath(spec.nfs.path))];
  const {
    accessModes: _modes,
    capacity: _capacity,
    claimRef: _claim,
    mountOptions: _options,
    nodeAffinity: _affinity,
    persistentVolumeReclaimPolicy: _policy,
    storageClassName: _class,
    volumeAttributesClassName: _attributes,
    volumeMode: _mode,
    ...source
  } = spec;
  const [kind = 'other'] = Object.keys(source);
  return [kind, createHash('sha256').update(JSON.stringify(source)).digest('hex')];
}

const readOnlyOf = ({ csi, nfs, iscsi, rbd, cephfs, fc }: api.PersistentVolumeSpec): boolean =>
  [csi, nfs, iscsi, rbd, cephfs, fc].some((source) => source?.readOnly === true);
