/**
 * This window's cluster: stopped, starting, running, or lost for a moment. Starts its process or attaches to the one that
 * another window started, notices when it dies and brings it back on the same state. Free of the editor.
 */
import path from 'node:path';
import { type Clock, sleep } from '#common/base/clock.ts';
import type { Disposable } from '#common/base/disposable.ts';
import { Emitter } from '#common/base/emitter.ts';
import type { Log } from '#common/base/log.ts';
import type { RunningRecord } from '#common/protocol/runtime.ts';
import type { ClusterPhase } from '#common/protocol/webview.ts';
import type { ApiClient } from '#apiClient/apiClient.ts';
import type { Resources } from '#apiClient/resources.ts';
import { leasesFolderIn, stateFolderIn } from './clusterSign.ts';
import type { Picture } from './dashboardSwitch.ts';
import type { OpenConnection } from './openConnection.ts';
import { endRuntime, findRuntime, isAlive, lastRuntime, RuntimeStartError, startRuntime } from './runtimeProcess.ts';
import { WindowLeases } from './windowLeases.ts';

export interface Connection {
  readonly api: ApiClient;
  readonly resources: Resources;
  readonly kubeconfig: string;
  /** The context of the user's kubeconfig; absent for the playground. */
  readonly context?: string;
  /** Where what names no namespace is; `default` when absent. */
  readonly namespace?: string;
  /** Aborted when this connection ends; the next may be to the same cluster. */
  readonly signal: AbortSignal;
}

export interface SessionOptions {
  readonly runtimeFile: string;
  /** Where the engine keeps what it has made of the runtime's code. */
  readonly codeCache: string;
  /** Of this workspace; the cluster's state is in a folder of it. */
  readonly storageFolder: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly dashboard: Picture;
  nodes(): number;
  /** Whether the cluster outlives its last window. */
  keepRunning(): boolean;
  /** How long it does so where it is not to be kept: a window that is loaded again is gone for some seconds. */
  readonly lingerMs: number;
}

/** A runtime that dies more often than this in such a time is not started again by itself, as editors do with their helpers. */
const deathsAllowed = 3;
const deathsWithinMs = 180_000;
/** How long another window's start is waited for: on a busy machine it takes its time. */
const patienceMs = 30_000;

export class ClusterSession implements Disposable {
  readonly #options: SessionOptions;
  readonly #leases: WindowLeases;
  readonly #onPhase = new Emitter<ClusterPhase>();
  readonly #onRestarted = new Emitter<void>();
  readonly #onFailed = new Emitter<string>();
  #phase: ClusterPhase = 'stopped';
  #connection: (Connection & { end(): void }) | undefined;
  #record: RunningRecord | undefined;
  #starting: Promise<void> | undefined;
  #attaching: Promise<void> | undefined;
  #recovering: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  #watching: Disposable | undefined;
  /** When it died since a person started it, in milliseconds of the clock. */
  #deaths: number[] = [];
  #isClosed = false;

