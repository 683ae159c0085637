/** All that is needed to speak to one cluster as one user: what a context of a kubeconfig comes down to. */
export interface ClusterAccess {
  /** `https://host:port`, with a path where the API is served below one. */
  readonly server: string;
  /** What proves the server, PEM; the system's authorities when absent. */
  readonly ca?: Buffer;
  /** The client's own certificate and key, PEM. */
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly token?: string;
  /** Read again for each request: who writes it replaces the token before it expires. */
  readonly tokenFile?: string;
  readonly basic?: { readonly username: string; readonly password: string };
  readonly exec?: ExecPlugin;
  readonly impersonate?: Impersonation;
  /** The name that the server's certificate must have, where it is not that of the address. */
  readonly tlsServerName?: string;
  /** Whoever answers is believed. */
  readonly insecure?: boolean;
  readonly proxyUrl?: string;
  /** Where what names no namespace is; `default` when absent. */
  readonly namespace?: string;
}

/** A program that gives out credentials (client.authentication.k8s.io). */
export interface ExecPlugin {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What the kubeconfig's author says to those who do not have the program. */
  readonly installHint?: string;
  readonly interactiveMode?: string;
  /** What the program is told of the cluster, where it asks for that. */
  readonly clusterInfo?: Readonly<Record<string, unknown>>;
}

export interface Impersonation {
  readonly user: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}
