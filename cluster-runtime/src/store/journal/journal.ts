/**
 * Durability behind the store: what one event-loop turn wrote is one commit, and a write is acknowledged after it.
 * The memory journal keeps nothing.
 */
import type { Entry } from '../store.ts';

export interface JournalRecord {
  readonly key: string;
  readonly revision: number;
  readonly bytes: Buffer;
}

export interface Commit {
  /** The revision of the last write in this commit. */
  readonly revision: number;
  readonly puts: readonly Entry[];
  /** Keys that are gone. */
  readonly deletes: readonly string[];
}

export interface Journal {
  /** Everything that was committed, and the last revision. Called once. */
  load(): { revision: number; records: Iterable<JournalRecord> };
  /** Returns when the commit survives the death of the process. Throws when it could not be written. */
  commit(commit: Commit): void;
  close(): void;
}

export const memoryJournal: Journal = {
  load: () => ({ revision: 0, records: [] }),
  commit: () => undefined,
  close: () => undefined,
};
