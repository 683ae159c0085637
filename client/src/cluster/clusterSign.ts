/** What tells that a workspace's cluster is of interest before anything of the extension is loaded. Free of the editor. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Disposable } from '#common/base/disposable.ts';
import { runningRecordFile } from '#common/protocol/runtime.ts';
import { WindowLeases } from './windowLeases.ts';

/** Of this workspace: where its cluster keeps its state, and where its windows keep their leases. */
export const stateFolderIn = (storageFolder: string): string => path.join(storageFolder, 'cluster');
export const leasesFolderIn = (storageFolder: string): string => path.join(storageFolder, 'windows');

/** Calls back, once, when a cluster runs for the workspace, or when another window begins to start one. */
export function clusterSign(storageFolder: string, onSign: () => void): Disposable {
  if (existsSync(path.join(stateFolderIn(storageFolder), runningRecordFile))) {
    onSign();
    return { dispose: () => undefined };
  }
  const watching = new WindowLeases(leasesFolderIn(storageFolder)).watch(() => {
    dispose();
    onSign();
  });
  const dispose = (): void => void watching.then((each) => each.dispose());
  return { dispose };
}
