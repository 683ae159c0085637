import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '#common/api/meta.ts';
import { openSqliteJournal, StateFileError } from './journal/sqliteJournal.ts';
import type { Journal } from './journal/journal.ts';
import { memoryJournal } from './journal/journal.ts';
import { MemoryStore } from './memoryStore.ts';
import { RevisionCompacted, RevisionInFuture, type StoreEvent, WriteConflict } from './store.ts';

const object = (name: string, data?: string): KubeObject =>
  ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, ...(data ? { data } : {}) }) as KubeObject;
const key = (name: string): string => `/core/configmaps/default/${name}`;
const prefix = '/core/configmaps/';

describe('writes', () => {
  it('stamps each revision into the object and freezes it', async () => {
    const store = new MemoryStore({ freeze: true });
    const entry = await store.create(key('a'), object('a'));
    expect(entry.object.metadata.resourceVersion).toBe(String(entry.revision));
    expect(() => (entry.object.metadata.name = 'b')).toThrow(TypeError);
    expect(JSON.parse(entry.bytes().toString())).toEqual(entry.object);
  });

  it('refuses a second create, a stale update and a stale delete, and says what is there', async () => {
    const store = new MemoryStore();
    const first = await store.create(key('a'), object('a'));
    const second = await store.update(key('a'), object('a', 'x'), first.revision);
    for (const write of [
      store.create(key('a'), object('a')),
      store.update(key('a'), object('a'), first.revision),
      store.delete(key('a'), first.revision),
    ]) {
      await expect(write).rejects.toMatchObject({ current: { revision: second.revision } });
      await expect(write).rejects.toBeInstanceOf(WriteConflict);
    }
    await store.delete(key('a'), second.revision);
    expect(store.get(key('a'))).toBeUndefined();
  });

  it('takes back what could not be committed', async () => {
    let full = false;
    const journal: Journal = {
      ...memoryJournal,
      commit: () => {
        if (full) throw new Error('disk full');
      },
    };
    const store = new MemoryStore({ journal });
    const entry = await store.create(key('a'), object('a', '1'));
    full = true;
    const events: StoreEvent[] = [];
    store.watch(prefix, store.revision, (event) => events.push(event));
    const failed = [store.update(key('a'), object('a', '2'), entry.revision), store.create(key('b'), object('b'))];
    for (const write of failed) await expect(write).rejects.toThrow('disk full');
    expect(store.healthy).toBe(false);
    expect(store.get(key('a'))).toBe(entry);
    expect(store.get(key('b'))).toBeUndefined();
    full = false;
    const next = await store.create(key('c'), object('c'));
    expect(next.revision).toBe(entry.revision + 1);
    expect(store.healthy).toBe(true);
    expect(events.map((event) => event.entry.key)).toEqual([key('c')]);
  });
});

describe('past states', () => {
  it('answers pages of one list from one revision while others write', async () => {
    const store = new MemoryStore();
    for (const name of ['a', 'b', 'c', 'd']) await store.create(key(name), object(name));
    const first = store.list(prefix, { limit: 2 });
    expect(first.entries.map((e) => e.object.metadata.name)).toEqual(['a', 'b']);
    expect(first.remaining).toBe(2);
    const c = store.get(key('c'));
    await store.delete(key('c'), c?.revision ?? 0);
    await store.create(key('bb'), object('bb'));
    const rest = store.list(prefix, { revision: first.revision, startKey: first.nextKey ?? '' });
    expect(rest.entries.map((e) => e.object.metadata.name)).toEqual(['c', 'd']);
    expect(store.list(prefix).entries.map((e) => e.object.metadata.name)).toEqual(['a', 'b', 'bb', 'd']);
  });

  it('finds every kept revision as it was', async () => {
    const store = new MemoryStore();
    const states = new Map<number, string[]>();
    for (let i = 0; i < 40; i++) {
      const name = `n${i % 7}`;
      const present = store.get(key(name));
      if (present && i % 3 === 0) await store.delete(key(name), present.revision);
      else if (present) await store.update(key(name), object(name, String(i)), present.revision);
      else await store.create(key(name), object(name, String(i)));
      states.set(
        store.revision,
        store.list(prefix).entries.map((e) => `${e.key}@${e.revision}`),
      );
    }
    for (const [revision, state] of states)
      expect(store.list(prefix, { revision }).entries.map((e) => `${e.key}@${e.revision}`)).toEqual(state);
  });

  it('refuses compacted and future revisions', async () => {
    const store = new MemoryStore();
    const entry = await store.create(key('a'), object('a'));
    await store.update(key('a'), object('a', '2'), entry.revision);
    store.compact(store.revision);
    expect(() => store.list(prefix, { revision: entry.revision })).toThrow(RevisionCompacted);
    expect(() => store.watch(prefix, entry.revision, () => undefined)).toThrow(RevisionCompacted);
    expect(() => store.list(prefix, { revision: store.revision + 1 })).toThrow(RevisionInFuture);
  });

  it('forks into a store of its own', async () => {
    const store = new MemoryStore();
    const entry = await store.create(key('a'), object('a'));
    const fork = store.fork();
    await fork.update(key('a'), object('a', 'fork'), entry.revision);
    await fork.create(key('b'), object('b'));
    expect(store.list(prefix).entries).toEqual([entry]);
    expect(fork.list(prefix).entries).toHaveLength(2);
  });
});

