/**
 * What was applied: per file, so that documents which are removed from it can be followed, and the last apply, so that it can
 * be taken back. Files are remembered in the workspace's state, per cluster; the last apply only while the window is open.
 */
import * as vscode from 'vscode';
import type { KubeObject } from '#common/api/meta.ts';
import { type Disposable, DisposableStore } from '#common/base/disposable.ts';
import { Emitter } from '#common/base/emitter.ts';
import type { Connection } from '../cluster/clusterSession.ts';
import type { FiledDocument, FiledManifests } from './filedManifests.ts';
import type { AppliedChange } from '../plans/revert.ts';
import type { ApplyOutcome } from './applier.ts';
import type { RevertResult } from './revertChanges.ts';
import { type AppliedFiles, type AppliedObject, removedFrom, withApplied, withRenamed } from './appliedRecord.ts';

type Outcome = ApplyOutcome<FiledDocument>;

export interface LastApply {
  readonly context: string | undefined;
  readonly changes: readonly AppliedChange[];
  readonly files: readonly vscode.Uri[];
}

const stateKey = (context: string | undefined): string => (context === undefined ? 'applied' : `applied in ${context}`);

export class AppliedHistory implements Disposable {
  readonly #state: vscode.Memento;
  readonly #disposables = new DisposableStore();
  readonly #onLast = this.#disposables.add(new Emitter<void>());
  #last: LastApply | undefined;

  /** There is something to revert, or nothing any more. */
  readonly onLast = this.#onLast.event;

  constructor(state: vscode.Memento) {
    this.#state = state;
    this.#disposables.add(
      vscode.workspace.onDidRenameFiles(({ files }) => {
        for (const { oldUri, newUri } of files) void this.#rename(oldUri.toString(), newUri.toString());
      }),
    );
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  get last(): LastApply | undefined {
    return this.#last;
  }

  /** Whether the file has applied objects. */
  knows({ context }: Connection, file: vscode.Uri): boolean {
    return Object.hasOwn(this.#files(context), file.toString());
  }

  /**
   * Takes note of an apply; of `begun` it is the rest, if nothing was applied since. Gives back what is no longer in the
   * files, and the apply where there is something of it to revert.
   */
  async note(
    { context, namespace = 'default' }: Connection,
    manifests: FiledManifests,
    outcomes: readonly Outcome[],
    begun: LastApply | undefined,
  ): Promise<{ readonly removed: readonly AppliedObject[]; readonly applied: LastApply | undefined }> {
    const applied = this.#noteLast(context, manifests, outcomes, begun);
    let files = this.#files(context);
    const removed: AppliedObject[] = [];
    for (const { file, parsed } of manifests.files) {
      const key = file.uri.toString();
      const now = outcomes.flatMap(({ document, after }) => (document.file === file && after ? [recordOf(after)] : []));
      const isNamed = (object: AppliedObject): boolean =>
        // Nobody knows what a document that cannot be read is about.
        parsed.problems.length > 0 ||
        parsed.documents.some(
          ({ object: { kind, metadata } }) =>
            kind === object.kind &&
            metadata.name === object.name &&
            (object.namespace === '' || (metadata.namespace ?? namespace) === object.namespace),
        );
      removed.push(...removedFrom(files, key, now, isNamed));
      files = withApplied(files, key, now, isNamed);
    }
    await this.#state.update(stateKey(context), files);
    return { removed, applied };
  }

  /** Takes note of what was deleted because it had gone from its file: part of that apply, if nothing was applied since. */
  noteDeleted(
    { context }: Connection,
    deleted: readonly KubeObject[],
    manifests: FiledManifests,
    apply: LastApply | undefined,
  ): void {
    if (deleted.length === 0) return;
    const changes = deleted.map((before) => ({ before, after: undefined }));
    const files = manifests.files.map(({ file }) => file.uri);
    if (apply && apply === this.#last) this.#setLast({ ...apply, changes: [...apply.changes, ...changes] });
    else this.#setLast({ context, changes, files });
  }

  /** Takes the last apply back. What somebody else has deleted meanwhile stays deleted. */
  async revert(connection: Connection): Promise<RevertResult> {
    const last = this.#last;
    this.#setLast(undefined);
    if (!last || last.context !== connection.context) return { deleted: 0, restored: 0, problems: [] };
    const { revertChanges } = await import('./revertChanges.ts');
    return revertChanges(connection, last.changes);
  }

  #noteLast(
    context: string | undefined,
    manifests: FiledManifests,
    outcomes: readonly Outcome[],
    begun: LastApply | undefined,
  ): LastApply | undefined {
    const changes = outcomes.flatMap(({ result, before, after }) =>
      after && (result === 'created' || result === 'changed') ? [{ before, after }] : [],
    );
    if (changes.length === 0) return undefined;
    const earlier = begun === this.#last ? begun : undefined;
    const last = {
      context,
      changes: [...(earlier?.changes ?? []), ...changes],
      files: [...(earlier?.files ?? []), ...manifests.files.map(({ file }) => file.uri)],
    };
    this.#setLast(last);
    return last;
  }

  #setLast(last: LastApply | undefined): void {
    this.#last = last;
    this.#onLast.fire();
  }

  #files(context: string | undefined): AppliedFiles {
    return this.#state.get<AppliedFiles>(stateKey(context), {});
  }

  async #rename(from: string, to: string): Promise<void> {
    for (const key of this.#state.keys()) {
      if (key !== stateKey(undefined) && !key.startsWith(stateKey(''))) continue;
      await this.#state.update(key, withRenamed(this.#state.get<AppliedFiles>(key, {}), from, to));
    }
  }
}

const recordOf = ({ apiVersion = '', kind = '', metadata }: KubeObject): AppliedObject => ({
  apiVersion,
  kind,
  namespace: metadata.namespace ?? '',
  name: metadata.name ?? '',
  uid: metadata.uid ?? '',
});
