/**
 * The messages between the page of one object's details and whoever serves it. What is known of the object comes as plain
 * blocks of values, already in a person's language; long texts (YAML, differences, logs) come only while they are looked at.
 * The page is not trusted: what it sends passes `parseFromDetails`.
 */
import { type CommandId, isCommandId } from './commands.ts';
import type { ClusterMessage, ObjectLocator, RowState, TextsMessage } from './webview.ts';

/** How a text is meant, besides its words. */
export type Tone = 'good' | 'warning' | 'bad' | 'quiet';

export type DetailValue =
  | { readonly type: 'text'; readonly text: string; readonly tone?: Tone }
  /** Commands, paths and the like: in fixed width, with its line breaks. */
  | { readonly type: 'code'; readonly text: string }
  /** RFC 3339; the page shows the time since then. */
  | { readonly type: 'time'; readonly at: string }
  /** `missing`: the cluster has no such object. */
  | { readonly type: 'link'; readonly text: string; readonly to: ObjectLocator; readonly missing?: boolean }
  | { readonly type: 'labels'; readonly entries: readonly (readonly [string, string])[] }
  | { readonly type: 'list'; readonly items: readonly DetailValue[] }
  /** A value that is shown only on demand: the page does not have it before. */
  | { readonly type: 'secret'; readonly key: string; readonly bytes: number; readonly shown?: string };

export interface Fact {
  readonly label: string;
  readonly value: DetailValue;
}

export type Block =
  | { readonly type: 'facts'; readonly facts: readonly Fact[] }
  | { readonly type: 'table'; readonly columns: readonly string[]; readonly rows: readonly (readonly DetailValue[])[] }
  | { readonly type: 'note'; readonly tone: Tone; readonly text: string }
  /** A part with a name and a state of its own, such as a container. */
  | {
      readonly type: 'card';
      readonly title: string;
      readonly state: RowState;
      readonly stateText: string;
      readonly why?: string;
      readonly blocks: readonly Block[];
    };

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

export interface FoldedEvent {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly source: string;
  readonly count: number;
  /** RFC 3339. */
  readonly first: string;
  readonly last: string;
  /** Where it is not the object itself that it tells of. */
  readonly about?: { readonly text: string; readonly to: ObjectLocator };
}

export interface TimelineEntry {
  /** RFC 3339. */
  readonly at: string;
  readonly what: string;
  readonly detail?: string;
  readonly state: RowState;
}

export interface Details {
  readonly object: ObjectLocator;
  readonly state: RowState;
  readonly stateText: string;
  readonly why?: string;
  /** What stands beside the name: age, ready count, restarts. */
  readonly summary: readonly Fact[];
  readonly sections: readonly Section[];
  readonly events: readonly FoldedEvent[];
  /** Newest first. */
  readonly timeline: readonly TimelineEntry[];
  readonly hasLogs: boolean;
  /** YAML and differences hide values until they are asked for. */
  readonly hidesValues: boolean;
}

export const detailsTabs = ['overview', 'events', 'timeline', 'logs', 'yaml', 'changes'] as const;
export type DetailsTab = (typeof detailsTabs)[number];

export interface DetailsMessage {
  readonly type: 'details';
  readonly revision: number;
  readonly object: ObjectLocator;
  readonly canGoBack: boolean;
  readonly canReveal: boolean;
  /** Absent while nothing is known (yet). After the object is gone: what was known last. */
  readonly details?: Details;
  /** Why there is nothing to see, or nothing new: the object is gone, may not be seen, has not been found yet. */
  readonly problem?: string;
}

export interface YamlMessage {
  readonly type: 'yaml';
  readonly text: string;
}

export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

export interface ChangesMessage {
  readonly type: 'changes';
  /** As a person knows it: relative to the workspace. Absent: no file has the object. */
  readonly file?: string;
  /** What applying the file would change of the object; only lines near a change, blocks apart from each other. */
  readonly hunks: readonly (readonly DiffLine[])[];
  readonly problem?: string;
}

