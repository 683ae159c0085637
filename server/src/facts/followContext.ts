/**
 * Follows one context of a kubeconfig through the Kubernetes API: all watched kinds, for as long as it is wanted. It may go
 * away and come back, also with a new certificate or port, for which the kubeconfig is looked at again; kinds that are
 * refused are done without. Only reads; each loss and recovery is told once.
 */
import { type ApiClient, createApiClient } from '#apiClient/apiClient.ts';
import { resourcePath } from '#apiClient/apiPath.ts';
import { Backoff } from '#apiClient/backoff.ts';
import type { ClusterAccess } from '#apiClient/clusterAccess.ts';
import { ConnectionError } from '#apiClient/connectionError.ts';
import { ConnectionMonitor } from '#apiClient/connectionMonitor.ts';
import { accessOfContext } from '#apiClient/kubeconfig/contextAccess.ts';
import { loadKubeconfig } from '#apiClient/kubeconfig/kubeconfig.ts';
import { KubeconfigError } from '#apiClient/kubeconfig/kubeconfigError.ts';
import { reflect, type ReflectContext } from '#apiClient/reflector.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { type Clock, sleep } from '#common/base/clock.ts';
import { deepEqual } from '#common/base/freeze.ts';
import type { Log } from '#common/base/log.ts';
import type { Random } from '#common/base/random.ts';
import { kindText } from './factsStore.ts';
import { type WatchedKind, watchedKinds } from './watchedKinds.ts';

/** The cluster to follow, as it comes in initialisation and by notification. */
export interface FactsTarget {
  /** The kubeconfig's files, the first of which is right where they differ. */
  readonly kubeconfig: readonly string[];
  /** The current one when absent. */
  readonly context?: string | undefined;
}

export interface FactsContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export interface FollowListener {
  /** The kubeconfig has the context; nothing is known of its cluster yet, and what was known of another is over. */
  onContext(context: string): void;
  /** Its API, for what is asked of it besides watching; good until it is lost or there is another. */
  onApi(api: ApiClient): void;
  onLive(): void;
  /** `problem` is a sentence for people. */
  onLost(problem: string): void;
  /** All objects of the kind are known now. */
  onSynced(kind: WatchedKind): void;
  /** Not for now: what is known of it may be old. */
  onUnsynced(kind: WatchedKind): void;
  /** There are none that one may see. */
  onRefused(kind: WatchedKind): void;
  replace(kind: WatchedKind, objects: readonly KubeObject[]): void;
  set(kind: WatchedKind, object: KubeObject): void;
  remove(kind: WatchedKind, object: KubeObject): void;
}

/** How often the kubeconfig of a cluster that is lost is looked at again. */
const [firstLookMs, longestLookMs] = [1_000, 30_000];

/** Runs until the signal aborts; calls nobody after that. */
export async function followContext(
  ctx: FactsContext,
  target: FactsTarget,
  listener: FollowListener,
  signal: AbortSignal,
): Promise<void> {
  let isTold = false;
  const backoff = new Backoff(ctx.random, firstLookMs, longestLookMs);
  while (!signal.aborted) {
    try {
      const found = await readTarget(target);
      if (signal.aborted) return;
      backoff.reset();
      isTold = false;
      listener.onContext(found.context);
      await followAccess(ctx, target, found.access, listener, signal);
    } catch (error) {
      if (!(error instanceof KubeconfigError)) throw error;
      if (signal.aborted) return;
      if (!isTold) listener.onLost(error.message);
      isTold = true;
      await sleep(ctx.clock, backoff.next(), signal).catch(() => undefined);
    }
  }
}

async function readTarget({ kubeconfig, context }: FactsTarget): Promise<{ access: ClusterAccess; context: string }> {
  const config = await loadKubeconfig(kubeconfig);
  return { access: await accessOfContext(config, context), context: context ?? config.currentContext ?? '' };
}

/** Resolves when the signal aborts, or when the cluster is lost and the kubeconfig says something new of it. */
async function followAccess(
  ctx: FactsContext,
  target: FactsTarget,
  access: ClusterAccess,
  listener: FollowListener,
  outer: AbortSignal,
): Promise<void> {
  const replaced = new AbortController();
  const signal = AbortSignal.any([outer, replaced.signal]);
  const api = createApiClient(access, { clock: ctx.clock });
  listener.onApi(api);
  const monitor = new ConnectionMonitor();
  const isLost = (): boolean => !signal.aborted && monitor.current.state === 'lost';
  let looking: Promise<void> | undefined;
  const look = async (): Promise<void> => {
    const backoff = new Backoff(ctx.random, firstLookMs, longestLookMs);
    while (isLost()) {
      await sleep(ctx.clock, backoff.next(), signal).catch(() => undefined);
      // A file that is just being written will be whole the next time.
      const now = isLost() ? await readTarget(target).catch(() => undefined) : undefined;
      if (now && isLost() && !deepEqual(now.access, access)) replaced.abort();
    }
  };
  monitor.onChange(({ state, problem }) => {
    if (signal.aborted) return;
    if (state === 'live') return listener.onLive();
    listener.onLost(problem ?? '');
    looking ??= look().finally(() => (looking = undefined));
  });
  try {
    const watched = { api, clock: ctx.clock, random: ctx.random, signal };
    await Promise.all(watchedKinds.map((kind) => followKind(watched, ctx.log, kind, listener, monitor)));
    await looking;
  } finally {
    replaced.abort();
    monitor.dispose();
    api.close();
  }
}

function followKind(
  ctx: ReflectContext,
  log: Log,
  kind: WatchedKind,
  listener: FollowListener,
  monitor: ConnectionMonitor,
): Promise<void> {
  const resource = { ...kind, path: resourcePath(kind.apiVersion, kind.plural) };
  const sink = {
    replace: (_: string, objects: readonly KubeObject[]) => ctx.signal.aborted || listener.replace(kind, objects),
    set: (_: string, object: KubeObject) => ctx.signal.aborted || listener.set(kind, object),
    remove: (_: string, object: KubeObject) => ctx.signal.aborted || listener.remove(kind, object),
  };
  const line = monitor.line();
  const missed = (error: Error): void => {
    if (ctx.signal.aborted) return;
    listener.onUnsynced(kind);
    line.missed(error);
  };
  return reflect(ctx, resource, sink, {
    onTry: () => line.trying(),
    onReached() {
      if (ctx.signal.aborted) return;
      line.open();
      listener.onSynced(kind);
    },
    onMissed: missed,
    onRefused({ code, message }) {
      if (ctx.signal.aborted) return;
      // Whoever may not see a kind, or has a cluster without it, does without; whoever is nobody sees nothing at all.
      if (code === 401) return missed(notAccepted(ctx.api.server));
      log.debug('A kind cannot be watched', { kind: kindText(kind), code, message });
      line.refused();
      if (code === 403 || code === 404) listener.onRefused(kind);
      else listener.onUnsynced(kind);
    },
  });
}

const notAccepted = (server: string): ConnectionError =>
  new ConnectionError('UNAUTHORIZED', `${server} does not accept the kubeconfig's credentials.`);
