/** A volume's files in memory, which know how much they are together and which folders they lie in. */
import type { FileDetails, VolumeFiles } from '../../containers/containerRuntime.ts';

export class FileMap extends Map<string, Uint8Array> {
  #bytes = 0;
  /** How many files lie anywhere inside of each folder. */
  readonly #folders = new Map<string, number>();

  get bytes(): number {
    return this.#bytes;
  }

  hasInside(folder: string): boolean {
    return this.#folders.has(folder);
  }

  override set(path: string, content: Uint8Array): this {
    const before = this.get(path);
    if (before === undefined) this.#count(path, 1);
    this.#bytes += content.length - (before?.length ?? 0);
    return super.set(path, content);
  }

  override delete(path: string): boolean {
    const before = this.get(path);
    if (before === undefined) return false;
    this.#count(path, -1);
    this.#bytes -= before.length;
    return super.delete(path);
  }

  override clear(): void {
    this.#bytes = 0;
    this.#folders.clear();
    super.clear();
  }

  #count(path: string, more: number): void {
    for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
      const folder = path.slice(0, end);
      const count = (this.#folders.get(folder) ?? 0) + more;
      if (count === 0) this.#folders.delete(folder);
      else this.#folders.set(folder, count);
    }
  }
}

/** A volume whose content is gone when nobody holds it any more. */
export class MemoryVolume implements VolumeFiles {
  readonly files = new FileMap();
  readonly modes = new Map<string, number>();
  readonly details = new Map<string, FileDetails>();

  get usedBytes(): number {
    return this.files.bytes;
  }

  hasInside(folder: string): boolean {
    return this.files.hasInside(folder);
  }
}
