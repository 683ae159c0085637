/** The ports of this machine that lead to pods, as long as the cluster is there; a line in the status bar counts them. */
import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '#common/base/disposable.ts';
import { forwardPort, type PortForward, type PortTarget } from '#apiClient/streams/portForward.ts';
import type { CommandId } from '#common/protocol/commands.ts';
import type { Connection } from '../cluster/clusterSession.ts';

export interface RunningForward {
  /** `service/web:80` */
  readonly title: string;
  readonly target: PortTarget;
  readonly localPort: number;
  readonly url: string;
}

interface Held extends RunningForward {
  readonly connection: Connection;
  readonly forward: PortForward;
}

export class PortForwards implements Disposable {
  readonly #running = new Set<Held>();
  readonly #disposables = new DisposableStore();
  readonly #item = this.#disposables.add(
    vscode.window.createStatusBarItem('kubePlayground.ports', vscode.StatusBarAlignment.Left, 48),
  );

  constructor() {
    this.#item.name = vscode.l10n.t('Kube Playground: Forwarded Ports');
    this.#item.command = 'kubePlayground.forwardedPorts' satisfies CommandId;
  }

  get all(): readonly RunningForward[] {
    return [...this.#running];
  }

  /** The one that leads there already. */
  find(connection: Connection, title: string): RunningForward | undefined {
    return [...this.#running].find((each) => each.connection === connection && each.title === title);
  }

  /** `localPort` 0 takes any free one. Rejects with Node's EADDRINUSE for one that is taken. */
  async start(
    connection: Connection,
    title: string,
    target: PortTarget,
    localPort: number,
    secure: boolean,
  ): Promise<RunningForward> {
    const onProblem = ({ message }: Error): void => void vscode.window.setStatusBarMessage(`⎈ ${title}: ${message}`, 6_000);
    const forward = await forwardPort(connection.api, target, localPort, onProblem);
    const url = `${secure ? 'https' : 'http'}://127.0.0.1:${forward.localPort}`;
    const held: Held = { title, target, localPort: forward.localPort, url, connection, forward };
    this.#running.add(held);
    connection.signal.addEventListener('abort', () => void this.stop(held), { once: true });
    this.#update();
    return held;
  }

  async stop(running: RunningForward): Promise<void> {
    const held = [...this.#running].find((each) => each === running);
    if (!held) return;
    this.#running.delete(held);
    this.#update();
    await held.forward.close();
  }

  dispose(): void {
    for (const each of this.all) void this.stop(each);
    this.#disposables.dispose();
  }

  #update(): void {
    const lines = this.all.map(({ title, localPort }) => `127.0.0.1:${localPort} → ${title}`);
    this.#item.text = `$(plug) ${lines.length}`;
    this.#item.tooltip = [vscode.l10n.t('Forwarded ports. Click to stop them.'), ...lines].join('\n');
    this.#item.accessibilityInformation = { label: this.#item.tooltip };
    if (lines.length > 0) this.#item.show();
    else this.#item.hide();
  }
}
