/**
 * What an answer of the graph depended on. Each question is about a topic, each change raises the numbers of the topics that it
 * touches; an answer holds as long as the numbers of its topics do.
 */
import type { KindName } from '../facts/liveFacts.ts';

export const nameTopic = ({ group, kind }: KindName, namespace: string, name: string): string =>
  `n:${group}/${kind}/${namespace}/${name}`;
/** Of one namespace, or of all. */
export const kindTopic = ({ group, kind }: KindName, namespace?: string): string =>
  namespace === undefined ? `k:${group}/${kind}` : `k:${group}/${kind}/${namespace}`;
export const labelsTopic = ({ group, kind }: KindName): string => `l:${group}/${kind}`;
export const selectorsTopic = ({ group, kind }: KindName): string => `s:${group}/${kind}`;
/** What kustomizations make of it. */
export const generatedTopic = ({ group, kind }: KindName): string => `g:${group}/${kind}`;

const nothing: ReadonlyMap<string, number> = new Map();

export class Topics {
  readonly #versions = new Map<string, number>();
  #reading: Map<string, number> | undefined;
  #clock = 0;

  read(topic: string): void {
    this.#reading?.set(topic, this.#versions.get(topic) ?? 0);
  }

  touch(topic: string): void {
    this.#versions.set(topic, ++this.#clock);
  }

  /** Runs `fn` and gives what it asked for, with the numbers at that time. Not nested. */
  noting<T>(fn: () => T): { result: T; read: ReadonlyMap<string, number> } {
    const read = new Map<string, number>();
    this.#reading = read;
    try {
      const result = fn();
      return { result, read: read.size === 0 ? nothing : read };
    } finally {
      this.#reading = undefined;
    }
  }

  unchanged(read: ReadonlyMap<string, number>): boolean {
    if (read.size === 0) return true;
    for (const [topic, version] of read) if ((this.#versions.get(topic) ?? 0) !== version) return false;
    return true;
  }
}
