/**
 * The cluster that this window shows: its playground, or a context of the user's kubeconfig. Whoever shows or changes
 * something asks here for the connection and for what may be done over it. Free of the editor.
 */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import type { Clock } from '#common/base/clock.ts';
import { type Disposable, DisposableStore } from '#common/base/disposable.ts';
import { Emitter } from '#common/base/emitter.ts';
import type { ClusterTarget } from '#common/protocol/languageServer.ts';
import type { ClusterPhase } from '#common/protocol/webview.ts';
import { type ContextSummary, contextsOf, kubeconfigFiles, loadKubeconfig } from '#apiClient/kubeconfig/kubeconfig.ts';
import type { ClusterSession, Connection } from './clusterSession.ts';
import { type Access, accessTo } from './contextRules.ts';
import type { DashboardSwitch } from './dashboardSwitch.ts';

export const playgroundName = 'playground';

export interface ShownClusterOptions {
  readonly session: ClusterSession;
  readonly dashboards: DashboardSwitch;
  readonly clock: Clock;
  /** The contexts that the user's own settings allow to be changed. */
  allowedContexts(): unknown;
}

interface Other {
  readonly name: string;
  readonly files: readonly string[];
  readonly connection: Connection;
  isReached: boolean;
  end(): void;
}

/** What the window's parts may know of the cluster that they show. */
export type ClusterView = Pick<ShownCluster, 'phase' | 'connection' | 'onPhase'>;

export class ShownCluster implements Disposable {
  readonly #options: ShownClusterOptions;
  readonly #disposables = new DisposableStore();
  readonly #onPhase = this.#disposables.add(new Emitter<ClusterPhase>());
  #other: Other | undefined;

  /** Another phase, or another cluster. */
  readonly onPhase = this.#onPhase.event;

  constructor(options: ShownClusterOptions) {
    this.#options = options;
    this.#disposables.add(options.session.onPhase((phase) => !this.#other && this.#onPhase.fire(phase)));
  }

  /** The kubeconfig's context; undefined for the playground. */
  get context(): string | undefined {
    return this.#other?.name;
  }

  get name(): string {
    return this.#other?.name ?? playgroundName;
  }

  get phase(): ClusterPhase {
    return this.#other ? 'running' : this.#options.session.phase;
  }

  get connection(): Connection | undefined {
    return this.#other ? this.#other.connection : this.#options.session.connection;
  }

  /** False while another context's server does not answer. */
  get isReached(): boolean {
    return this.#other?.isReached ?? this.#options.session.phase === 'running';
  }

  get access(): Access {
    return accessTo(this.context, this.allowedContexts);
  }

  /** As the user's own settings say, whatever that is. */
  get allowedContexts(): unknown {
    return this.#options.allowedContexts();
  }

  /** What the language server is to look at. */
  get target(): ClusterTarget {
    if (this.#other) return { kubeconfig: this.#other.files, context: this.#other.name };
    const kubeconfig = this.#options.session.connection?.kubeconfig;
    return kubeconfig === undefined ? {} : { kubeconfig };
  }

  /** What there is to choose from besides the playground; nothing where there is no kubeconfig. Throws KubeconfigError. */
  async contexts(): Promise<ContextSummary[]> {
    const files = userFiles();
    return files.some((file) => existsSync(file)) ? contextsOf(await loadKubeconfig(files)) : [];
  }

  /** Shows that context from now on. Rejects, and stays where it is, when its server does not answer. */
  async showContext(name: string, signal: AbortSignal): Promise<void> {
    const files = userFiles();
    const { openConnection } = await import('./openConnection.ts');
    const { api, resources, namespace } = await openConnection(files, this.#options.clock, name);
    try {
      await api.get('/version', signal);
    } catch (error) {
      api.close();
      throw error;
    }
    const stop = new AbortController();
    const connection: Connection = {
      api,
      resources,
      kubeconfig: files.join(path.delimiter),
      signal: stop.signal,
      context: name,
      ...(namespace ? { namespace } : {}),
    };
    const end = (): void => {
      stop.abort();
      api.close();
    };
    this.#other?.end();
    const other: Other = { name, files, connection, isReached: true, end };
    this.#other = other;
    this.#options.dashboards.showOther(name, { api, clock: this.#options.clock, signal: stop.signal }, (connected) => {
      if (other.isReached === connected || this.#other !== other) return;
      other.isReached = connected;
      this.#onPhase.fire('running');
    });
    this.#onPhase.fire(this.phase);
  }

  showPlayground(): void {
    if (!this.#other) return;
    this.#other.end();
    this.#other = undefined;
    this.#options.dashboards.showPlayground();
    this.#onPhase.fire(this.phase);
  }

  dispose(): void {
    this.#other?.end();
    this.#other = undefined;
    this.#disposables.dispose();
  }
}

const userFiles = (): string[] => kubeconfigFiles(process.env, homedir());
