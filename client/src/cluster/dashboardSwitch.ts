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
  #showsOther = false;
  /** Of what is followed for the playground: the picture, or its nodes beside another picture. */
  #turn = new AbortController();

  /** To be handed to the playground's session instead of the dashboard. */
  readonly playground: Picture = {
    follow: (context, onConnection) => {
      this.#playground = { context, onConnection };
      this.#followPlayground();
    },
    model: {
      clear: () => {
        this.#playground = undefined;
        if (!this.#showsOther) this.#dashboard.model.clear();
      },
    },
  };

  constructor(dashboard: Picture, playgroundName: string) {
    this.#dashboard = dashboard;
    this.#playgroundName = playgroundName;
  }

  /** Shows another context; whoever ends that aborts its signal. */
  showOther(name: string, context: PictureContext, onConnection: OnConnection): void {
    this.#showsOther = true;
    this.#followPlayground();
    this.#dashboard.model.clear(name);
    this.#dashboard.follow(context, onConnection);
  }

  showPlayground(): void {
    this.#showsOther = false;
    this.#dashboard.model.clear(this.#playgroundName);
    this.#followPlayground();
  }

  #followPlayground(): void {
    this.#turn.abort();
    this.#turn = new AbortController();
    if (!this.#playground || this.#playground.context.signal.aborted) return;
    const { onConnection } = this.#playground;
    const { signal: turn } = this.#turn;
    const context = { ...this.#playground.context, signal: AbortSignal.any([turn, this.#playground.context.signal]) };
    const tell = (connected: boolean): void => {
      if (!turn.aborted) onConnection(connected);
    };
    if (!this.#showsOther) this.#dashboard.follow(context, tell);
    else {
      const listening = { ...context, random: new Random(context.clock.now()) };
      void reflect(listening, nodes, unseen, { onReached: () => tell(true), onMissed: () => tell(false) });
    }
  }
}
