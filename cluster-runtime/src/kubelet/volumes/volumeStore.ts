/**
 * Where the content of volumes that outlive their pods lies: in a folder of the cluster's state, or in memory for a
 * cluster that has none. A volume is named by a path of parts; whatever they hold, each is one folder's name.
 */
import { lstatSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Disposable } from '#common/base/disposable.ts';
import type { Log } from '#common/base/log.ts';
import type { VolumeFiles } from '../../containers/containerRuntime.ts';
import { DiskVolume } from './diskVolume.ts';
import { MemoryVolume } from './fileMap.ts';
import { encodeName } from './fileNames.ts';

export type VolumeId = readonly [kind: string, ...rest: string[]];

export interface VolumeStore extends Disposable {
  /** The same object for the same id, as long as the store lives or until it is removed. */
  open(id: VolumeId): VolumeFiles;
  remove(id: VolumeId): void;
}

const textOf = (id: VolumeId): string => id.map(encodeName).join('/');

export function memoryVolumes(): VolumeStore {
  const volumes = new Map<string, MemoryVolume>();
  return {
    open: (id) => getOrMake(volumes, textOf(id), () => new MemoryVolume()),
    remove: (id) => void volumes.delete(textOf(id)),
    dispose: () => volumes.clear(),
  };
}

/** Writes what is left when it is disposed. */
export function diskVolumes(folder: string, log: Log): VolumeStore {
  const volumes = new Map<string, DiskVolume>();
  const placeOf = (id: VolumeId): string => path.join(folder, ...id.map(encodeName));
  return {
    open(id) {
      return getOrMake(volumes, textOf(id), () => {
        requireOwnFolder(folder);
        return new DiskVolume(placeOf(id), log);
      });
    },
    remove(id) {
      volumes.get(textOf(id))?.forget();
      volumes.delete(textOf(id));
      rmSync(placeOf(id), { recursive: true, force: true });
    },
    dispose() {
      for (const volume of volumes.values()) volume.flush();
      volumes.clear();
    },
  };
}

/** The folder is made for this; a link in its place could lead anywhere. */
function requireOwnFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!lstatSync(folder).isDirectory()) throw new Error(`${folder} is not a folder; volumes cannot be stored there`);
}

function getOrMake<V>(map: Map<string, V>, key: string, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
