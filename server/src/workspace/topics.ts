/**
 * What an answer of the graph depended on. Each question is about a topic, each change raises the numbers of the topics that it
 * touches; an answer holds as long as the numbers of its topics do.
 */
import type { KindName } from '../facts/liveFacts.ts';

// Joined: topics are kept by the ten thousand, and what a template puts together stays a tree of its pieces in memory.
export const nameTopic = ({ group, kind }: KindName, namespace: string, name: string): string =>
  ['n', group, kind, namespace, name].join('/');
/** Of one namespace, or of all. */
export const kindTopic = ({ group, kind }: KindName, namespace?: string): string =>
  (namespace === undefined ? ['k', group, kind] : ['k', group, kind, namespace]).join('/');
export const labelsTopic = ({ group, kind }: KindName): string => ['l', group, kind].join('/');
export const selectorsTopic = ({ group, kind }: KindName): string => ['s', group, kind].join('/');
/** The links that name it. */
export const namingTopic = (kind: KindName, namespace: string, name: string): string =>
  ['t', kind.group, kind.kind, namespace, name].join('/');
/** What kustomizations make of it. */
export const generatedTopic = ({ group, kind }: KindName): string => ['g', group, kind].join('/');

/** Something that was asked about. */
interface Topic {
  /** When it was last touched. */
  at: number;
  /** Who asked, undefined when several did. */
  asker: string | undefined;
}

/** What was asked about, and when. */
export interface Reading {
  readonly topics: readonly Topic[];
  readonly at: number;
}

export class Topics {
  /** Only those that somebody has asked about since they were touched. */
  readonly #topics = new Map<string, Topic>();
  #reading: Set<Topic> | undefined;
  #asker = '';
  #clock = 0;
  /** Goes up when somebody touches what another has asked about. */
  othersRevision = 0;

  read(topic: string): void {
    if (!this.#reading) return;
    let known = this.#topics.get(topic);
    if (!known) this.#topics.set(topic, (known = { at: 0, asker: this.#asker }));
    else if (known.asker !== this.#asker) known.asker = undefined;
    this.#reading.add(known);
  }

  /** Whether anybody cares if it is touched. */
  isAsked(topic: string): boolean {
    return this.#topics.has(topic);
  }

  touch(topic: string, by?: string): void {
    const known = this.#topics.get(topic);
    if (!known) return;
    known.at = ++this.#clock;
    if (by === undefined || known.asker !== by) this.othersRevision++;
    // Whoever asks from now on gets another one, so that what nobody asks about any more is forgotten.
    this.#topics.delete(topic);
  }

  /** Runs `fn` and gives what it asked for; undefined when that was nothing. Not nested. */
  noting<T>(asker: string, fn: () => T): { result: T; read: Reading | undefined } {
    const reading = new Set<Topic>();
    this.#reading = reading;
    this.#asker = asker;
    try {
      const result = fn();
      return { result, read: reading.size === 0 ? undefined : { topics: [...reading], at: this.#clock } };
    } finally {
      this.#reading = undefined;
    }
  }

  /** Whether the same questions would be answered as they were then. */
  unchanged(read: Reading | undefined): boolean {
    if (!read || read.at === this.#clock) return true;
    for (const { at } of read.topics) if (at > read.at) return false;
    return true;
  }
}
