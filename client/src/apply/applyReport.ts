/**
 * Applies files and tells quietly what happened: a line in the status bar, a note at each object's first line, and the
 * API's objections as diagnostics on the fields that it named. What applies is loaded with the first apply.
 */
import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '#common/base/disposable.ts';
import type { Connection } from '../cluster/clusterSession.ts';
import type { AppliedHistory, LastApply } from './appliedHistory.ts';
import type { AppliedObject } from './appliedRecord.ts';
import type { ApplyOutcome } from './applier.ts';
import type { Manifest, ManifestProblem, TextRange } from './manifestDocuments.ts';
import type { FiledDocument, FiledManifests } from './filedManifests.ts';

type Outcome = ApplyOutcome<FiledDocument>;

interface Note {
  readonly line: number;
  readonly text: string;
  readonly failed: boolean;
}

const statusMs = 6_000;

export class ApplyReport implements Disposable {
  readonly #disposables = new DisposableStore();
  readonly #diagnostics = this.#disposables.add(vscode.languages.createDiagnosticCollection('kube-playground'));
  readonly #noteStyle = this.#disposables.add(vscode.window.createTextEditorDecorationType({ after: { margin: '0 0 0 2em' } }));
  /** By document. */
  readonly #notes = new Map<string, readonly Note[]>();

  readonly #history: AppliedHistory;

  constructor(history: AppliedHistory) {
    this.#history = history;
    this.#disposables.add(
      vscode.window.onDidChangeVisibleTextEditors((editors) => editors.forEach((editor) => this.#decorate(editor))),
    );
    this.#disposables.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#notes.delete(uri.toString())));
    this.#disposables.add(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        // What is typed since has not been applied.
        if (contentChanges.length > 0 && this.#notes.delete(document.uri.toString())) this.#decorateAll(document.uri);
      }),
    );
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  /** Applies and tells. A conflict with another field manager is offered to be settled in favour of the file. */
  async apply(
    connection: Connection,
    manifests: FiledManifests,
    options: { readonly force?: boolean; readonly signal?: AbortSignal; readonly begun?: LastApply | undefined } = {},
  ): Promise<void> {
    const { applyDocuments } = await import('./applier.ts');
    const outcomes = await applyDocuments(connection, manifests.documents, options);
    const { removed, applied } = await this.#history.note(connection, manifests, outcomes, options.begun);
    for (const { file, parsed } of manifests.files) {
      this.#tellFile(
        file,
        outcomes.filter(({ document }) => document.file === file),
        parsed.problems,
      );
    }
    const text = summary(outcomes, manifests.files.flatMap(({ parsed }) => parsed.problems).length);
    if (text) this.say(text);
    if (removed.length > 0) void this.#offerDelete(connection, manifests, removed, applied);
    const conflicting = outcomes.filter(({ result }) => result === 'conflict');
    if (conflicting.length > 0 && !options.force) void this.#offerTakeOver(connection, manifests, conflicting, applied);
  }

  /** A line in the status bar that goes by itself. */
  say(text: string): void {
    vscode.window.setStatusBarMessage(`⎈ ${text}`, statusMs);
  }

  /** Forgets what was said of a file. */
  clear(uri: vscode.Uri): void {
    this.#diagnostics.delete(uri);
    this.#notes.delete(uri.toString());
    this.#decorateAll(uri);
  }

  async #offerTakeOver(
    connection: Connection,
    manifests: FiledManifests,
    conflicting: readonly Outcome[],
    applied: LastApply | undefined,
  ): Promise<void> {
    const takeOver = vscode.l10n.t('Take Over');
    const message = vscode.l10n.t(
      'Another manager owns fields that this file sets: {0}',
      conflicting.map((outcome) => `${titleOf(outcome.document.object)} (${ownersText(outcome)})`).join('; '),
    );
    if ((await vscode.window.showWarningMessage(message, takeOver)) !== takeOver) return;
    const documents = conflicting.map(({ document }) => document);
    const files = manifests.files.filter(({ file }) => documents.some((document) => document.file === file));
    if (!connection.signal.aborted) await this.apply(connection, { files, documents }, { force: true, begun: applied });
  }

  /** Documents are gone from their files; their objects are only if a person wants it. */
  async #offerDelete(
    connection: Connection,
    manifests: FiledManifests,
    removed: readonly AppliedObject[],
    applied: LastApply | undefined,
  ): Promise<void> {
    const [{ stillThere }, { deleteObjects }] = await Promise.all([import('./revertChanges.ts'), import('./applier.ts')]);
    const objects = await stillThere(connection, removed);
    if (objects.length === 0) return;
    const titles = objects.map((object) => titleOf(object)).join(', ');
    const remove = vscode.l10n.t('Delete');
    const keep = vscode.l10n.t('Keep');
    const message = vscode.l10n.t('No longer in the file, but still in the cluster: {0}', titles);
    if ((await vscode.window.showInformationMessage(message, remove, keep)) !== remove || connection.signal.aborted) return;
    // Somebody may have taken their time with the answer.
    const present = await stillThere(connection, removed);
    const answers = await deleteObjects(connection, present);
    const gone = present.filter((object) => answers.some((each) => each.object === object && each.problem === undefined));
    this.#history.noteDeleted(connection, gone, manifests, applied);
    const problems = answers.flatMap(({ problem }) => problem ?? []);
    if (problems.length > 0) void vscode.window.showErrorMessage(problems.join('\n'));
    else this.say(vscode.l10n.t('{0} deleted', titles));
  }

  #tellFile(file: vscode.TextDocument, outcomes: readonly Outcome[], problems: readonly ManifestProblem[]): void {
    const at = ({ start, end }: TextRange): vscode.Range => new vscode.Range(file.positionAt(start), file.positionAt(end));
    const diagnostics = [
      ...problems.map(({ code, message, range }) =>
        diagnostic(at(range), code === 'nameless' ? vscode.l10n.t('metadata.name is missing.') : message, 'error'),
      ),
      ...outcomes.flatMap(({ document, problems }) =>
        problems.map(({ range, message, severity }) => diagnostic(at(range), message, severity, document.object.kind)),
      ),
      ...outcomes
        .filter(({ result }) => result === 'unknownKind')
        .map(({ document: { object, rangeOf } }) =>
          diagnostic(
            at(rangeOf('kind')),
            vscode.l10n.t('The cluster has no kind {0} in {1}.', object.kind, object.apiVersion),
            'error',
          ),
        ),
    ];
    this.#diagnostics.set(file.uri, diagnostics);
    this.#notes.set(
      file.uri.toString(),
      outcomes.map((outcome) => ({
        line: file.positionAt(outcome.document.range.start).line,
        text: noteText(outcome),
        failed: !['created', 'changed', 'unchanged'].includes(outcome.result),
      })),
    );
    this.#decorateAll(file.uri);
  }

  #decorateAll(uri: vscode.Uri): void {
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document.uri.toString() === uri.toString()) this.#decorate(editor);
    }
  }

  #decorate(editor: vscode.TextEditor): void {
    const notes = this.#notes.get(editor.document.uri.toString()) ?? [];
    editor.setDecorations(
      this.#noteStyle,
      notes.map(({ line, text, failed }) => ({
        range: editor.document.lineAt(Math.min(line, editor.document.lineCount - 1)).range,
        renderOptions: {
          after: {
            contentText: text,
            color: new vscode.ThemeColor(failed ? 'editorError.foreground' : 'editorCodeLens.foreground'),
          },
        },
      })),
    );
  }
}

