/**
 * The last station before validation: plugins that complete an object (mutate) or refuse it (validate), in the order
 * of Kubernetes' default chain. One file per plugin.
 */
import type { GroupVersionKind } from '#common/api/groupVersion.ts';
import type { KubeObject } from '#common/api/meta.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type { DeleteOptions } from '../../client/client.ts';
import type { ObjectSubresource, WriteOptions } from '../registry/registry.ts';

export interface AdmissionRequest {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  /** The version in which the objects below are; for the resources of a definition, that of the request. */
  readonly kind: KindDefinition;
  /** The version that the request speaks, where that is another one. */
  readonly requested?: KindDefinition;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: ObjectSubresource | RequestSubresource | undefined;
  /** What a request sends that has no kind of its own to be of: the options of an exec, an eviction. `object` is of it. */
  readonly sent?: GroupVersionKind;
  /** The new object: mutable in `mutate`, not to be changed in `validate`. Absent for DELETE. */
  readonly object: KubeObject | undefined;
  /** The stored object. Absent for CREATE. */
  readonly old: KubeObject | undefined;
  readonly deletion?: DeleteOptions;
  readonly options: WriteOptions;
}

/** Subresources that are not views of the object: what is sent to them is a request of its own. */
export type RequestSubresource = 'attach' | 'binding' | 'eviction' | 'exec' | 'portforward' | 'proxy' | 'token';

/** Reads of the present state, for plugins; by kind name, so that plugins need no registry. */
export interface AdmissionState {
  get<T extends KubeObject>(kind: KindDefinition<T>, namespace: string, name: string): T | undefined;
  list<T extends KubeObject>(kind: KindDefinition<T>, namespace?: string): T[];
  suffix(): string;
  /** Milliseconds, the cluster's time. */
  now(): number;
}

/** What `book` may do besides: write another object together with the request's own. */
export interface BookingState extends AdmissionState {
  /** Stores `object` in place of `old`, which was just read. The two writes are kept or lost together. */
  replace<T extends KubeObject>(kind: KindDefinition<T>, object: T, old: T): void;
}

/**
 * Mutation has a second round, in which every plugin is called once more, when one that knows nothing of the others (a
 * webhook, a policy) changed the object in the first.
 */
export interface MutationRound {
  readonly isSecond: boolean;
  /** What a plugin wants to remember in the second round of what it did in the first. */
  readonly memory: Map<AdmissionPlugin, unknown>;
  askForSecond(): void;
}

export interface AdmissionPlugin {
  readonly name: string;
  /** Is asked about what is sent to an exec, an eviction and their like, too; others never see those. */
  readonly seesRequests?: boolean;
  /** True when the plugin has anything to say about this request. */
  handles(request: AdmissionRequest): boolean;
  /** Gives a promise only where it has to wait: most requests pass all plugins in one go. */
  mutate?(request: AdmissionRequest, state: AdmissionState, round: MutationRound): void | Promise<void>;
  /** Runs after validation. Throws ApiError, Forbidden above all. */
  validate?(request: AdmissionRequest, state: AdmissionState): void | Promise<void>;
  /**
   * Runs in the same moment as the request's write, which nothing can come in between of, and not for dry runs. Throws
   * ApiError where what `validate` found to be free has been taken meanwhile.
   */
  book?(request: AdmissionRequest, state: BookingState): void;
}

class Round implements MutationRound {
  isSecond = false;
  secondWanted = false;
  #memory: Map<AdmissionPlugin, unknown> | undefined;

  get memory(): Map<AdmissionPlugin, unknown> {
    return (this.#memory ??= new Map());
  }

  askForSecond(): void {
    this.secondWanted = true;
  }
}

export class AdmissionChain {
  readonly #plugins: readonly AdmissionPlugin[];
  readonly #state: BookingState;

  constructor(plugins: readonly AdmissionPlugin[], state: BookingState) {
    this.#plugins = plugins;
    this.#state = state;
  }

  /**
   * Completes `request.object` in place. False when it is done at once; else a promise, of whether the object was changed
   * by somebody who does not know what the request may change.
   */
  mutate(request: AdmissionRequest): false | Promise<boolean> {
    const round = new Round();
    const rest = this.#mutateFrom(0, request, round);
    return rest || round.secondWanted ? this.#finish(rest, request, round) : false;
  }

  async #finish(rest: void | Promise<void>, request: AdmissionRequest, round: Round): Promise<boolean> {
    await rest;
    if (!round.secondWanted) return false;
    round.isSecond = true;
    await this.#mutateFrom(0, request, round);
    return true;
  }

  /** Goes on without a promise until some plugin gives one. */
  #mutateFrom(start: number, request: AdmissionRequest, round: MutationRound): void | Promise<void> {
    for (let i = start; i < this.#plugins.length; i++) {
      const plugin = this.#plugins[i];
      if (!plugin?.mutate || !sees(plugin, request) || !plugin.handles(request)) continue;
      const answer = plugin.mutate(request, this.#state, round);
      if (answer) return answer.then(() => this.#mutateFrom(i + 1, request, round));
    }
  }

  async validate(request: AdmissionRequest): Promise<void> {
    for (const plugin of this.#plugins) {
      if (!plugin.validate || !sees(plugin, request) || !plugin.handles(request)) continue;
      const answer = plugin.validate(request, this.#state);
      if (answer) await answer;
    }
  }

  /** Both at once, for what stores no object. */
  review(request: AdmissionRequest): Promise<void> {
    const changing = this.mutate(request);
    return changing ? changing.then(() => this.validate(request)) : this.validate(request);
  }

  /** The same for what is sent; no promise where no plugin is concerned. */
  reviewSent(request: AdmissionRequest): void | Promise<void> {
    const concerned = this.#plugins.some((plugin) => sees(plugin, request) && plugin.handles(request));
    return concerned ? this.review(request) : undefined;
  }

  book(request: AdmissionRequest): void {
    for (const plugin of this.#plugins) {
      if (plugin.book && plugin.handles(request)) plugin.book(request, this.#state);
    }
  }
}

const sees = (plugin: AdmissionPlugin, request: AdmissionRequest): boolean =>
  request.sent === undefined || plugin.seesRequests === true;