describe('watch', () => {
  it('gives kept changes first, then new ones, each once and in order', async () => {
    const store = new MemoryStore();
    const a = await store.create(key('a'), object('a'));
    await store.create('/core/secrets/default/s', object('s'));
    const seen: string[] = [];
    const from = a.revision - 1;
    const watch = store.watch(prefix, from, (event) =>
      seen.push(`${event.type} ${event.entry.object.metadata.name} ${event.previous ? 'had' : 'new'}`),
    );
    const updated = await store.update(key('a'), object('a', '2'), a.revision);
    await store.delete(key('a'), updated.revision);
    expect(seen).toEqual(['put a new', 'put a had', 'delete a had']);
    watch.dispose();
    await store.create(key('b'), object('b'));
    expect(seen).toHaveLength(3);
  });

  it('does not repeat a write that a list has shown before its commit', async () => {
    const store = new MemoryStore();
    const writing = store.create(key('a'), object('a'));
    const { revision, entries } = store.list(prefix);
    expect(entries).toHaveLength(1);
    const seen: StoreEvent[] = [];
    store.watch(prefix, revision, (event) => seen.push(event));
    await writing;
    expect(seen).toEqual([]);
  });
});

describe('the SQLite journal', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'kube-playground-'));
    file = path.join(folder, 'cluster.sqlite');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('brings back objects and goes on counting revisions', async () => {
    const first = new MemoryStore({ journal: openSqliteJournal(file) });
    const a = await first.create(key('a'), object('a', 'ü'));
    const b = await first.create(key('b'), object('b'));
    await first.delete(key('b'), b.revision);
    await first.close();
    const second = new MemoryStore({ journal: openSqliteJournal(file) });
    expect(second.list('/').entries.map((e) => e.object)).toEqual([a.object]);
    const c = await second.create(key('c'), object('c'));
    expect(c.revision).toBe(b.revision + 2);
    await second.close();
  });

  it('is held by one process at a time', async () => {
    const store = new MemoryStore({ journal: openSqliteJournal(file) });
    expect(() => openSqliteJournal(file)).toThrow(StateFileError);
    expect(() => openSqliteJournal(file)).toThrow(/in use by another cluster/);
    await store.close();
    openSqliteJournal(file).close();
  });

  it('leaves a newer or foreign file alone', async () => {
    const { DatabaseSync } = await import('node:sqlite');
    const newer = new DatabaseSync(file);
    newer.exec('PRAGMA user_version = 99');
    newer.close();
    expect(() => openSqliteJournal(file)).toThrow(/newer version of kube-playground/);
    const foreign = path.join(folder, 'notes.txt');
    const { writeFileSync } = await import('node:fs');
    writeFileSync(foreign, 'not a database, but long enough to be looked at as one. '.repeat(40));
    const before = readFileSync(foreign);
    expect(() => openSqliteJournal(foreign)).toThrow(/cannot be used as a cluster's state/);
    expect(readFileSync(foreign)).toEqual(before);
  });
});
