/**
 * Watches on the wire: one JSON document per line, in revision order. All streams are flushed together, so an event's
 * bytes are built once for all of its watchers and a burst costs each of them one write. A reader that is slow keeps a bounded queue of references and is cut off past it, to come back from its last
 * revision.
 */
import { apiVersionOf } from '#common/api/groupVersion.ts';
import { ApiError, expired, internalServerError } from '#common/api/status.ts';
import type { Clock } from '#common/base/clock.ts';
import type { Disposable } from '#common/base/disposable.ts';
import type { Random } from '#common/base/random.ts';
import type { Entry, Store } from '../store/store.ts';
import type { Exchange } from './http/exchange.ts';
import type { Negotiated } from './negotiation.ts';
import { partialMetadataJson } from './partialMetadata.ts';
import type { ListParameters } from './options.ts';
import type { Resource, WatchEvent } from './registry/registry.ts';
import { type IncludeObject, tableJson } from './table.ts';

/** How many events may wait for a slow reader before it is cut off. */
const maxQueued = 20_000;
/** How many bytes may lie in a socket's buffer before events are kept back. */
const maxBuffered = 1024 * 1024;
const bookmarkEveryMs = 60_000;
/**
 * Streams are flushed this often at most. What comes after a quiet while goes out at once; a burst is gathered, because
 * each write to each watcher is encrypted by itself.
 */
const flushEveryMs = 4;
/** A watch without timeoutSeconds ends after 30 to 60 minutes, so that clients spread out. */
const shortestWatchMs = 1800_000;

export interface WatchHubOptions {
  /** Time as connections know it: bookmarks and timeouts do not speed up with the cluster. */
  readonly wireClock: Clock;
  readonly clusterClock: Clock;
  readonly random: Random;
  readonly store: Pick<Store, 'revision' | 'flush'>;
}

/** Serves every watch of the API server. */
export class WatchHub {
  readonly options: WatchHubOptions;
  readonly #open = new Set<WatchStream>();
  #dirty: WatchStream[] = [];
  #flushing = false;
  #flushedAt = -Infinity;
  #bookmarkTimer: Disposable | undefined;
  /** The bytes of events, shared for the length of one flush. */
  readonly #bytes = new Map<Entry, { type: string; line: Buffer }>();

  constructor(options: WatchHubOptions) {
    this.options = options;
  }

  get openStreams(): number {
    return this.#open.size;
  }

  /** Starts the watch and answers with its stream. Throws ApiError before anything is sent. */
  start(exchange: Exchange, resource: Resource, query: ListParameters, form: Negotiated, include: IncludeObject): void {
    new WatchStream(this, exchange, resource, query, form, include);
  }

  add(stream: WatchStream): void {
    this.#open.add(stream);
    if (stream.wantsBookmarks) this.#armBookmarks();
  }

  remove(stream: WatchStream): void {
    this.#open.delete(stream);
    if (this.#open.size === 0) {
      this.#bookmarkTimer?.dispose();
      this.#bookmarkTimer = undefined;
    }
  }

