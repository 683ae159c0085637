/**
 * Sends diagnostics when something has changed: the edited file first and at once, then the other open ones, then those that
 * are not open, in slices of time. A file whose diagnostics are what they were is not sent again.
 */
import type { Connection } from 'vscode-languageserver/node';
import type { Clock } from '#common/base/clock.ts';
import { type Disposable, DisposableStore } from '#common/base/disposable.ts';
import type { Log } from '#common/base/log.ts';
import type { Diagnostic } from '../rules/rule.ts';
import type { RuleRunner } from '../rules/runner.ts';
import { StaleSnapshot, type World } from '../world.ts';
import type { Convert } from './convert.ts';

/** How long after a change files that are not open are looked at again, in milliseconds. */
const backgroundDelay = 300;

export interface PublisherDeps {
  readonly connection: Connection;
  readonly world: World;
  readonly runner: RuleRunner;
  readonly convert: Convert;
  readonly clock: Clock;
  readonly log: Log;
}

export class DiagnosticsPublisher implements Disposable {
  readonly #deps: PublisherDeps;
  readonly #disposables = new DisposableStore();
  readonly #stop = new AbortController();
  /** What was sent last, by file; a file without an entry has no diagnostics. */
  readonly #sent = new Map<string, { readonly version: number | undefined; readonly text: string }>();
  /** Files whose diagnostics show places of others, with those. */
  readonly #pointing = new Map<string, ReadonlySet<string>>();
  /** The index's `othersRevision` up to which the other files are looked at, or are going to be. */
  #othersRevision = 0;
  readonly #urgent = new Set<string>();
  #openDue = false;
  #backgroundDue: Disposable | undefined;
  #background = false;
  #running = false;

  constructor(deps: PublisherDeps) {
    this.#deps = deps;
    this.#disposables.add(
      deps.world.index.onChange(({ uri, file }) => {
        if (!file) this.#clear(uri);
        if (!file || !deps.world.index.isOpen(uri)) return this.refresh();
        this.#urgent.add(uri);
        for (const [pointing, to] of this.#pointing) if (to.has(uri)) this.#urgent.add(pointing);
        if (deps.world.index.othersRevision !== this.#othersRevision) this.refresh();
        else this.#wake();
      }),
    );
  }

  /** Everything may be different: settings, kinds, facts. */
  refresh(): void {
    this.#openDue = true;
    this.#othersRevision = this.#deps.world.index.othersRevision;
    this.#backgroundDue ??= this.#deps.clock.setTimeout(() => {
      this.#backgroundDue = undefined;
      this.#background = true;
      this.#wake();
    }, backgroundDelay);
    this.#wake();
  }

  dispose(): void {
    this.#stop.abort();
    this.#backgroundDue?.dispose();
    this.#disposables.dispose();
  }

  #wake(): void {
    if (this.#running || this.#stop.signal.aborted) return;
    this.#running = true;
    void this.#run().catch((error: unknown) => {
      this.#running = false;
      this.#deps.log.error('diagnostics failed', { error: String((error as Error)?.stack ?? error) });
    });
  }

  async #run(): Promise<void> {
    // Changes that come in one message are looked at together.
    await this.#turn();
    for (let job = this.#next(); job && !this.#stop.signal.aborted; job = this.#next()) {
      await this.#publishAll(job);
      await this.#turn();
    }
    this.#running = false;
  }

  #next(): string[] | undefined {
    const { index, settings, workspaceKnown } = this.#deps.world;
    if (this.#urgent.size > 0) {
      const uris = [...this.#urgent];
      this.#urgent.clear();
      return uris;
    }
    if (this.#openDue) {
      this.#openDue = false;
      return index.files().flatMap(({ uri }) => (index.isOpen(uri) ? [uri] : []));
    }
    // While folders are being read, whatever is found of closed files would soon have to be found again.
    if (!this.#background || !workspaceKnown) return undefined;
    this.#background = false;
    return settings.diagnoseWorkspace
      ? index.files().flatMap(({ uri }) => (index.isOpen(uri) ? [] : [uri]))
      : index.files().flatMap(({ uri }) => (index.isOpen(uri) ? [] : (this.#clear(uri), [])));
  }

  async #publishAll(uris: readonly string[]): Promise<void> {
    let since = this.#deps.clock.now();
    for (const [i, uri] of uris.entries()) {
      await this.#publish(uri);
      // What somebody types comes first; the rest of this is done afterwards.
      if (this.#urgent.size > 0 && !this.#urgent.has(uri)) {
        await this.#publishAll([...this.#takeUrgent()]);
      }
      if (this.#stop.signal.aborted) return;
      if (i % 16 === 15 && this.#deps.clock.now() - since >= 8) {
        await this.#turn();
        since = this.#deps.clock.now();
      }
    }
  }

  #takeUrgent(): Set<string> {
    const urgent = new Set(this.#urgent);
    this.#urgent.clear();
    return urgent;
  }

  async #publish(uri: string): Promise<void> {
    const { world, runner, convert, clock } = this.#deps;
    const file = world.index.get(uri);
    if (!file) return;
    const snapshot = world.snapshot(this.#stop.signal, file);
    try {
      const found = await runner.diagnoseInTurns(snapshot, file, { now: () => clock.now(), turn: () => this.#turn() });
      this.#notePlaces(uri, found);
      const diagnostics = found.map((diagnostic) => convert.diagnostic(file, diagnostic));
      await this.#send(uri, file.version, diagnostics);
    } catch (error) {
      // An edit came in between, and with it another turn of this file.
      if (!(error instanceof StaleSnapshot)) throw error;
    }
  }

  /** Places of other files that the diagnostics show move when those are edited. */
  #notePlaces(uri: string, found: readonly Diagnostic[]): void {
    const others = new Set(found.flatMap(({ related = [] }) => related.map(({ object }) => object.uri)));
    others.delete(uri);
    if (others.size > 0) this.#pointing.set(uri, others);
    else this.#pointing.delete(uri);
  }

  async #send(uri: string, version: number | undefined, diagnostics: ReturnType<Convert['diagnostic']>[]): Promise<void> {
    const text = JSON.stringify(diagnostics);
    const before = this.#sent.get(uri);
    if (version === undefined && text === '[]') this.#sent.delete(uri);
    else this.#sent.set(uri, { version, text });
    // Open files are told of each version, so that a client can tell that it was looked at.
    if ((version === undefined || version === before?.version) && text === (before?.text ?? '[]')) return;
    await this.#deps.connection.sendDiagnostics({ uri, diagnostics, ...(version === undefined ? {} : { version }) });
  }

  #clear(uri: string): void {
    const before = this.#sent.get(uri);
    this.#sent.delete(uri);
    this.#pointing.delete(uri);
    if (before && before.text !== '[]') void this.#deps.connection.sendDiagnostics({ uri, diagnostics: [] });
  }

  #turn(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }
}
