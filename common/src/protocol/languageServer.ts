/** What an editor and the language server say to each other besides the Language Server Protocol. */
import type { ObjectLocator } from './webview.ts';

/** What the commands above an object get: where it is written, and which object of the cluster that is. */
export interface DocumentTarget {
  readonly uri: string;
  /** Which of the file's documents it is, from 0. */
  readonly index: number;
  readonly object: ObjectLocator;
}

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

/** What the explain request answers, or null: a step of the chain of causes, with what it depends on. */
export interface Explanation {
  readonly title: string;
  readonly state: 'good' | 'bad' | 'waiting' | 'unknown';
  readonly detail?: string;
  /** A Location of the Language Server Protocol. */
  readonly location?: {
    readonly uri: string;
    readonly range: { readonly start: LspPosition; readonly end: LspPosition };
  };
  /** An object of the cluster. */
  readonly live?: ObjectLocator;
  readonly because: readonly Explanation[];
}

interface LspPosition {
  readonly line: number;
  readonly character: number;
}

/** Notification from the server, when the cluster comes or goes. Parameters: FactsNote. */
export const factsNotification = 'kubePlayground/facts';

export interface FactsNote {
  readonly state: 'none' | 'connecting' | 'live' | 'lost';
  readonly context?: string;
  readonly problem?: string;
}