  /** Marks a stream for the next flush: at the end of this turn, or a little later in a burst. */
  schedule(stream: WatchStream): void {
    this.#dirty.push(stream);
    if (this.#flushing) return;
    this.#flushing = true;
    const { wireClock } = this.options;
    const wait = this.#flushedAt + flushEveryMs - wireClock.now();
    if (wait > 0 && wait <= flushEveryMs) wireClock.setTimeout(() => this.#flush(), wait);
    else setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#flushing = false;
    this.#flushedAt = this.options.wireClock.now();
    const dirty = this.#dirty;
    this.#dirty = [];
    for (const next of dirty) next.flush();
    this.#bytes.clear();
  }

  line(type: string, entry: Entry): Buffer {
    const known = this.#bytes.get(entry);
    if (known?.type === type) return known.line;
    const bytes = entry.bytes();
    const head = `{"type":"${type}","object":`;
    const line = Buffer.allocUnsafe(head.length + bytes.length + 2);
    line.write(head, 0, 'latin1');
    bytes.copy(line, head.length);
    line[line.length - 2] = 125; // }
    line[line.length - 1] = 10;
    this.#bytes.set(entry, { type, line });
    return line;
  }

  closeAll(): void {
    for (const stream of [...this.#open]) stream.end();
  }

  #armBookmarks(): void {
    this.#bookmarkTimer ??= this.options.wireClock.setTimeout(() => {
      this.#bookmarkTimer = undefined;
      void this.#sendBookmarks();
    }, bookmarkEveryMs);
  }

  /** Once everything up to `revision` is acknowledged, every watcher has been handed it, and the bookmark is true. */
  async #sendBookmarks(): Promise<void> {
    const { store } = this.options;
    const { revision } = store;
    const streams = [...this.#open].filter((stream) => stream.wantsBookmarks);
    await store.flush();
    for (const stream of streams) stream.push([{ type: 'BOOKMARK', revision }]);
    if ([...this.#open].some((stream) => stream.wantsBookmarks)) this.#armBookmarks();
  }
}

class WatchStream {
  readonly #hub: WatchHub;
  readonly #exchange: Exchange;
  readonly #resource: Resource;
  readonly #form: Negotiated;
  readonly #include: IncludeObject;
  readonly wantsBookmarks: boolean;
  #queue: WatchEvent[] = [];
  #error: ApiError | undefined;
  #scheduled = false;
  #started = false;
  #ended = false;
  #columnsSent = false;
  #watch: Disposable | undefined;
  #timeout: Disposable | undefined;

  constructor(
    hub: WatchHub,
    exchange: Exchange,
    resource: Resource,
    query: ListParameters,
    form: Negotiated,
    include: IncludeObject,
  ) {
    this.#hub = hub;
    this.#exchange = exchange;
    this.#resource = resource;
    this.#form = form;
    this.#include = include;
    this.wantsBookmarks = query.allowWatchBookmarks === true;
    const watch = resource.watch(
      query,
      (events) => this.push(events),
      (error) => this.#fail(error),
    );
    this.#watch = watch;
    if (this.#ended) watch.dispose();
    exchange.writeHead(200, form.watch ? 'application/json;stream=watch' : 'application/json', [
      'X-Content-Type-Options',
      'nosniff',
    ]);
    exchange.response.flushHeaders();
    this.#started = true;
    hub.add(this);
    exchange.response.once('close', () => this.#dispose());
    exchange.response.on('drain', () => this.#schedule());
    const seconds = query.timeoutSeconds;
    const { wireClock, random } = hub.options;
    const lifetime = seconds !== undefined && seconds > 0 ? seconds * 1000 : shortestWatchMs * (1 + random.next());
    this.#timeout = wireClock.setTimeout(() => this.end(), lifetime);
    if (exchange.response.destroyed) this.#dispose();
    else if (this.#queue.length > 0 || this.#error) this.#schedule();
  }

  push(events: readonly WatchEvent[]): void {
    if (this.#ended || this.#error) return;
    for (const event of events) this.#queue.push(event);
    if (this.#queue.length > maxQueued && this.#started && this.#backedUp) {
      this.#queue = [];
      this.#fail(expired('the watch was too slow: start again from the last resourceVersion that was received'));
      return;
    }
    this.#schedule();
  }

  get #backedUp(): boolean {
    return this.#exchange.response.writableLength > maxBuffered;
  }

  #schedule(): void {
    if (this.#scheduled || this.#ended || !this.#started) return;
    this.#scheduled = true;
    this.#hub.schedule(this);
  }

  #fail(error: unknown): void {
    this.#error ??= error instanceof ApiError ? error : internalServerError(String((error as Error)?.message ?? error));
    this.#watch?.dispose();
    this.#schedule();
  }

  flush(): void {
    this.#scheduled = false;
    const { response } = this.#exchange;
    if (this.#ended || response.destroyed) return;
    if (!this.#error && this.#backedUp) return; // 'drain' schedules the next flush
    const queue = this.#queue;
    this.#queue = [];
    if (queue.length > 0) {
      const lines = queue.map((event) => this.#line(event));
      const [only] = lines;
      response.write(lines.length === 1 && only ? only : Buffer.concat(lines));
    }
    if (this.#error) {
      response.write(`${JSON.stringify({ type: 'ERROR', object: this.#error.toStatus() })}\n`);
      this.end();
    }
  }

  #line(event: WatchEvent): Buffer {
    if (event.type === 'BOOKMARK') return Buffer.from(this.#bookmark(event));
    const { as, asVersion } = this.#form;
    if (as === '') {
      return event.entry
        ? this.#hub.line(event.type, event.entry)
        : Buffer.from(`{"type":"${event.type}","object":${JSON.stringify(event.object)}}\n`);
    }
    const json = as === 'Table' ? this.#table(event) : partialMetadataJson(event.object, asVersion);
    return Buffer.from(`{"type":"${event.type}","object":${json}}\n`);
  }

  #table(event: WatchEvent & { type: 'ADDED' | 'MODIFIED' | 'DELETED' }): string {
    const columns = !this.#columnsSent;
    this.#columnsSent = true;
    return tableJson(
      this.#resource.kind,
      [event],
      { resourceVersion: event.object.metadata.resourceVersion ?? '' },
      {
        version: this.#form.asVersion,
        include: this.#include,
        now: this.#hub.options.clusterClock.now(),
        columns,
      },
    );
  }

  #bookmark(event: WatchEvent & { type: 'BOOKMARK' }): string {
    const { as, asVersion } = this.#form;
    const partial = as !== '' && as !== 'Table';
    const metadata = {
      resourceVersion: String(event.revision),
      ...(event.initialEventsEnd ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}),
    };
    const meta = { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${asVersion}`, metadata };
    const object =
      as === 'Table'
        ? {
            kind: 'Table',
            apiVersion: `meta.k8s.io/${asVersion}`,
            metadata: { resourceVersion: metadata.resourceVersion },
            columnDefinitions: null,
            rows: [{ cells: [], object: meta }],
          }
        : partial
          ? meta
          : { kind: this.#resource.kind.kind, apiVersion: apiVersionOf(this.#resource.kind), metadata };
    return `${JSON.stringify({ type: 'BOOKMARK', object })}\n`;
  }

  /** Sends what is queued and ends the stream as Kubernetes does: with nothing but its end. */
  end(): void {
    if (this.#ended) return;
    if (this.#queue.length > 0 && !this.#error && !this.#backedUp) this.flush();
    this.#ended = true;
    this.#exchange.response.end();
    this.#dispose();
  }

  #dispose(): void {
    this.#ended = true;
    this.#queue = [];
    this.#watch?.dispose();
    this.#timeout?.dispose();
    this.#hub.remove(this);
  }
}