export interface LogSource {
  readonly pod: string;
  readonly container: string;
  /** `done`: the container has ended, or the log is not followed. */
  readonly state: 'open' | 'done' | 'failed';
  /** Why there is no log. */
  readonly problem?: string;
}

export interface LogLine {
  /** Index into the sources. */
  readonly source: number;
  /** RFC 3339 with nanoseconds; empty where the log has none. */
  readonly at: string;
  readonly text: string;
}

export interface LogsMessage {
  readonly type: 'logs';
  readonly batch: number;
  /** All lines before are gone. */
  readonly reset: boolean;
  readonly sources: readonly LogSource[];
  readonly lines: readonly LogLine[];
  /** Lines that were left out because they came faster than they were drawn. */
  readonly dropped: number;
}

export type ToDetails = DetailsMessage | YamlMessage | ChangesMessage | LogsMessage | ClusterMessage | TextsMessage;

/** What a page of details may have done; each command knows which objects it is for. */
export type FromDetails =
  /** The page listens; it may have been there before and have lost everything. */
  | { readonly type: 'ready'; readonly tab?: DetailsTab }
  /** The details of this revision are on the screen; the next may come. */
  | { readonly type: 'drawn'; readonly revision: number }
  | { readonly type: 'logDrawn'; readonly batch: number }
  | { readonly type: 'tab'; readonly tab: DetailsTab }
  /** `aside`: in a page of its own. */
  | { readonly type: 'open'; readonly object: ObjectLocator; readonly aside: boolean }
  | { readonly type: 'back' }
  /** Shows or hides one value of a Secret; an empty key stands for all of them. */
  | { readonly type: 'reveal'; readonly key: string; readonly shown: boolean }
  | { readonly type: 'yaml'; readonly managedFields: boolean }
  | { readonly type: 'logs'; readonly follow: boolean; readonly previous: boolean }
  | { readonly type: 'command'; readonly command: CommandId };

/** The message, or undefined for anything else. */
export function parseFromDetails(value: unknown): FromDetails | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { type, revision, batch, tab, object, aside, key, shown, managedFields, follow, previous, command } = value as Record<
    string,
    unknown
  >;
  switch (type) {
    case 'ready':
      return tab === undefined ? { type } : isTab(tab) ? { type, tab } : undefined;
    case 'drawn':
      return isCount(revision) ? { type, revision } : undefined;
    case 'logDrawn':
      return isCount(batch) ? { type, batch } : undefined;
    case 'tab':
      return isTab(tab) ? { type, tab } : undefined;
    case 'open': {
      const to = parseLocator(object);
      return to && typeof aside === 'boolean' ? { type, object: to, aside } : undefined;
    }
    case 'back':
      return { type };
    case 'reveal':
      return typeof key === 'string' && typeof shown === 'boolean' ? { type, key, shown } : undefined;
    case 'yaml':
      return typeof managedFields === 'boolean' ? { type, managedFields } : undefined;
    case 'logs':
      return typeof follow === 'boolean' && typeof previous === 'boolean' ? { type, follow, previous } : undefined;
    case 'command':
      return isCommandId(command) ? { type, command } : undefined;
    default:
      return undefined;
  }
}

/** The locator, or undefined for anything else. */
export function parseLocator(value: unknown): ObjectLocator | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { apiVersion, kind, namespace, name, container } = value as Record<string, unknown>;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || typeof namespace !== 'string' || typeof name !== 'string')
    return undefined;
  return { apiVersion, kind, namespace, name, ...(typeof container === 'string' ? { container } : {}) };
}

const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value);
const isTab = (value: unknown): value is DetailsTab => (detailsTabs as readonly unknown[]).includes(value);

/** Whether two locators mean the same object. */
export const isSameObject = (a: ObjectLocator, b: ObjectLocator): boolean =>
  a.kind === b.kind && a.name === b.name && a.namespace === b.namespace && a.apiVersion === b.apiVersion;
