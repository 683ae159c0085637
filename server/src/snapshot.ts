/**
 * All that a feature or rule may look at, at one moment. Index, graph and facts go on changing between turns of the event
 * loop, never within one: a feature that waits must call `throwIfStale` before it looks again. `signal` ends when the request
 * is cancelled or the world has moved on.
 */
import type { LiveFacts } from './facts/liveFacts.ts';
import type { L10n } from './l10n.ts';
import type { SchemaIndex } from './schema/schemaIndex.ts';
import type { Settings } from './settings.ts';
import type { ReferenceGraph } from './workspace/referenceGraph.ts';
import type { WorkspaceIndex } from './workspace/workspaceIndex.ts';

export interface Snapshot {
  readonly index: WorkspaceIndex;
  readonly graph: ReferenceGraph;
  readonly facts: LiveFacts;
  readonly schema: SchemaIndex;
  readonly settings: Settings;
  /** The editor's language: whatever a person reads goes through it. */
  readonly l10n: L10n;
  /** All folders have been read. Until then the absence of an object means nothing, and only rules of one document run. */
  readonly workspaceKnown: boolean;
  readonly signal: AbortSignal;
  /** The time, in milliseconds since the epoch: for ages. */
  readonly now: number;
  /** Throws when the request was cancelled or something changed since the snapshot was taken. */
  throwIfStale(): void;
}
