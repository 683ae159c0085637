/**
 * The store: the present state in a copy-on-write tree, the latest changes as a log, and a journal behind them.
 *
 * Writes change the tree at once and are committed together at the end of the event-loop turn; then their promises
 * resolve and watchers hear of them, in revision order. A past state is the nearest kept tree with the log undone, so
 * that a write itself costs no copy.
 */
import BTreeModule from 'sorted-btree';
import { type Disposable, toDisposable } from '#common/base/disposable.ts';
import { deepFreeze } from '#common/base/freeze.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { StoredEntry } from './entry.ts';
import { type Journal, memoryJournal } from './journal/journal.ts';
import {
  type Entry,
  type ListOptions,
  type ListResult,
  RevisionCompacted,
  RevisionInFuture,
  type Store,
  type StoreEvent,
  WriteConflict,
} from './store.ts';

// The package is CommonJS with a `default` inside; Node and the bundler disagree on who unwraps it.
const BTree = ((BTreeModule as unknown as { default?: typeof BTreeModule.default }).default ??
  BTreeModule) as typeof BTreeModule.default;
type Tree = InstanceType<typeof BTree<string, Entry>>;

export interface MemoryStoreOptions {
  journal?: Journal;
  /** Freeze what is stored, deeply, so that a change by mistake throws. For development and tests: it costs time. */
  freeze?: boolean;
  /** How many changes are kept for watches and past states before the oldest are compacted. */
  keptChanges?: number;
}

interface Watcher {
  readonly prefix: string;
  /** Changes up to this revision are known already, though they may not be acknowledged yet. */
  readonly after: number;
  readonly listener: (event: StoreEvent) => void;
}

interface PendingWrite {
  readonly event: StoreEvent;
  readonly resolve: (entry: Entry) => void;
  readonly reject: (error: unknown) => void;
}

/** Past trees that are kept for the next page of a list. */
const keptTrees = 16;

const compareKeys = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The first string that is greater than every string with this prefix. */
const afterPrefix = (prefix: string): string =>
  prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);

/** `/group/plural/` of a key: the bucket its watchers are kept in. */
const bucketOf = (key: string): string => key.slice(0, key.indexOf('/', key.indexOf('/', 1) + 1) + 1);

export class MemoryStore implements Store {
  readonly #journal: Journal;
  readonly #freeze: boolean;
  readonly #keptChanges: number;
  #tree: Tree;
  #revision: number;
  /** Acknowledged changes; the first one's revision is #logStart, and they are dense. */
  #log: StoreEvent[] = [];
  #logStart: number;
  readonly #pastTrees = new Map<number, Tree>();
  readonly #watchers = new Map<string, Set<Watcher>>();
  #pending: PendingWrite[] = [];
  #flushed: Promise<void> | undefined;
  #closed = false;
  #commitFailed = false;

  constructor(options: MemoryStoreOptions = {}) {
    this.#journal = options.journal ?? memoryJournal;
    this.#freeze = options.freeze ?? false;
    this.#keptChanges = options.keptChanges ?? 20_000;
    this.#tree = new BTree<string, Entry>(undefined, compareKeys);
    const { revision, records } = this.#journal.load();
    for (const { key, revision: written, bytes } of records) {
      const object = JSON.parse(bytes.toString()) as KubeObject;
      this.#tree.set(key, new StoredEntry(key, written, this.#freeze ? deepFreeze(object) : object, bytes));
    }
    // Revision 0 means "any" on the wire, so the first write must not get it, nor 1: an empty cluster has a revision.
    this.#revision = Math.max(revision, 1);
    this.#logStart = this.#revision + 1;
  }

  get revision(): number {
    return this.#revision;
  }

  /** False once closed, and from a commit that failed until one succeeds. */
  get healthy(): boolean {
    return !this.#closed && !this.#commitFailed;
  }

  get oldestRevision(): number {
    return this.#logStart - 1;
  }

  get(key: string): Entry | undefined {
    return this.#tree.get(key);
  }

  list(prefix: string, options: ListOptions = {}): ListResult {
    const revision = options.revision ?? this.#revision;
    const tree = this.#treeAt(revision);
    const end = afterPrefix(prefix);
    const limit = options.limit ?? 0;
    const entries: Entry[] = [];
    let nextKey: string | undefined;
    let remaining = 0;
    tree.forRange(options.startKey ?? prefix, end, false, (key, entry) => {
      if (limit > 0 && entries.length === limit) {
        nextKey ??= key;
        remaining++;
      } else entries.push(entry);
    });
    if (nextKey !== undefined) this.#keepTree(revision, tree);
    return { revision, entries, nextKey, remaining };
  }

  count(prefix: string): number {
    return this.#tree.forRange(prefix, afterPrefix(prefix), false);
  }

  create(key: string, object: KubeObject): Promise<Entry> {
    const current = this.#tree.get(key);
    if (current) return Promise.reject(new WriteConflict(key, current));
    return this.#put(key, object, undefined);
  }

  update(key: string, object: KubeObject, expected: number): Promise<Entry> {
    const current = this.#tree.get(key);
    if (current?.revision !== expected) return Promise.reject(new WriteConflict(key, current));
    return this.#put(key, object, current);
  }

  delete(key: string, expected: number, object?: KubeObject): Promise<Entry> {
    const previous = this.#tree.get(key);
    if (previous?.revision !== expected) return Promise.reject(new WriteConflict(key, previous));
    const entry = this.#newEntry(key, object ?? previous.object);
    this.#tree.delete(key);
    return this.#enqueue({ type: 'delete', revision: entry.revision, entry, previous });
  }

