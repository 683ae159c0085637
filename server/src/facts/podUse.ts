/**
 * What the containers of a namespace use, from the cluster's metrics API. It is asked when somebody wants to know and never
 * watched; an answer is good for as long as the measuring itself takes. A cluster that measures nothing, does not let one see
 * it, or is slow to say has no answer.
 */
import type { ApiClient } from '#apiClient/apiClient.ts';
import { resourcePath } from '#apiClient/apiPath.ts';
import { ConnectionError } from '#apiClient/connectionError.ts';
import type { UntypedObject } from '#common/api/meta.ts';
import { ApiError } from '#common/api/status.ts';
import type { Clock } from '#common/base/clock.ts';

/** PodMetrics objects; undefined where nothing is measured. */
export type MeasuredPods = readonly UntypedObject[] | undefined;

const goodForMs = 10_000;
/** Whoever asks has an editor that waits. */
const patienceMs = 2_000;

export class PodUse {
  readonly #clock: Clock;
  #last:
    | { readonly api: ApiClient; readonly namespace: string; readonly at: number; readonly answer: Promise<MeasuredPods> }
    | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  in(api: ApiClient, namespace: string): Promise<MeasuredPods> {
    const at = this.#clock.now();
    const last = this.#last;
    if (last?.api === api && last.namespace === namespace && at - last.at < goodForMs) return last.answer;
    const answer = this.#ask(api, namespace);
    this.#last = { api, namespace, at, answer };
    return answer;
  }

  async #ask(api: ApiClient, namespace: string): Promise<MeasuredPods> {
    const slow = new AbortController();
    const timer = this.#clock.setTimeout(() => slow.abort(), patienceMs);
    try {
      const path = resourcePath('metrics.k8s.io/v1beta1', 'pods', namespace);
      return (await api.get<{ items?: readonly UntypedObject[] | null }>(path, slow.signal)).items ?? [];
    } catch (error) {
      if (slow.signal.aborted || error instanceof ApiError || error instanceof ConnectionError) return undefined;
      throw error;
    } finally {
      timer.dispose();
    }
  }
}
