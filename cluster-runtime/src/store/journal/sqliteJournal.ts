/**
 * The cluster as one SQLite file: the latest revision of each object. History is not kept here, so a watch from before
 * a restart is told to list again, as after a compaction.
 */
import { chmodSync, existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Commit, Journal, JournalRecord } from './journal.ts';

/** Raised when the table layout changes in a way older programs cannot read. */
const formatVersion = 1;

/** The state file cannot be used. `problem` tells why, `message` tells a person what to do. */
export class StateFileError extends Error {
  readonly problem: 'inUse' | 'newerFormat' | 'unreadable';
  constructor(problem: 'inUse' | 'newerFormat' | 'unreadable', message: string) {
    super(message);
    this.problem = problem;
  }
}

/** SQLite's primary result codes. */
const sqliteBusy = 5;

function refuse(file: string, error: unknown): never {
  const code = (error as { errcode?: number }).errcode;
  if (code !== undefined && (code & 0xff) === sqliteBusy) {
    throw new StateFileError('inUse', `${file} is in use by another cluster; stop that one first, or choose another --state.`);
  }
  throw new StateFileError(
    'unreadable',
    `${file} cannot be used as a cluster's state: ${(error as Error).message}; choose another --state.`,
  );
}

/** Opens or makes `file` and holds it exclusively until `close`. Throws StateFileError and leaves the file as it is. */
export function openSqliteJournal(file: string): Journal {
  let db: DatabaseSync;
  try {
    const isNew = !existsSync(file);
    db = new DatabaseSync(file);
    if (isNew) chmodSync(file, 0o600);
  } catch (error) {
    refuse(file, error);
  }
  try {
    // The exclusive lock lasts as long as the process does, however it ends.
    db.exec('PRAGMA locking_mode = EXCLUSIVE');
    const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version > formatVersion) {
      throw new StateFileError(
        'newerFormat',
        `${file} was written by a newer version of kube-playground; update kube-playground, or choose another --state.`,
      );
    }
    if (version === 0 && db.prepare("SELECT 1 FROM sqlite_schema WHERE name <> 'objects' AND name <> 'state' LIMIT 1").get()) {
      throw new StateFileError(
        'unreadable',
        `${file} is another program's database and is left as it is; choose another --state.`,
      );
    }
    // A commit in the write-ahead log survives the death of the process; an fsync for each would only guard against the
    // machine's own.
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; BEGIN EXCLUSIVE');
    db.exec(
      'CREATE TABLE IF NOT EXISTS objects (key TEXT PRIMARY KEY, revision INTEGER NOT NULL, json BLOB NOT NULL) WITHOUT ROWID',
    );
    db.exec('CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID');
    db.exec(`PRAGMA user_version = ${formatVersion}; COMMIT`);
  } catch (error) {
    db.close();
    if (error instanceof StateFileError) throw error;
    refuse(file, error);
  }

  const put = db.prepare(
    'INSERT INTO objects (key, revision, json) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET revision = excluded.revision, json = excluded.json',
  );
  const remove = db.prepare('DELETE FROM objects WHERE key = ?');
  const setRevision = db.prepare(
    "INSERT INTO state (name, value) VALUES ('revision', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
  );

  return {
    load() {
      const row = db.prepare("SELECT value FROM state WHERE name = 'revision'").get() as { value: number } | undefined;
      return { revision: row?.value ?? 0, records: records(db) };
    },
    commit(commit: Commit) {
      db.exec('BEGIN');
      try {
        for (const entry of commit.puts) put.run(entry.key, entry.revision, entry.bytes());
        for (const key of commit.deletes) remove.run(key);
        setRevision.run(commit.revision);
        db.exec('COMMIT');
      } catch (error) {
        db.exec('ROLLBACK');
        throw error;
      }
    },
    close() {
      // Folds the log into the file, so that copying the one file copies the cluster.
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      db.close();
    },
  };
}

function* records(db: DatabaseSync): Iterable<JournalRecord> {
  for (const row of db.prepare('SELECT key, revision, json FROM objects').iterate()) {
    const { key, revision, json } = row as { key: string; revision: number; json: Uint8Array };
    yield { key, revision, bytes: Buffer.from(json.buffer, json.byteOffset, json.byteLength) };
  }
}
