/**
 * An emptyDir volume: there as long as its pod is. One that grows over its limit gets its pod evicted at the kubelet's
 * next look; one in memory cannot grow over it.
 *
 * Differs from Kubernetes: a restart of the cluster empties the volume; a node that reboots keeps it, unless it is in
 * memory.
 */
import type { Clock } from '#common/base/clock.ts';
import type { Disposable } from '#common/base/disposable.ts';
import { parseQuantity } from '#common/api/quantity.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { FileDetails, VolumeFiles } from '../../containers/containerRuntime.ts';
import { FileMap } from './fileMap.ts';

/** How often a kubelet looks at what pods have stored. */
const lookMs = 10_000;

export class EmptyDir implements VolumeFiles, Disposable {
  readonly files: FileMap;
  readonly modes = new Map<string, number>();
  readonly details = new Map<string, FileDetails>();
  readonly capacityBytes?: number;
  readonly device?: { readonly name: string; readonly type: string };
  #look: Disposable | undefined;

  constructor({ name, emptyDir }: api.Volume, clock: Clock, onExceeded: (message: string) => void) {
    const limit = parseQuantity(emptyDir?.sizeLimit ?? '')?.value ?? 0;
    const inMemory = emptyDir?.medium === 'Memory';
    if (inMemory) {
      this.device = { name: 'tmpfs', type: 'tmpfs' };
      if (limit > 0) this.capacityBytes = limit;
    }
    if (limit <= 0 || inMemory) {
      this.files = new FileMap();
      return;
    }
    this.files = new GrowingFiles(() => {
      if (this.#look || this.files.bytes <= limit) return;
      this.#look = clock.setTimeout(() => {
        this.#look = undefined;
        if (this.files.bytes <= limit) return;
        onExceeded(`Usage of EmptyDir volume ${JSON.stringify(name)} exceeds the limit ${JSON.stringify(emptyDir?.sizeLimit)}. `);
      }, lookMs);
    });
  }

  get usedBytes(): number {
    return this.files.bytes;
  }

  hasInside(folder: string): boolean {
    return this.files.hasInside(folder);
  }

  dispose(): void {
    this.#look?.dispose();
  }
}

class GrowingFiles extends FileMap {
  readonly #grown: () => void;

  constructor(grown: () => void) {
    super();
    this.#grown = grown;
  }

  override set(path: string, content: Uint8Array): this {
    super.set(path, content);
    this.#grown();
    return this;
  }
}
