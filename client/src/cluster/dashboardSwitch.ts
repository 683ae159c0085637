/**
 * One picture for two clusters: the playground's, or that of another context while one is shown. The playground's process
 * is listened to all the same, so that its death is noticed whatever is on the screen. Free of the editor.
 */
import type { Clock } from '#common/base/clock.ts';
import { Random } from '#common/base/random.ts';
import type { ObjectSink } from '#apiClient/reflector.ts';
import { reflect } from '#apiClient/reflector.ts';
import type { ApiClient } from '#apiClient/apiClient.ts';

export interface PictureContext {
  readonly api: ApiClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** What a cluster needs of a dashboard. */
export interface Picture {
  follow(context: PictureContext, onConnection: (connected: boolean) => void): void;
  readonly model: { clear(clusterName?: string): void };
}

type OnConnection = (connected: boolean) => void;

const unseen: ObjectSink = { replace: () => undefined, set: () => undefined, remove: () => undefined };
const nodes = { kind: 'Node', apiVersion: 'v1', path: '/api/v1/nodes' };

export class DashboardSwitch {
  readonly #dashboard: Picture;
  readonly #playgroundName: string;
  #playground: { readonly context: PictureContext; readonly onConnection: OnConnection } | undefined;
  #other: string | undefined;
  /** Ends the listening beside the picture. */
  #aside = new AbortController();

  /** To be handed to the playground's session instead of the dashboard. */
  readonly playground: Picture = {
    follow: (context, onConnection) => {
      this.#playground = { context, onConnection };
      this.#followPlayground();
    },
    model: {
      clear: () => {
        this.#playground = undefined;
        if (this.#other === undefined) this.#dashboard.model.clear();
      },
    },
  };

  constructor(dashboard: Picture, playgroundName: string) {
    this.#dashboard = dashboard;
    this.#playgroundName = playgroundName;
  }

  /** Shows another context, until `showPlayground`. */
  showOther(name: string, context: PictureContext, onConnection: OnConnection): void {
    this.#other = name;
    this.#dashboard.model.clear(name);
    this.#dashboard.follow(context, onConnection);
    this.#followPlayground();
  }

  showPlayground(): void {
    this.#other = undefined;
    this.#dashboard.model.clear(this.#playgroundName);
    this.#followPlayground();
  }

  #followPlayground(): void {
    this.#aside.abort();
    this.#aside = new AbortController();
    if (!this.#playground || this.#playground.context.signal.aborted) return;
    const { context, onConnection } = this.#playground;
    if (this.#other === undefined) {
      this.#dashboard.follow(context, onConnection);
      return;
    }
    const { signal } = this.#aside;
    const tell = (connected: boolean): void => {
      if (!signal.aborted) onConnection(connected);
    };
    const listening = {
      ...context,
      signal: AbortSignal.any([signal, context.signal]),
      random: new Random(context.clock.now()),
    };
    void reflect(listening, nodes, unseen, { onReached: () => tell(true), onMissed: () => tell(false) });
  }
}
