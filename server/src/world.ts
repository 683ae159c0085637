/** The server's state, whole: the workspace, the kinds, the cluster's facts, the settings. Makes the snapshots of it. */
import type { SourceFile } from '#common/manifests/sourceFile.ts';
import { type LiveFacts, noFacts } from './facts/liveFacts.ts';
import { english, type L10n } from './l10n.ts';
import { KindRegistry } from './schema/kindRegistry.ts';
import { SchemaIndex } from './schema/schemaIndex.ts';
import { defaultSettings, type Settings } from './settings.ts';
import type { Snapshot } from './snapshot.ts';
import { WorkspaceIndex } from './workspace/workspaceIndex.ts';

/** The world has moved on since the snapshot was taken. */
export class StaleSnapshot extends Error {}

export class World {
  readonly kinds = new KindRegistry();
  readonly index = new WorkspaceIndex(this.kinds);
  readonly schema = new SchemaIndex(this.kinds);
  facts: LiveFacts = noFacts;
  settings: Settings = defaultSettings;
  l10n: L10n = english;
  /** False while folders are being read. */
  workspaceKnown = true;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** `file`: what the snapshot is about; it is stale when that was edited. */
  snapshot(signal: AbortSignal, file?: SourceFile): Snapshot {
    const { index, schema, facts, settings, l10n, workspaceKnown } = this;
    return {
      index,
      graph: index.graph,
      facts,
      schema,
      settings,
      l10n,
      workspaceKnown,
      signal,
      now: this.#now(),
      throwIfStale() {
        if (signal.aborted || (file && index.get(file.uri) !== file)) throw new StaleSnapshot('the file has changed');
      },
    };
  }
}
