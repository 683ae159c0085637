/**
 * What is known of the cluster that the editor has handed over, kept up to date until another is named. Changes are gathered,
 * so that what depends on them is worked out a few times a second at most. Nothing is ever written to the cluster.
 */
import type { ApiClient } from '#apiClient/apiClient.ts';
import type { Selector } from '#common/api/labelSelector.ts';
import type { KubeObject, UntypedObject } from '#common/api/meta.ts';
import type { Disposable } from '#common/base/disposable.ts';
import { Emitter } from '#common/base/emitter.ts';
import { catalogueImage, catalogueImages } from './imageCatalogue.ts';
import { FactsStore, kindText } from './factsStore.ts';
import { type FactsContext, type FactsTarget, followContext, type FollowListener } from './followContext.ts';
import type { LabelUse } from '../workspace/labelCounts.ts';
import { type FactsState, type ImageFacts, type KindName, type LiveFacts, noFacts } from './liveFacts.ts';
import { type MeasuredPods, PodUse } from './podUse.ts';
import { type WatchedKind, watchedKinds } from './watchedKinds.ts';

export interface StateChange {
  readonly state: FactsState;
  readonly context: string | undefined;
  /** Of a loss: why, in a sentence for people. */
  readonly problem?: string;
}

const nothing: readonly never[] = [];
const definitionKind: KindName = { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition' };
/** The first change after a quiet while is told of so much later, with all that have come by then. */
const batchMs = 250;

export class ClusterFacts implements LiveFacts, Disposable {
  readonly #ctx: FactsContext;
  readonly #store = new FactsStore();
  readonly #synced = new Set<string>();
  readonly #changed = new Set<string>();
  readonly #onChange = new Emitter<ReadonlySet<string>>();
  readonly #onState = new Emitter<StateChange>();
  readonly #podUse: PodUse;
  #api: ApiClient | undefined;
  #following: AbortController | undefined;
  #current: StateChange = { state: 'none', context: undefined };
  #revision = 0;
  #timer: Disposable | undefined;

  /** The kinds of which something changed, as `apps/Deployment`; a few times a second at most. */
  readonly onChange = this.#onChange.event;
  /** Told at once, and once: a cluster that is tried again and again is lost only one time. */
  readonly onState = this.#onState.event;

  constructor(ctx: FactsContext) {
    this.#ctx = ctx;
    this.#podUse = new PodUse(ctx.clock);
  }

  get state(): FactsState {
    return this.#current.state;
  }

  get context(): string | undefined {
    return this.#current.context;
  }

  get revision(): number {
    return this.#revision;
  }

  get definitions(): readonly UntypedObject[] {
    return this.list(definitionKind);
  }

  get images(): readonly ImageFacts[] {
    return catalogueImages;
  }

  image(reference: string): ImageFacts | undefined {
    return catalogueImage(reference);
  }

  knows(kind: KindName): boolean {
    return this.state === 'live' && this.#synced.has(kindText(kind));
  }

  get(kind: KindName, namespace: string, name: string): UntypedObject | undefined {
    return this.state === 'live' ? this.#store.get(kind, namespace, name) : undefined;
  }

  list(kind: KindName, namespace?: string): readonly UntypedObject[] {
    return this.state === 'live' ? this.#store.list(kind, namespace) : nothing;
  }

  podLabels(namespace: string): LabelUse {
    return this.state === 'live' ? this.#store.podLabels(namespace) : noFacts.podLabels(namespace);
  }

  podsMatching(namespace: string, selector: Selector): readonly UntypedObject[] {
    return this.state === 'live' ? this.#store.podsMatching(namespace, selector) : nothing;
  }

  podUse(namespace: string): Promise<MeasuredPods> {
    return this.state === 'live' && this.#api ? this.#podUse.in(this.#api, namespace) : noFacts.podUse(namespace);
  }

  /** Follows this cluster instead of any other; undefined: none. */
  follow(target: FactsTarget | undefined): void {
    this.#following?.abort();
    this.#following = undefined;
    this.#forget();
    if (!target) return this.#setState({ state: 'none', context: undefined });
    const stop = new AbortController();
    this.#following = stop;
    this.#setState({ state: 'connecting', context: target.context });
    followContext(this.#ctx, target, this.#listener(), stop.signal).catch((error: unknown) => {
      this.#ctx.log.error('The cluster is no longer followed', { error: String((error as Error)?.stack ?? error) });
    });
  }

  dispose(): void {
    this.#following?.abort();
    this.#following = undefined;
    this.#timer?.dispose();
    this.#onChange.dispose();
    this.#onState.dispose();
  }

  #listener(): FollowListener {
    const store = this.#store;
    return {
      onContext: (context) => {
        this.#forget();
        // One that is lost stays so until its cluster answers.
        if (this.state !== 'lost' && this.context !== context) this.#setState({ state: 'connecting', context });
        else this.#current = { ...this.#current, context };
      },
      onApi: (api) => (this.#api = api),
      onLive: () => this.#setState({ state: 'live', context: this.context }),
      onLost: (problem) => {
        if (this.state !== 'lost') this.#setState({ state: 'lost', context: this.context, problem });
      },
      onSynced: (kind) => {
        // Of what is only kept in part, absence means nothing.
        if (kind.newest !== undefined || this.#synced.has(kindText(kind))) return;
        this.#synced.add(kindText(kind));
        this.#note(kind);
      },
      onUnsynced: (kind) => {
        if (this.#synced.delete(kindText(kind))) this.#note(kind);
      },
      onRefused: (kind) => {
        const wasKnown = this.#synced.delete(kindText(kind)) || store.list(kind).length > 0;
        store.replace(kind, nothing);
        if (wasKnown) this.#note(kind);
      },
      replace: (kind, objects: readonly KubeObject[]) => {
        store.replace(kind, objects);
        this.#note(kind);
      },
      set: (kind, object) => {
        store.set(kind, object);
        this.#note(kind);
      },
      remove: (kind, object) => {
        store.remove(kind, object);
        this.#note(kind);
      },
    };
  }

  #forget(): void {
    this.#api = undefined;
    this.#store.clear();
    this.#synced.clear();
    this.#revision++;
  }

  #setState(change: StateChange): void {
    this.#current = change;
    // Everything there is to know comes or goes with it.
    for (const kind of watchedKinds) this.#note(kind);
    this.#onState.fire(change);
  }

  #note(kind: WatchedKind): void {
    this.#revision++;
    this.#changed.add(kindText(kind));
    this.#timer ??= this.#ctx.clock.setTimeout(() => {
      this.#timer = undefined;
      const kinds = new Set(this.#changed);
      this.#changed.clear();
      this.#onChange.fire(kinds);
    }, batchMs);
  }
}
