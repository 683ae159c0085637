/**
 * One cluster's live picture: the model, and what keeps it equal to the API. Nodes are always watched (the status bar
 * counts them); everything else from the moment that somebody looks at the tree.
 */
import type { Clock } from '#common/base/clock.ts';
import { Random } from '#common/base/random.ts';
import type { TreeTexts } from '#common/protocol/treeTexts.ts';
import type { ApiClient } from '#apiClient/apiClient.ts';
import { reflect } from '#apiClient/reflector.ts';
import { TreeModel } from './treeModel.ts';
import { type WatchedResource, watchedResources } from './watchedResources.ts';

export interface DashboardContext {
  readonly api: ApiClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export class Dashboard {
  readonly model: TreeModel;
  #context: DashboardContext | undefined;
  #onConnection: (connected: boolean) => void = () => undefined;
  #isWatched = false;
  /** Keeps windows that lost the same cluster from coming back all at once. */
  #random = new Random(0);
  readonly #running = new Set<WatchedResource>();

  constructor(clusterName: string, texts: TreeTexts) {
    this.model = new TreeModel(clusterName, texts);
  }

  /** Follows a cluster until the signal aborts. The rows stay, so that the same cluster may come back in their place. */
  follow(context: DashboardContext, onConnection: (connected: boolean) => void): void {
    this.#context = context;
    this.#random = new Random(context.clock.now());
    this.#onConnection = onConnection;
    this.#running.clear();
    this.#start();
  }

  /** Somebody looks at the tree. */
  watchAll(): void {
    this.#isWatched = true;
    this.#start();
  }

  #start(): void {
    const context = this.#context;
    if (!context || context.signal.aborted) return;
    for (const resource of watchedResources) {
      if (this.#running.has(resource) || (resource.kind !== 'Node' && !this.#isWatched)) continue;
      this.#running.add(resource);
      const tell = (connected: boolean): void => {
        if (context === this.#context && resource.kind === 'Node') this.#onConnection(connected);
      };
      void reflect({ ...context, random: this.#random }, resource, this.model, {
        onReached: () => tell(true),
        onMissed: () => tell(false),
      });
    }
  }
}
