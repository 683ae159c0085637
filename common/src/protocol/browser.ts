/**
 * What is said between the dashboard's server and its page in an ordinary browser, besides the tree's own messages: what
 * an editor would show in windows of its own. The page is not trusted: what it sends passes `parseFromBrowser`.
 */
import type { CommandId } from './commands.ts';
import { type FromView, type ObjectLocator, parseFromView, type ToView } from './webview.ts';

/** What makes sense without an editor. */
export const browserCommands = [
  'kubePlayground.describe',
  'kubePlayground.showLogs',
  'kubePlayground.scale',
  'kubePlayground.copyName',
  'kubePlayground.deleteObject',
] as const satisfies readonly CommandId[];

/** How the menu of a row names its commands; those without a name are not offered. */
export interface MenuMessage {
  readonly type: 'menu';
  readonly titles: Readonly<Partial<Record<CommandId, string>>>;
}

/** A dialog. It is answered once, with the text of its field, or without one when it was cancelled. */
export interface AskMessage {
  readonly type: 'ask';
  readonly id: number;
  readonly title: string;
  readonly detail?: string;
  readonly confirm: string;
  readonly cancel: string;
  readonly isDangerous?: true;
  /** A whole number from 0 to `max`. */
  readonly number?: { readonly label: string; readonly value: number; readonly max: number };
}

/** A line that goes by itself, or stays to be read when something went wrong. */
export interface SayMessage {
  readonly type: 'say';
  readonly text: string;
  readonly isProblem: boolean;
}

/** Shows the object beside the tree. */
export interface OpenMessage {
  readonly type: 'open';
  readonly object: ObjectLocator;
  readonly tab?: 'logs';
}

export interface CopyMessage {
  readonly type: 'copy';
  readonly text: string;
}

export type ToBrowser = ToView | MenuMessage | AskMessage | SayMessage | OpenMessage | CopyMessage;

export type FromBrowser = FromView | { readonly type: 'answer'; readonly id: number; readonly value?: string };

/** The message, or undefined for anything else. */
export function parseFromBrowser(value: unknown): FromBrowser | undefined {
  const { type, id, value: answer } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  if (type !== 'answer') return parseFromView(value);
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || !(answer === undefined || typeof answer === 'string'))
    return undefined;
  return { type, id, ...(answer === undefined ? {} : { value: answer }) };
}
