/** One stored revision of one object; its JSON is encoded once, on first use. */
import type { KubeObject } from '#common/api/meta.ts';
import type { Entry } from './store.ts';

export class StoredEntry implements Entry {
  readonly key: string;
  readonly revision: number;
  readonly object: KubeObject;
  #bytes: Buffer | undefined;

  constructor(key: string, revision: number, object: KubeObject, bytes?: Buffer) {
    this.key = key;
    this.revision = revision;
    this.object = object;
    this.#bytes = bytes;
  }

  bytes(): Buffer {
    return (this.#bytes ??= Buffer.from(JSON.stringify(this.object)));
  }
}
