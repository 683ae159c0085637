/**
 * Keeps a sink equal to one list of the API: lists, watches from there, and begins again when the server has forgotten
 * the revision or the connection broke. Between two lists the sink keeps what it has.
 */
import type { KubeObject } from '#common/api/meta.ts';
import { ApiError } from '#common/api/status.ts';
import { type Clock, sleep } from '#common/base/clock.ts';
import type { ApiClient } from '../api/apiClient.ts';
import type { WatchedResource } from './watchedResources.ts';

export interface ObjectSink {
  /** All objects of the kind, instead of those before. */
  replace(kind: string, objects: readonly KubeObject[]): void;
  set(kind: string, object: KubeObject): void;
  remove(kind: string, object: KubeObject): void;
}

interface List {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  readonly items: readonly KubeObject[];
}

const pageSize = 2_000;
const firstDelayMs = 100;
const longestDelayMs = 3_000;

/** Runs until the signal aborts. `onConnection(false)` is called when the server cannot be reached, `true` after each list. */
export async function reflect(
  ctx: { readonly api: ApiClient; readonly clock: Clock; readonly signal: AbortSignal },
  resource: WatchedResource,
  sink: ObjectSink,
  onConnection: (connected: boolean) => void,
): Promise<void> {
  let delay = firstDelayMs;
  while (!ctx.signal.aborted) {
    try {
      const revision = await list(ctx.api, resource, sink, ctx.signal);
      onConnection(true);
      delay = firstDelayMs;
      await follow(ctx.api, resource, revision, sink, ctx.signal);
    } catch (error) {
      if (ctx.signal.aborted) return;
      if (!(error instanceof ApiError)) onConnection(false);
      delay = Math.min(delay * 2, longestDelayMs);
    }
    // Also after a watch that ended well: a server that ends them at once must not be asked without a pause.
    await sleep(ctx.clock, delay, ctx.signal).catch(() => undefined);
  }
}

async function list(
  api: ApiClient,
  { path, kind, apiVersion }: WatchedResource,
  sink: ObjectSink,
  signal: AbortSignal,
): Promise<string> {
  const objects: KubeObject[] = [];
  let page: List | undefined;
  do {
    const from = page?.metadata.continue ? `&continue=${encodeURIComponent(page.metadata.continue)}` : '';
    page = await api.get<List>(`${path}?limit=${pageSize}${from}`, signal);
    // Items of a list do not say what they are.
    for (const item of page.items) objects.push({ ...item, apiVersion, kind });
  } while (page.metadata.continue);
  sink.replace(kind, objects);
  return page.metadata.resourceVersion;
}

/** Watches from `revision` on, over any number of watches; returns when the server no longer has that revision. */
async function follow(
  api: ApiClient,
  { path, kind }: WatchedResource,
  revision: string,
  sink: ObjectSink,
  signal: AbortSignal,
): Promise<void> {
  let expired = false;
  while (!expired && !signal.aborted) {
    const before = revision;
    await api.watch(
      `${path}?watch=true&allowWatchBookmarks=true&resourceVersion=${revision}`,
      ({ type, object }) => {
        if (type === 'ERROR') {
          expired = true;
          return;
        }
        revision = object.metadata.resourceVersion ?? revision;
        if (type === 'DELETED') sink.remove(kind, object);
        else if (type !== 'BOOKMARK') sink.set(kind, object);
      },
      signal,
    );
    // Nothing came, not even a bookmark: the revision may be old by now, and a list brings a new one.
    if (revision === before) return;
  }
}
