/** A terminal in a container: what is typed goes there, what it prints comes here, and it knows the window's size. */
import { PassThrough, Writable } from 'node:stream';
import * as vscode from 'vscode';
import { Emitter } from '#common/base/emitter.ts';
import { execInPod, type ExecTarget } from '#apiClient/streams/exec.ts';
import type { Connection } from '../cluster/clusterSession.ts';

/** The better shell that the image has. */
const shell = ['sh', '-c', 'if command -v bash >/dev/null 2>&1; then exec bash; else exec sh; fi'];

export function openContainerTerminal(connection: Connection, target: ExecTarget): vscode.Terminal {
  const name = [target.pod, target.container].filter((part) => part).join('/');
  const pty = new ContainerTerminal(connection, target);
  const terminal = vscode.window.createTerminal({ name: `⎈ ${name}`, pty, iconPath: new vscode.ThemeIcon('terminal') });
  terminal.show();
  return terminal;
}

class ContainerTerminal implements vscode.Pseudoterminal {
  readonly #connection: Connection;
  readonly #target: ExecTarget;
  readonly #onDidWrite = new vscode.EventEmitter<string>();
  readonly #onDidClose = new vscode.EventEmitter<number | void>();
  readonly #onSize = new Emitter<vscode.TerminalDimensions>();
  readonly #input = new PassThrough();
  readonly #stop = new AbortController();
  #size: vscode.TerminalDimensions | undefined;

  readonly onDidWrite = this.#onDidWrite.event;
  readonly onDidClose = this.#onDidClose.event;

  constructor(connection: Connection, target: ExecTarget) {
    this.#connection = connection;
    this.#target = target;
  }

  open(initialDimensions: vscode.TerminalDimensions | undefined): void {
    this.#size = initialDimensions;
    void this.#run();
  }

  handleInput(data: string): void {
    this.#input.write(data);
  }

  setDimensions(dimensions: vscode.TerminalDimensions): void {
    this.#size = dimensions;
    this.#onSize.fire(dimensions);
  }

  close(): void {
    this.#stop.abort();
    this.#onSize.dispose();
  }

  async #run(): Promise<void> {
    const decoder = new TextDecoder();
    const stdout = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        // A character may lie in two chunks.
        this.#onDidWrite.fire(decoder.decode(chunk, { stream: true }));
        done();
      },
    });
    const signal = AbortSignal.any([this.#stop.signal, this.#connection.signal]);
    const onResize = (listener: (columns: number, rows: number) => void): { dispose(): void } => {
      if (this.#size) listener(this.#size.columns, this.#size.rows);
      return this.#onSize.event(({ columns, rows }) => listener(columns, rows));
    };
    try {
      const streams = { stdin: this.#input, stdout, tty: true, onResize };
      this.#onDidClose.fire(await execInPod(this.#connection.api, this.#target, shell, streams, signal));
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      const reason = this.#connection.signal.aborted ? vscode.l10n.t('The cluster is gone.') : (error as Error).message;
      this.#onDidWrite.fire(`\r\n\x1b[31m${reason.replaceAll('\n', '\r\n')}\x1b[0m\r\n`);
      // Without a code the terminal would close, and nobody could read why.
      this.#onDidClose.fire(1);
    }
  }
}
