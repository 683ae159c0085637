/**
 * The messages between the tree's page and whoever serves it: the extension host, or a server for a browser. The page
 * sends little and is not trusted: what it sends passes `parseFromView`. What it is sent is a snapshot, then deltas.
 */
import { type CommandId, isCommandId, type RowTrait } from './commands.ts';
import { parseViewState, type ViewState } from './viewState.ts';

/** `none` for rows that have no state of their own, such as groups. */
export type RowState = 'none' | 'ok' | 'progressing' | 'warning' | 'failed' | 'done' | 'unknown';

/** Which object a row stands for: what a command needs to reach it. */
export interface ObjectLocator {
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty for what is cluster-scoped. */
  readonly namespace: string;
  readonly name: string;
  /** For a container's row: the object is its pod. */
  readonly container?: string;
}

export interface TreeRow {
  readonly id: string;
  /** Empty at the top. A row whose parent is not there (yet) is not shown. */
  readonly parent: string;
  /** A Kubernetes kind; CustomResource or Object for other kinds; Cluster, Group, Container, Endpoint, Backend, Volume. */
  readonly kind: string;
  readonly name: string;
  /** Siblings are sorted by it. */
  readonly order: string;
  readonly state: RowState;
  /** `2/3` */
  readonly ready?: string;
  readonly restarts?: number;
  /** RFC 3339; the page shows the time since then. */
  readonly since?: string;
  /** What it is, in a few words: an image, an address. */
  readonly detail?: string;
  /** Why it is not healthy. */
  readonly why?: string;
  /** Whether its children are shown until a person says otherwise. */
  readonly open?: boolean;
  /** Of the object, to select and to group by. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Of the pods that it makes or selects: what it is grouped by where its own labels say nothing. */
  readonly podLabels?: Readonly<Record<string, string>>;
  /** The node that a pod is on. */
  readonly node?: string;
  /** Kept by the cluster for rolling back and running nothing: shown when a person asks for it. */
  readonly retired?: true;
  /** A piece of its parent, such as a pod's container: a filter that shows the one shows the other. */
  readonly part?: true;
  /** How many warning events there are about it, and what the latest says. */
  readonly warnings?: number;
  readonly warning?: string;
  readonly object?: ObjectLocator;
  readonly traits?: readonly RowTrait[];
}

export interface RowsMessage {
  readonly type: 'rows';
  readonly revision: number;
  /** All rows before are gone. */
  readonly reset: boolean;
  readonly set: readonly TreeRow[];
  readonly removed: readonly string[];
  /** The picture is not whole yet: more of it is on its way. */
  readonly loading?: true;
}

export type ClusterPhase = 'untrusted' | 'stopped' | 'starting' | 'running' | 'lost';

export interface ClusterMessage {
  readonly type: 'cluster';
  readonly phase: ClusterPhase;
}

export interface TextsMessage {
  readonly type: 'texts';
  readonly texts: Readonly<Record<string, string>>;
}

/** What a page of this workspace kept last; for a page that remembers nothing itself. */
export interface StateMessage {
  readonly type: 'state';
  readonly state: ViewState;
}

export type ToView = RowsMessage | ClusterMessage | TextsMessage | StateMessage;

export type FromView =
  /** The page listens; it may have been there before and have lost everything. */
  | { readonly type: 'ready' }
  /** The rows of this revision are on the screen; the next may come. */
  | { readonly type: 'drawn'; readonly revision: number }
  /** What is to be kept for the next page. */
  | { readonly type: 'state'; readonly state: ViewState }
  | { readonly type: 'command'; readonly command: CommandId; readonly row?: string };

/** The message, or undefined for anything else. */
export function parseFromView(value: unknown): FromView | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { type, revision, command, row, state } = value as Record<string, unknown>;
  switch (type) {
    case 'ready':
      return { type };
    case 'drawn':
      return typeof revision === 'number' && Number.isSafeInteger(revision) ? { type, revision } : undefined;
    case 'state':
      return { type, state: parseViewState(state) };
    case 'command':
      if (!isCommandId(command) || !(row === undefined || typeof row === 'string')) return undefined;
      return { type, command, ...(row === undefined ? {} : { row }) };
    default:
      return undefined;
  }
}

/** What a row puts into `data-vscode-context`: `when` clauses read it, and the command receives it. */
export interface RowContext {
  readonly webviewSection: 'row';
  readonly kubeKind: string;
  readonly kubeRow: string;
  /** The row's traits with blanks between them. */
  readonly kubeIs: string;
  readonly preventDefaultContextMenuItems: true;
}

export const rowContext = (row: TreeRow): RowContext => ({
  webviewSection: 'row',
  kubeKind: row.kind,
  kubeRow: row.id,
  kubeIs: (row.traits ?? []).join(' '),
  preventDefaultContextMenuItems: true,
});

/** The id of the row that a context-menu command was called for. */
export function contextRow(argument: unknown): string | undefined {
  const id = (argument as Partial<RowContext> | null | undefined)?.kubeRow;
  return typeof id === 'string' ? id : undefined;
}