  readonly onPhase = this.#onPhase.event;
  /** The runtime died and is back, on the state that it had. */
  readonly onRestarted = this.#onRestarted.event;
  /** The runtime died and does not come back; the reason in its own words. */
  readonly onFailed = this.#onFailed.event;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#leases = new WindowLeases(leasesFolderIn(options.storageFolder));
  }

  get phase(): ClusterPhase {
    return this.#phase;
  }

  get connection(): Connection | undefined {
    return this.#connection;
  }

  get stateFolder(): string {
    return stateFolderIn(this.#options.storageFolder);
  }

  /** Starts the cluster, or attaches to it where it runs already. Rejects with RuntimeStartError, or when aborted. */
  start(signal: AbortSignal): Promise<void> {
    if (this.#phase === 'running') return Promise.resolve();
    this.#starting ??= this.#startOnce(signal).finally(() => (this.#starting = undefined));
    return this.#starting;
  }

  /** Attaches where another window, or an earlier one, has left the cluster running, now and later. Starts nothing. */
  async attach(): Promise<void> {
    await this.#attachOnce();
    const watching = await this.#leases.watch(() => void this.#attachOnce());
    if (this.#isClosed) watching.dispose();
    else this.#watching = watching;
  }

  #attachOnce(): Promise<void> {
    this.#attaching ??= this.#attachIfStopped().finally(() => (this.#attaching = undefined));
    return this.#attaching;
  }

  async #attachIfStopped(): Promise<void> {
    if (this.#phase !== 'stopped' || this.#stopping || this.#isClosed) return;
    const record = await findRuntime(this.stateFolder);
    if (record && this.#phase === 'stopped') await this.#tryConnect(record);
  }

  /** Ends the cluster for every window; its state stays. */
  async stop(): Promise<void> {
    await this.#starting?.catch(() => undefined);
    this.#stopping ??= this.#stopOnce().finally(() => (this.#stopping = undefined));
    return this.#stopping;
  }

  async #stopOnce(): Promise<void> {
    const record = this.#record;
    await this.#leave();
    if (record) await endRuntime(record, this.#options.clock);
  }

  /** The cluster is, or is to be, no more. */
  async #leave(): Promise<void> {
    this.#disconnect();
    this.#setPhase('stopped');
    this.#options.dashboard.model.clear();
    await this.#leases.release();
  }

  /** This window closes, or is loaded again. The cluster ends some time after its last window, unless it is to be kept. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#watching?.dispose();
    const isUsed = this.#record !== undefined;
    this.#disconnect();
    if (isUsed && this.#options.keepRunning()) await this.#leases.keep();
    await this.#leases.release();
  }

  dispose(): void {
    this.#watching?.dispose();
    this.#disconnect();
    this.#onPhase.dispose();
  }

  async #startOnce(signal: AbortSignal): Promise<void> {
    const returning = this.#phase === 'lost';
    if (!returning) {
      this.#deaths = [];
      this.#setPhase('starting');
    }
    try {
      // What is about to end answers still.
      await this.#stopping?.catch(() => undefined);
      await this.#leases.take();
      const running = await findRuntime(this.stateFolder);
      if (running && (await this.#tryConnect(running))) return;
      await this.#spawn(signal);
    } catch (error) {
      await this.#leases.release();
      this.#setPhase('stopped');
      throw error;
    }
  }

  async #spawn(signal: AbortSignal): Promise<void> {
    const { runtimeFile, codeCache, nodes, storageFolder, lingerMs } = this.#options;
    const leases = { folder: leasesFolderIn(storageFolder), lingerMs };
    const starting = startRuntime({ runtimeFile, codeCache, stateFolder: this.stateFolder, nodes: nodes(), leases }, signal);
    // What reads the kubeconfig is loaded while the process starts.
    void import('./openConnection.ts').then(() => import('yaml'));
    try {
      const ready = await starting;
      this.#options.log.info('The cluster is ready', { ms: ready.ms, server: ready.server });
      const opened = await this.#open();
      // Once more: the other windows hear of it, and now they find the cluster.
      await this.#leases.take();
      this.#follow({ ...ready, startedAt: '' }, opened);
    } catch (error) {
      // Another window may have been faster; what it started may not have said so yet.
      const other = error instanceof RuntimeStartError ? await this.#runtimeOfOthers(signal) : undefined;
      if (!other) throw error;
      await this.#connect(other);
    }
  }

  async #runtimeOfOthers(signal: AbortSignal): Promise<RunningRecord | undefined> {
    const { clock } = this.#options;
    const until = clock.now() + patienceMs;
    for (;;) {
      const record = await findRuntime(this.stateFolder);
      if (record || clock.now() > until || !(await this.#leases.hasOthers())) return record;
      await sleep(clock, 50, signal);
    }
  }

  /** A record may be left over from a process whose number another program has now: only its API proves it. */
  async #tryConnect(record: RunningRecord): Promise<boolean> {
    try {
      await this.#connect(record);
      return true;
    } catch (error) {
      this.#options.log.info('The recorded cluster does not answer', { error: String(error) });
      return false;
    }
  }

  async #connect(record: RunningRecord): Promise<void> {
    const opened = await this.#open();
    try {
      await opened.api.get('/api/v1/namespaces/default');
    } catch (error) {
      opened.api.close();
      throw error;
    }
    await this.#leases.take();
    this.#follow(record, opened);
  }

  get #kubeconfig(): string {
    return path.join(this.stateFolder, 'kubeconfig');
  }

  async #open(): Promise<OpenConnection> {
    const { openConnection } = await import('./openConnection.ts');
    return openConnection([this.#kubeconfig], this.#options.clock);
  }

  /** Of a process that is known to answer. */
  #follow(record: RunningRecord, { api, resources }: OpenConnection): void {
    this.#disconnect();
    const stop = new AbortController();
    const end = (): void => {
      stop.abort();
      api.close();
    };
    this.#record = record;
    this.#connection = { api, resources, kubeconfig: this.#kubeconfig, signal: stop.signal, end };
    this.#setPhase('running');
    this.#options.dashboard.follow({ api, clock: this.#options.clock, signal: stop.signal }, (connected) =>
      this.#onConnection(connected),
    );
  }

  #onConnection(connected: boolean): void {
    if (connected && this.#phase === 'lost' && !this.#starting) this.#setPhase('running');
    // A missing answer is told of each time that one is asked for.
    else if (!connected && (this.#phase === 'running' || this.#phase === 'lost'))
      this.#recovering ??= this.#recover().finally(() => (this.#recovering = undefined));
  }

  /**
   * The API does not answer. While the process lives its watch comes back by itself; a dead one is started again. Called
   * with each attempt that fails, since a process may close its connections a moment before it is gone.
   */
  async #recover(): Promise<void> {
    this.#setPhase('lost');
    const { log, clock } = this.#options;
    const record = await lastRuntime(this.stateFolder);
    if (!record) return this.#leave(); // Another window, or a person, has ended it.
    if (isAlive(record.pid)) {
      // Another window has been faster.
      if (record.pid !== this.#record?.pid && (await this.#tryConnect(record))) this.#onRestarted.fire();
      return;
    }
    const now = clock.now();
    this.#deaths = [...this.#deaths.filter((died) => now - died < deathsWithinMs), now];
    log.warn('The cluster ended unexpectedly', { deaths: this.#deaths.length });
    try {
      if (this.#deaths.length > deathsAllowed) throw new RuntimeStartError('');
      await this.start(new AbortController().signal);
      this.#onRestarted.fire();
    } catch (error) {
      await this.#leave();
      this.#onFailed.fire((error as Error).message);
    }
  }

  #disconnect(): void {
    this.#connection?.end();
    this.#connection = undefined;
    this.#record = undefined;
  }

  #setPhase(phase: ClusterPhase): void {
    if (this.#phase === phase || this.#isClosed) return;
    this.#phase = phase;
    this.#onPhase.fire(phase);
  }
}