  watch(prefix: string, fromRevision: number, listener: (event: StoreEvent) => void): Disposable {
    if (fromRevision < this.oldestRevision) throw new RevisionCompacted(this.oldestRevision);
    for (let i = fromRevision + 1 - this.#logStart; i < this.#log.length; i++) {
      const event = this.#log[i];
      if (event?.entry.key.startsWith(prefix)) listener(event);
    }
    const bucket = bucketOf(prefix);
    const watcher: Watcher = { prefix, after: fromRevision, listener };
    const watchers = this.#watchers.get(bucket) ?? new Set();
    this.#watchers.set(bucket, watchers.add(watcher));
    return toDisposable(() => watchers.delete(watcher));
  }

  compact(revision: number): void {
    const drop = Math.min(revision, this.#lastAcknowledged) + 1 - this.#logStart;
    if (drop <= 0) return;
    this.#log = this.#log.slice(drop);
    this.#logStart += drop;
    for (const kept of this.#pastTrees.keys()) if (kept < this.oldestRevision) this.#pastTrees.delete(kept);
  }

  fork(): Store {
    const fork = new MemoryStore({ freeze: this.#freeze, keptChanges: this.#keptChanges });
    fork.#tree = this.#tree.clone();
    fork.#revision = this.#revision;
    fork.#logStart = this.#revision + 1;
    return fork;
  }

  async flush(): Promise<void> {
    while (this.#flushed) await this.#flushed;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    await this.flush();
    this.#closed = true;
    this.#watchers.clear();
    this.#journal.close();
  }

  get #lastAcknowledged(): number {
    return this.#logStart + this.#log.length - 1;
  }

  #put(key: string, object: KubeObject, previous: Entry | undefined): Promise<Entry> {
    const entry = this.#newEntry(key, object);
    this.#tree.set(key, entry);
    return this.#enqueue({ type: 'put', revision: entry.revision, entry, previous });
  }

  #newEntry(key: string, object: KubeObject): Entry {
    if (this.#closed) throw new Error('the store is closed');
    const revision = ++this.#revision;
    const stamped = { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
    return new StoredEntry(key, revision, this.#freeze ? deepFreeze(stamped) : stamped);
  }

  #enqueue(event: StoreEvent): Promise<Entry> {
    const acknowledged = new Promise<Entry>((resolve, reject) => this.#pending.push({ event, resolve, reject }));
    this.#flushed ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#flushed = undefined;
        this.#commit();
        resolve();
      });
    });
    return acknowledged;
  }

  #commit(): void {
    const writes = this.#pending;
    this.#pending = [];
    const last = writes.at(-1);
    if (!last) return;
    // Only a key's last state in this turn has to be written.
    const latest = new Map<string, StoreEvent>();
    for (const { event } of writes) latest.set(event.entry.key, event);
    const events = [...latest.values()];
    try {
      this.#journal.commit({
        revision: last.event.revision,
        puts: events.filter((event) => event.type === 'put').map((event) => event.entry),
        deletes: events.filter((event) => event.type === 'delete').map((event) => event.entry.key),
      });
      this.#commitFailed = false;
    } catch (error) {
      this.#commitFailed = true;
      this.#rollBack(writes);
      for (const write of writes) write.reject(error);
      return;
    }
    for (const { event } of writes) this.#log.push(event);
    if (this.#log.length > this.#keptChanges * 1.25) this.compact(this.#lastAcknowledged - this.#keptChanges);
    for (const { event, resolve } of writes) {
      this.#announce(event);
      resolve(event.entry);
    }
  }

  /** A commit that failed (a full disk) did not happen: the state goes back to what the journal has. */
  #rollBack(writes: readonly PendingWrite[]): void {
    for (const { event } of [...writes].reverse()) undo(this.#tree, event);
    this.#revision = this.#lastAcknowledged;
  }

  #announce(event: StoreEvent): void {
    const watchers = this.#watchers.get(bucketOf(event.entry.key));
    if (!watchers) return;
    for (const watcher of watchers) {
      if (event.revision > watcher.after && event.entry.key.startsWith(watcher.prefix)) watcher.listener(event);
    }
  }

  #treeAt(revision: number): Tree {
    if (revision === this.#revision) return this.#tree;
    if (revision > this.#revision) throw new RevisionInFuture(this.#revision);
    if (revision < this.oldestRevision) throw new RevisionCompacted(this.oldestRevision);
    const kept = this.#pastTrees.get(revision);
    if (kept) return kept;
    const tree = this.#tree.clone();
    for (const { event } of [...this.#pending].reverse()) if (event.revision > revision) undo(tree, event);
    for (let i = this.#log.length - 1; i >= 0; i--) {
      const event = this.#log[i];
      if (!event || event.revision <= revision) break;
      undo(tree, event);
    }
    return tree;
  }

  #keepTree(revision: number, tree: Tree): void {
    if (this.#pastTrees.has(revision)) return;
    // A clone shares every node until one side changes it.
    this.#pastTrees.set(revision, tree === this.#tree ? tree.clone() : tree);
    for (const oldest of this.#pastTrees.keys()) {
      if (this.#pastTrees.size <= keptTrees) break;
      this.#pastTrees.delete(oldest);
    }
  }
}

function undo(tree: Tree, event: StoreEvent): void {
  if (event.previous) tree.set(event.entry.key, event.previous);
  else tree.delete(event.entry.key);
}
