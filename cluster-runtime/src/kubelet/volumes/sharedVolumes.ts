/**
 * Volumes that outlive a pod: the content of PersistentVolumes, shared by the whole cluster, and of host paths, shared
 * by the pods of a node.
 *
 * Differs from Kubernetes: the content lies in memory and is gone when the cluster stops; a host path and a folder
 * inside of it are two separate volumes.
 */
import { type Disposable } from '#common/base/disposable.ts';
import { PersistentVolume } from '#common/kinds/persistentVolume.ts';
import type { Cache } from '../../client/client.ts';
import type { VolumeFiles } from '../../containers/containerRuntime.ts';

export class SharedVolumes implements Disposable {
  readonly #volumes = new Map<string, VolumeFiles>();
  readonly #watch: Disposable;

  constructor(cache: Cache) {
    this.#watch = cache.informer(PersistentVolume).onChange((event) => {
      if (event.type === 'deleted') this.#volumes.delete(keyOfVolume(event.object.metadata.uid ?? ''));
    });
  }

  dispose(): void {
    this.#watch.dispose();
  }

  /** The content of the PersistentVolume with this uid. */
  persistent(uid: string): VolumeFiles {
    return this.#get(keyOfVolume(uid));
  }

  hostPath(node: string, path: string): VolumeFiles {
    return this.#get(`host/${node}${path}`);
  }

  /** Storage that a pod names itself (an NFS server's export …), the same for all who name the same. */
  external(description: string): VolumeFiles {
    return this.#get(`external/${description}`);
  }

  forgetNode(node: string): void {
    const prefix = `host/${node}/`;
    for (const key of this.#volumes.keys()) if (key.startsWith(prefix)) this.#volumes.delete(key);
  }

  #get(key: string): VolumeFiles {
    let volume = this.#volumes.get(key);
    if (!volume) this.#volumes.set(key, (volume = { files: new Map(), modes: new Map() }));
    return volume;
  }
}

const keyOfVolume = (uid: string): string => `pv/${uid}`;
