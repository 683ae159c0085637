/**
 * The store's narrow waist. Every write gets the next revision; the state at any kept revision is one copy-on-write
 * tree. Objects that go in are frozen and shared by whoever reads them.
 *
 * A write is visible to reads at once and acknowledged (its promise resolves) when the journal has it; watchers hear of
 * it in the same moment, in revision order.
 */
import type { Disposable } from '#common/base/disposable.ts';
import type { KubeObject } from '#common/api/meta.ts';

/** One revision of one object. */
export interface Entry {
  readonly key: string;
  /** The revision that wrote it; the object's metadata.resourceVersion says the same. */
  readonly revision: number;
  readonly object: KubeObject;
  /** The object as JSON in UTF-8, encoded on first use and kept. */
  bytes(): Buffer;
}

export type StoreEvent =
  | { readonly type: 'put'; readonly revision: number; readonly entry: Entry; readonly previous: Entry | undefined }
  /** `entry` is the last state with the resourceVersion of the deletion. */
  | { readonly type: 'delete'; readonly revision: number; readonly entry: Entry; readonly previous: Entry };

export interface ListOptions {
  /** The state at this revision; the present one when absent. Throws RevisionCompacted or RevisionInFuture. */
  revision?: number;
  /** Start at this key (inclusive). */
  startKey?: string;
  limit?: number;
}

export interface ListResult {
  readonly revision: number;
  readonly entries: readonly Entry[];
  /** Where the next page starts; undefined when this was the last. */
  readonly nextKey: string | undefined;
  /** How many entries follow this page. */
  readonly remaining: number;
}

export class RevisionCompacted extends Error {
  readonly oldest: number;
  constructor(oldest: number) {
    super(`revision is older than ${oldest}, the oldest kept one`);
    this.oldest = oldest;
  }
}

export class RevisionInFuture extends Error {
  readonly current: number;
  constructor(current: number) {
    super(`revision is newer than ${current}, the current one`);
    this.current = current;
  }
}

/** The precondition of a write does not hold: somebody else wrote first. */
export class WriteConflict extends Error {
  /** What is stored now; undefined when nothing is. */
  readonly current: Entry | undefined;
  constructor(key: string, current: Entry | undefined) {
    super(`${key} is ${current ? `at revision ${current.revision}` : 'absent'}`);
    this.current = current;
  }
}

export interface Store {
  /** The revision of the latest write. */
  readonly revision: number;
  /** The oldest revision from which `list` and `watch` still work. */
  readonly oldestRevision: number;
  get(key: string): Entry | undefined;
  /** Entries whose key starts with `prefix`, in key order. */
  list(prefix: string, options?: ListOptions): ListResult;
  /** How many keys start with `prefix`. */
  count(prefix: string): number;
  /** Throws WriteConflict when the key exists. The object's metadata.resourceVersion is set here. */
  create(key: string, object: KubeObject): Promise<Entry>;
  /** Throws WriteConflict unless the stored revision is `expected`. */
  update(key: string, object: KubeObject, expected: number): Promise<Entry>;
  /** Removes the entry at `expected`; `object` is its last state. Throws WriteConflict. */
  delete(key: string, expected: number, object?: KubeObject): Promise<Entry>;
  /**
   * Calls `listener` for every event after `fromRevision` under `prefix`: first the kept ones, then each as it is
   * acknowledged. Throws RevisionCompacted. `onProgress` is called at the end of each batch with its revision.
   */
  watch(prefix: string, fromRevision: number, listener: (event: StoreEvent) => void): Disposable;
  /** Forgets history before `revision`. */
  compact(revision: number): void;
  /** A store of its own that starts from the present state, in memory, sharing everything until it is written to. */
  fork(): Store;
  /** Resolves when every write so far is acknowledged. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Where a kind's objects lie: `/apps/deployments/<namespace>/<name>`, `/core/nodes/<name>`. */
export function storagePrefix(group: string, plural: string, namespace?: string): string {
  const base = `/${group || 'core'}/${plural}/`;
  return namespace ? `${base}${namespace}/` : base;
}

export const storageKey = (group: string, plural: string, namespace: string, name: string): string =>
  storagePrefix(group, plural, namespace) + name;
