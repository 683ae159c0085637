/** What an editor and the language server say to each other besides the Language Server Protocol. */
export interface ClusterTarget {
  /** The kubeconfig's files, as in KUBECONFIG; one path will do. Absent: no cluster. */
  readonly kubeconfig?: string | readonly string[];
  /** The kubeconfig's current context when absent. */
  readonly context?: string;
}

/** `initializationOptions`. */
export interface ServerOptions extends ClusterTarget {
  /** As under `kubePlayground` in the editor's settings. */
  readonly settings?: unknown;
}

/** Notification to the server: facts come from this cluster from now on. Parameters: ClusterTarget. */
export const contextNotification = 'kubePlayground/context';

/** Request: why the object at a position is as it is. Parameters: a text document and a position; answers an Explanation. */
export const explainRequest = 'kubePlayground/explain';

/** Notification from the server, when the cluster comes or goes. Parameters: FactsNote. */
export const factsNotification = 'kubePlayground/facts';

export interface FactsNote {
  readonly state: 'none' | 'connecting' | 'live' | 'lost';
  readonly context?: string;
  readonly problem?: string;
}
