/** One run of a kubectl command: its options, where it writes, and the cluster, which is connected to when first needed. */
import { homedir } from 'node:os';
import type { Readable } from 'node:stream';
import { type ApiClient, createApiClient } from '#apiClient/apiClient.ts';
import type { ClusterAccess } from '#apiClient/clusterAccess.ts';
import { type ApiResource, discover } from '#apiClient/discovery.ts';
import { accessOfContext } from '#apiClient/kubeconfig/contextAccess.ts';
import { type Kubeconfig, kubeconfigFiles, loadKubeconfig } from '#apiClient/kubeconfig/kubeconfig.ts';
import { bool, type Flags, type FlagSpecs, int, list, text } from './flags.ts';
import { ResourceMap } from './resourceMap.ts';

/** Options that every command takes. */
export const globalFlags: FlagSpecs = {
  namespace: { kind: 'string', short: 'n' },
  kubeconfig: text,
  context: text,
  cluster: text,
  as: text,
  'as-group': list,
  'as-uid': text,
  'request-timeout': text,
  'warnings-as-errors': bool,
  'match-server-version': bool,
  v: { kind: 'int', short: 'v' },
  'cache-dir': text,
  'log-flush-frequency': int,
};

export interface Io {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  out(text: string): void;
  err(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts when the person has had enough. */
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  now(): number;
}

export interface Cluster {
  readonly api: ApiClient;
  readonly access: ClusterAccess;
  readonly resources: ResourceMap;
}

export class Session {
  /** `kubectl create namespace` */
  readonly command: string;
  readonly flags: Flags;
  readonly args: readonly string[];
  readonly afterDash: readonly string[] | undefined;
  readonly io: Io;
  /** Of a command that went through but says no, such as a failed `wait`. */
  exitCode = 0;
  #kubeconfig: Promise<Kubeconfig> | undefined;
  #cluster: Promise<Cluster> | undefined;
  readonly #warned = new Set<string>();

  constructor(io: Io, command: string, flags: Flags, args: readonly string[], afterDash?: readonly string[]) {
    this.io = io;
    this.command = command;
    this.flags = flags;
    this.args = args;
    this.afterDash = afterDash;
  }

  get kubeconfigFiles(): string[] {
    const named = this.flags.text('kubeconfig');
    return named === undefined ? kubeconfigFiles(this.io.env, this.io.env['HOME'] ?? homedir()) : [named];
  }

  kubeconfig(): Promise<Kubeconfig> {
    return (this.#kubeconfig ??= loadKubeconfig(this.kubeconfigFiles));
  }

  cluster(): Promise<Cluster> {
    return (this.#cluster ??= this.#connect());
  }

  async api(): Promise<ApiClient> {
    return (await this.cluster()).api;
  }

  async resources(): Promise<ResourceMap> {
    return (await this.cluster()).resources;
  }

  /** Where what names no namespace is. */
  async namespace(): Promise<string> {
    return this.flags.text('namespace') ?? (await this.cluster()).access.namespace ?? 'default';
  }

  /** Once each, as kubectl does. */
  warn(warning: string): void {
    if (this.#warned.has(warning)) return;
    this.#warned.add(warning);
    this.io.err(`Warning: ${warning}\n`);
  }

  async close(): Promise<void> {
    if (this.#cluster) (await this.#cluster.catch(() => undefined))?.api.close();
  }

  async #connect(): Promise<Cluster> {
    const access = { ...(await accessOfContext(await this.kubeconfig(), this.flags.text('context'))), ...this.#impersonation() };
    const api = createApiClient(access, { onWarning: (warning) => this.warn(warning) });
    let known: Promise<readonly ApiResource[]> | undefined;
    return { api, access, resources: new ResourceMap((fresh) => (known = (!fresh && known) || discover(api))) };
  }

  #impersonation(): Pick<ClusterAccess, 'impersonate'> {
    const [user, uid, groups] = [this.flags.text('as'), this.flags.text('as-uid'), this.flags.list('as-group')];
    return user === undefined ? {} : { impersonate: { user, ...(uid ? { uid } : {}), ...(groups.length ? { groups } : {}) } };
  }
}
