/**
 * One cluster's live picture: the model, and what keeps it equal to the API. Nodes are always watched (the status bar
 * counts them), and come before all others; everything else from the moment that somebody looks at the tree: first what is
 * open in it, then the rest, which discovery tells of, again whenever a custom kind comes or goes.
 */
import { ApiError } from '#common/api/status.ts';
import { type Clock, sleep } from '#common/base/clock.ts';
import { Random } from '#common/base/random.ts';
import type { TreeTexts } from '#common/protocol/treeTexts.ts';
import type { ApiClient } from '#apiClient/apiClient.ts';
import { ConnectionError } from '#apiClient/connectionError.ts';
import { type ApiResource, discover } from '#apiClient/discovery.ts';
import { reflect } from '#apiClient/reflector.ts';
import { TreeModel } from './treeModel.ts';
import { firstResources, furtherResources, otherResources, type WatchedResource } from './watchedResources.ts';

export interface DashboardContext {
  readonly api: ApiClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Definitions come in groups, and are served a moment after they are there. */
const rediscoveryMs = 300;
const retryMs = 2_000;
/** How often a kind that is defined and not served yet is looked for again. */
const mostLooks = 3;

export class Dashboard {
  readonly model: TreeModel;
  #context: DashboardContext | undefined;
  #onConnection: (connected: boolean) => void = () => undefined;
  #isWatched = false;
  /** Keeps windows that lost the same cluster from coming back all at once. */
  #random = new Random(0);
  readonly #running = new Map<string, AbortController>();
  /** The list of nodes, or the refusal to give it, has arrived: the connection is there for the others. */
  #isReached = false;
  /** Of the first resources, those whose list has not arrived. */
  #awaited = new Set<string>();
  /** What discovery told of and is watched, by path. */
  readonly #others = new Map<string, WatchedResource>();
  #discovery: AbortController | undefined;

  constructor(clusterName: string, texts: TreeTexts) {
    this.model = new TreeModel(clusterName, texts);
    this.model.onDefinition(() => void this.#discoverSoon(rediscoveryMs));
  }

  /** Follows a cluster until the signal aborts. The rows stay, so that the same cluster may come back in their place. */
  follow(context: DashboardContext, onConnection: (connected: boolean) => void): void {
    this.#context = context;
    this.#random = new Random(context.clock.now());
    this.#onConnection = onConnection;
    this.#running.clear();
    this.#awaited.clear();
    this.#isReached = false;
    this.#discovery?.abort();
    this.#start();
  }

  /** Somebody looks at the tree. */
  watchAll(): void {
    if (this.#isWatched) return;
    this.#isWatched = true;
    this.#start();
  }

  #start(): void {
    const context = this.#context;
    if (!context || context.signal.aborted) return;
    for (const resource of firstResources) {
      if (this.#isWatched && !this.#running.has(resource.path)) this.#awaited.add(resource.path);
      if (resource.kind === 'Node' || (this.#isWatched && this.#isReached)) this.#watch(context, resource);
    }
    this.#told();
  }

  #watch(context: DashboardContext, resource: WatchedResource): void {
    if (this.#running.has(resource.path)) return;
    const stop = new AbortController();
    this.#running.set(resource.path, stop);
    const signal = AbortSignal.any([context.signal, stop.signal]);
    const { key, path, kind } = resource;
    const { model } = this;
    const sink = {
      replace: (_: string, objects: Parameters<TreeModel['replace']>[1]) => model.replace(key, objects),
      set: (_: string, object: Parameters<TreeModel['set']>[1]) => model.set(key, object),
      remove: (_: string, object: Parameters<TreeModel['remove']>[1]) => model.remove(key, object),
    };
    const tell = (connected: boolean): void => {
      if (context === this.#context && kind === 'Node') this.#onConnection(connected);
    };
    const arrived = (): void => {
      if (context !== this.#context) return;
      const wasAwaited = this.#awaited.delete(path);
      if (kind === 'Node' && !this.#isReached) {
        this.#isReached = true;
        this.#start();
      } else if (wasAwaited) this.#told();
    };
    void reflect({ ...context, signal, random: this.#random }, resource, sink, {
      onReached: () => {
        tell(true);
        arrived();
      },
      onMissed: () => tell(false),
      // Who may not see a kind sees the tree without it.
      onRefused: arrived,
    });
  }

  /** Goes on with the rest once what is open at first is there. */
  #told(): void {
    this.model.isLoading = this.#isWatched && this.#awaited.size > 0;
    const context = this.#context;
    if (!context || !this.#isWatched || this.#awaited.size > 0) return;
    for (const resource of furtherResources) this.#watch(context, resource);
    void this.#discoverSoon(0);
  }

  async #discoverSoon(delayMs: number, looks = mostLooks): Promise<void> {
    const context = this.#context;
    if (!context || context.signal.aborted || !this.#isWatched || this.#awaited.size > 0) return;
    this.#discovery?.abort();
    const latest = (this.#discovery = new AbortController());
    const signal = AbortSignal.any([context.signal, latest.signal]);
    let all: readonly ApiResource[];
    try {
      await sleep(context.clock, delayMs, signal);
      all = await discover(context.api, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof ApiError || error instanceof ConnectionError)) throw error;
      // The watches tell of a cluster that does not answer; this only asks again.
      void this.#discoverSoon(retryMs, looks);
      return;
    }
    this.#watchOthers(
      context,
      otherResources(all, (name) => this.model.isDefined(name)),
    );
    const served = new Set(all.map(({ plural, group }) => `${plural}.${group}`));
    if (looks > 1 && this.model.definitions.some((name) => !served.has(name))) void this.#discoverSoon(retryMs, looks - 1);
  }

  #watchOthers(context: DashboardContext, found: readonly WatchedResource[]): void {
    const byPath = new Map(found.map((resource) => [resource.path, resource]));
    for (const [path, { key }] of [...this.#others]) {
      if (byPath.get(path)?.key === key) continue;
      this.#running.get(path)?.abort();
      this.#running.delete(path);
      this.#others.delete(path);
      this.model.replace(key, []);
    }
    for (const resource of found) {
      this.#others.set(resource.path, resource);
      this.#watch(context, resource);
    }
  }
}
