/**
 * A watch of one resource: store events become watch events as seen through the caller's selectors, an object that
 * starts or stops matching is ADDED or DELETED. Events of one event-loop turn arrive as one batch.
 */
import { type Disposable, toDisposable } from '#common/base/disposable.ts';
import { expired } from '#common/api/status.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { type Entry, RevisionCompacted, type StoreEvent } from '../../store/store.ts';
import { objectFilter, revisionTooLarge, watchStart } from './listQuery.ts';
import type { WatchEvent, WatchQuery } from './registry.ts';
import type { ResourceDeps } from './resourceDeps.ts';

export function watchResource(
  deps: ResourceDeps,
  query: WatchQuery,
  onEvents: (events: readonly WatchEvent[]) => void,
  onError: (error: unknown) => void,
): Disposable {
  const filter = objectFilter(deps.kind, query);
  const { from } = watchStart(query);
  const prefix = deps.storage.prefix(query.namespace);
  const { store, storage } = deps;
  let batch: WatchEvent[] = [];
  let closed = false;

  const flush = (): void => {
    if (batch.length === 0 || closed) return;
    const events = batch;
    batch = [];
    onEvents(events);
  };
  const push = (event: WatchEvent): void => {
    if (batch.push(event) === 1) queueMicrotask(flush);
  };
  const onStoreEvent = (event: StoreEvent): void => {
    const type = typeFor(event);
    if (!type) return;
    // What leaves the selection is shown as it last matched.
    if (type === 'DELETED' && event.type === 'put' && event.previous)
      push({ type, object: lastMatching(event.previous, event.revision), revision: event.revision });
    else push({ type, ...storage.fromStored(event.entry), revision: event.revision });
  };
  const lastMatching = (entry: Entry, revision: number): KubeObject => {
    const object = storage.read(entry);
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
  };
  const typeFor = (event: StoreEvent): 'ADDED' | 'MODIFIED' | 'DELETED' | undefined => {
    if (filter.everything) return event.type === 'delete' ? 'DELETED' : event.previous ? 'MODIFIED' : 'ADDED';
    const before = event.previous !== undefined && filter.matches(storage.read(event.previous));
    const after = event.type === 'put' && filter.matches(storage.read(event.entry));
    if (before) return after ? 'MODIFIED' : 'DELETED';
    return after ? 'ADDED' : undefined;
  };

  let after: number;
  if (from.type === 'state') {
    if (from.atLeast > store.revision) throw revisionTooLarge(from.atLeast, store.revision);
    const { entries, revision } = store.list(prefix);
    for (const entry of entries) {
      if (filter.everything || filter.matches(storage.read(entry)))
        push({ type: 'ADDED', ...storage.fromStored(entry), revision: entry.revision });
    }
    if (from.announceEnd) push({ type: 'BOOKMARK', revision, initialEventsEnd: true });
    after = revision;
  } else {
    after = from.revision;
  }
  let watch: Disposable | undefined;
  try {
    watch = store.watch(prefix, after, onStoreEvent);
  } catch (error) {
    if (!(error instanceof RevisionCompacted)) throw error;
    onError(expired(`too old resource version: ${after} (${error.oldest})`));
  }
  return toDisposable(() => {
    closed = true;
    watch?.dispose();
  });
}
