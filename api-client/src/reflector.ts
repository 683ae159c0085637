/**
 * Keeps a sink equal to one collection of the API: lists it, watches from there, and goes on from where it was when the
 * watch ends or the connection breaks; it lists again when the server has forgotten the revision. Between two lists the
 * sink keeps what it has.
 */
import type { KubeObject } from '#common/api/meta.ts';
import { ApiError, type Status } from '#common/api/status.ts';
import { type Clock, sleep } from '#common/base/clock.ts';
import type { Random } from '#common/base/random.ts';
import type { ApiClient, WatchEvent } from './apiClient.ts';
import { withQuery } from './apiPath.ts';
import { Backoff } from './backoff.ts';
import { ConnectionError } from './connectionError.ts';
import { listPages } from './listPages.ts';
import { errorOfStatus } from './refusal.ts';

export interface ObjectSink {
  /** All objects of the kind, instead of those before. */
  replace(kind: string, objects: readonly KubeObject[]): void;
  set(kind: string, object: KubeObject): void;
  remove(kind: string, object: KubeObject): void;
}

export interface ReflectedResource {
  readonly kind: string;
  readonly apiVersion: string;
  /** The collection's path, with a query where only some objects are wanted. */
  readonly path: string;
  /** What to keep of each object, made as soon as it arrives. */
  readonly keep?: (object: KubeObject) => KubeObject;
  readonly pageSize?: number;
}

export interface ReflectContext {
  readonly api: ApiClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
}

export interface ReflectListener {
  /** A list or watch is asked for now; what comes of it is told by the others. */
  onTry(): void;
  /** The server has answered: the sink is, or is about to be, as the cluster is. Called after each list and opened watch. */
  onReached(): void;
  /** The server could not be reached, or its answer was none; it is tried again. */
  onMissed(error: Error): void;
  /**
   * The server refuses the collection: 403 who may not see it, 404 where it does not exist, 401 who is nobody, 5xx and 429
   * for now. It is tried again, ever more seldom.
   */
  onRefused(error: ApiError): void;
}

const firstDelayMs = 100;
const longestDelayMs = 3_000;
const firstRefusedMs = 2_000;
const longestRefusedMs = 60_000;
/** A watch that was open for so long may be opened again without a pause. */
const worthwhileMs = 1_000;
const [shortestWatchSeconds, longestWatchSeconds] = [300, 600];

/** Runs until the signal aborts. */
export async function reflect(
  ctx: ReflectContext,
  resource: ReflectedResource,
  sink: ObjectSink,
  listener: Partial<ReflectListener>,
): Promise<void> {
  const missed = new Backoff(ctx.random, firstDelayMs, longestDelayMs);
  const refused = new Backoff(ctx.random, firstRefusedMs, longestRefusedMs);
  let revision: string | undefined;
  while (!ctx.signal.aborted) {
    let pauseMs = 0;
    try {
      listener.onTry?.();
      if (revision === undefined) {
        revision = await list(ctx, resource, sink);
        listener.onReached?.();
        refused.reset();
      }
      const end = await follow(ctx, resource, sink, revision, listener.onReached);
      revision = end.revision;
      // Not even after a watch that ended well: a server that ends them at once must not be asked without a pause.
      if (end.wasWorthwhile) missed.reset();
      else pauseMs = missed.next();
    } catch (error) {
      if (ctx.signal.aborted) return;
      if (error instanceof ApiError) {
        revision = undefined;
        if (error.code !== 410) listener.onRefused?.(error);
        pauseMs = error.code === 410 ? missed.next() : Math.max(refused.next(), (error.details?.retryAfterSeconds ?? 0) * 1000);
      } else {
        // What is no API's answer says nothing of what the cluster holds, and nothing of where the watch was.
        if (error instanceof ConnectionError && error.code === 'BAD_ANSWER') revision = undefined;
        listener.onMissed?.(error as Error);
        pauseMs = missed.next();
      }
    }
    if (pauseMs > 0) await sleep(ctx.clock, pauseMs, ctx.signal).catch(() => undefined);
  }
}

async function list(ctx: ReflectContext, resource: ReflectedResource, sink: ObjectSink): Promise<string> {
  const { path, kind, apiVersion, keep = whole, pageSize } = resource;
  let objects: KubeObject[] = [];
  const onPage = (items: readonly KubeObject[], isFirst: boolean): void => {
    if (isFirst) objects = [];
    // Items of a list do not say what they are.
    for (const item of items) objects.push(keep({ ...item, apiVersion, kind }));
  };
  const revision = await listPages(ctx.api, path, onPage, { signal: ctx.signal, ...(pageSize ? { pageSize } : {}) });
  sink.replace(kind, objects);
  return revision;
}

const whole = (object: KubeObject): KubeObject => object;

interface WatchEnd {
  /** Where to go on; undefined when only a list can tell. */
  readonly revision: string | undefined;
  readonly wasWorthwhile: boolean;
}

/** One watch from `from` until it ends or breaks. Rejects when it could not be opened, or brought what is no event. */
async function follow(
  { api, clock, random, signal }: ReflectContext,
  { path, kind, keep = whole }: ReflectedResource,
  sink: ObjectSink,
  from: string,
  onReached: (() => void) | undefined,
): Promise<WatchEnd> {
  let revision: string | undefined = from;
  let openedAt: number | undefined;
  let hasEvents = false;
  const onEvent = ({ type, object }: WatchEvent): void => {
    if (type === 'ERROR') throw errorOfStatus(object as unknown as Status);
    hasEvents = true;
    revision = object.metadata.resourceVersion ?? revision;
    if (type === 'DELETED') sink.remove(kind, object);
    else if (type !== 'BOOKMARK') sink.set(kind, keep(object));
  };
  const wasWorthwhile = (): boolean => hasEvents || (openedAt !== undefined && clock.now() - openedAt >= worthwhileMs);
  const query = {
    watch: true,
    allowWatchBookmarks: true,
    resourceVersion: from,
    timeoutSeconds: shortestWatchSeconds + random.int(longestWatchSeconds - shortestWatchSeconds),
  };
  try {
    await api.watch(withQuery(path, query), onEvent, signal, () => {
      openedAt = clock.now();
      onReached?.();
    });
    // Nothing came, not even a bookmark: the revision may be old by now, and a list brings a new one.
    return { revision: hasEvents ? revision : undefined, wasWorthwhile: wasWorthwhile() };
  } catch (error) {
    if (error instanceof ApiError && error.code === 410 && hasEvents) return { revision: undefined, wasWorthwhile: true };
    const isBreak = openedAt !== undefined && error instanceof ConnectionError && error.code !== 'BAD_ANSWER';
    // A connection that breaks is nothing to tell of; one that cannot be made again is, and is the next to be tried.
    if (isBreak) return { revision, wasWorthwhile: wasWorthwhile() };
    throw error;
  }
}
