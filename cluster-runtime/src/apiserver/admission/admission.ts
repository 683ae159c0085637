/**
 * The last station before validation: plugins that complete an object (mutate) or refuse it (validate), in the order
 * of Kubernetes' default chain. One file per plugin.
 */
import type { KubeObject } from '#common/api/meta.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type { DeleteOptions } from '../../client/client.ts';
import type { ObjectSubresource, WriteOptions } from '../registry/registry.ts';

export interface AdmissionRequest {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly kind: KindDefinition;
  readonly namespace: string;
  readonly name: string;
  readonly subresource: ObjectSubresource | undefined;
  /** The new object: mutable in `mutate`, not to be changed in `validate`. Absent for DELETE. */
  readonly object: KubeObject | undefined;
  /** The stored object. Absent for CREATE. */
  readonly old: KubeObject | undefined;
  readonly deletion?: DeleteOptions;
  readonly options: WriteOptions;
}

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

export interface AdmissionPlugin {
  readonly name: string;
  /** True when the plugin has anything to say about this request. */
  handles(request: AdmissionRequest): boolean;
  mutate?(request: AdmissionRequest, state: AdmissionState): void;
  /** Runs after validation. Throws ApiError, Forbidden above all. */
  validate?(request: AdmissionRequest, state: AdmissionState): void | Promise<void>;
  /**
   * Runs in the same moment as the request's write, which nothing can come in between of, and not for dry runs. Throws
   * ApiError where what `validate` found to be free has been taken meanwhile.
   */
  book?(request: AdmissionRequest, state: BookingState): void;
}

export class AdmissionChain {
  readonly #plugins: readonly AdmissionPlugin[];
  readonly #state: BookingState;

  constructor(plugins: readonly AdmissionPlugin[], state: BookingState) {
    this.#plugins = plugins;
    this.#state = state;
  }

  mutate(request: AdmissionRequest): void {
    for (const plugin of this.#plugins) {
      if (plugin.mutate && plugin.handles(request)) plugin.mutate(request, this.#state);
    }
  }

  async validate(request: AdmissionRequest): Promise<void> {
    for (const plugin of this.#plugins) {
      if (!plugin.validate || !plugin.handles(request)) continue;
      const answer = plugin.validate(request, this.#state);
      if (answer) await answer;
    }
  }

  book(request: AdmissionRequest): void {
    for (const plugin of this.#plugins) {
      if (plugin.book && plugin.handles(request)) plugin.book(request, this.#state);
    }
  }
}
