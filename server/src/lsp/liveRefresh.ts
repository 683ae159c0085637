/**
 * Tells the editor that lenses and hints may say other things now: the cluster has moved on, or the time has. Not more often
 * than twice a second.
 */
import type { ClientCapabilities, Connection } from 'vscode-languageserver/node';
import type { Clock } from '#common/base/clock.ts';
import type { Disposable } from '#common/base/disposable.ts';

const delay = 500;
const age = 60_000;

export class LiveRefresh implements Disposable {
  readonly #connection: Connection;
  readonly #client: ClientCapabilities;
  readonly #clock: Clock;
  #timer: Disposable | undefined;
  #ageing: Disposable | undefined;

  constructor(connection: Connection, client: ClientCapabilities, clock: Clock) {
    this.#connection = connection;
    this.#client = client;
    this.#clock = clock;
  }

  refresh(): void {
    const { codeLens, inlayHint } = this.#client.workspace ?? {};
    if (!codeLens?.refreshSupport && !inlayHint?.refreshSupport) return;
    this.#timer ??= this.#clock.setTimeout(() => {
      this.#timer = undefined;
      // An editor that has gone meanwhile does not answer.
      if (codeLens?.refreshSupport) void this.#connection.sendRequest('workspace/codeLens/refresh').catch(() => undefined);
      if (inlayHint?.refreshSupport) void this.#connection.sendRequest('workspace/inlayHint/refresh').catch(() => undefined);
    }, delay);
  }

  /** The editor shows how long ago something was: in a minute that is another time. */
  refreshInAMinute(): void {
    this.#ageing ??= this.#clock.setTimeout(() => {
      this.#ageing = undefined;
      this.refresh();
    }, age);
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#ageing?.dispose();
  }
}