function diagnostic(range: vscode.Range, message: string, severity: 'error' | 'warning', kind?: string): vscode.Diagnostic {
  const made = new vscode.Diagnostic(
    range,
    message,
    severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning,
  );
  made.source = kind ? `kube-playground (${kind})` : 'kube-playground';
  return made;
}

/** `applied · pods 2 → 3` */
function noteText({ result, pods }: Outcome): string {
  const text = resultText(result);
  return pods ? `${text} · ${vscode.l10n.t('pods {0} → {1}', ...pods)}` : text;
}

const titleOf = ({ kind, metadata }: Manifest): string => `${kind.toLowerCase()}/${metadata.name ?? ''}`;

/** `.spec.replicas: kubectl-edit` */
const ownersText = ({ owners = [], problems }: Outcome): string =>
  owners.some(({ manager }) => manager)
    ? owners.map(({ field, manager }) => `${field}: ${manager}`).join(', ')
    : problems.map(({ message }) => message).join('; ');

function resultText(result: Outcome['result']): string {
  switch (result) {
    case 'created':
      return vscode.l10n.t('created');
    case 'changed':
      return vscode.l10n.t('applied');
    case 'unchanged':
      return vscode.l10n.t('unchanged');
    case 'conflict':
      return vscode.l10n.t('not applied: conflict');
    case 'failed':
    case 'unknownKind':
      return vscode.l10n.t('not applied');
  }
}

/** `2 created · 1 unchanged · 1 not applied` */
function summary(outcomes: readonly Outcome[], problems: number): string {
  const count = (...results: Outcome['result'][]): number => outcomes.filter(({ result }) => results.includes(result)).length;
  const failed = count('failed', 'conflict', 'unknownKind') + problems;
  const parts = [
    [count('created'), vscode.l10n.t('created')],
    [count('changed'), vscode.l10n.t('applied')],
    [count('unchanged'), vscode.l10n.t('unchanged')],
    [failed, vscode.l10n.t('not applied')],
  ] as const;
  return parts.flatMap(([n, text]) => (n > 0 ? `${n} ${text}` : [])).join(' · ');
}
