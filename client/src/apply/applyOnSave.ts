/**
 * Applies a manifest when it is saved: to the playground that runs for this window. The first save asks; the answer holds
 * for the workspace. In another cluster that is shown nothing is applied, unless its context is allowed; then each save asks. Saves are applied one after the other, in the order in which they happened.
 * What the editor saves by itself while somebody types is half a thought, and is not applied.
 */
import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '#common/base/disposable.ts';
import { Emitter } from '#common/base/emitter.ts';
import type { ShownCluster } from '../cluster/shownCluster.ts';
import type { AppliedHistory } from './appliedHistory.ts';
import type { ApplyReport } from './applyReport.ts';
import { liveScheme } from '../views/liveObjects.ts';
import { parseManifests } from './manifestDocuments.ts';

export type ApplyOnSaveChoice = 'on' | 'off' | undefined;

const stateKey = 'applyOnSave';

export class ApplyOnSave implements Disposable {
  readonly #cluster: ShownCluster;
  readonly #history: AppliedHistory;
  readonly #report: ApplyReport;
  readonly #state: vscode.Memento;
  readonly #onChoice = new Emitter<ApplyOnSaveChoice>();
  readonly #disposables = new DisposableStore();
  #queue: Promise<void> = Promise.resolve();
  #asking: Promise<boolean> | undefined;
  readonly #savedByItself = new Set<string>();

  readonly onChoice = this.#onChoice.event;

  constructor(
    cluster: ShownCluster,
    report: ApplyReport,
    history: AppliedHistory,
    state: vscode.Memento,
    onError: (error: unknown) => void,
  ) {
    this.#cluster = cluster;
    this.#history = history;
    this.#report = report;
    this.#state = state;
    this.#disposables.add(this.#onChoice);
    this.#disposables.add(
      vscode.workspace.onWillSaveTextDocument(({ document, reason }) => {
        if (reason === vscode.TextDocumentSaveReason.AfterDelay) this.#savedByItself.add(document.uri.toString());
      }),
    );
    this.#disposables.add(
      vscode.workspace.onDidSaveTextDocument((document) => {
        const byItself = this.#savedByItself.delete(document.uri.toString());
        if (byItself || !cluster.connection || this.choice === 'off' || !isManifestFile(document)) return;
        this.#queue = this.#queue.then(() => this.#apply(document)).catch(onError);
      }),
    );
  }

  get choice(): ApplyOnSaveChoice {
    return this.#state.get<ApplyOnSaveChoice>(stateKey);
  }

  async set(choice: ApplyOnSaveChoice): Promise<void> {
    await this.#state.update(stateKey, choice);
    this.#onChoice.fire(choice);
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  async #apply(document: vscode.TextDocument): Promise<void> {
    const { connection, access, context } = this.#cluster;
    if (!connection || access === 'readOnly') return;
    const parsed = await parseManifests(document.getText());
    const isEmpty = parsed.documents.length === 0 && parsed.problems.length === 0;
    if (isEmpty && !this.#history.knows(connection, document.uri)) return;
    if (context !== undefined) {
      if (!(await askForContext(document, context))) return;
    } else if (this.choice === undefined && !(await this.#ask())) return;
    if (connection.signal.aborted || (context === undefined && this.choice !== 'on')) return;
    const documents = parsed.documents.map((each) => ({ ...each, file: document }));
    await this.#report.apply(connection, { files: [{ file: document, parsed }], documents });
  }

  #ask(): Promise<boolean> {
    this.#asking ??= this.#askOnce().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  /** No answer is no: the next save asks again. */
  async #askOnce(): Promise<boolean> {
    const yes = vscode.l10n.t('Apply on Save');
    const no = vscode.l10n.t('Not in This Workspace');
    const question = vscode.l10n.t(
      'Apply manifests to the playground whenever they are saved? No other cluster is ever touched.',
    );
    const answer = await vscode.window.showInformationMessage(question, yes, no);
    if (answer !== undefined) await this.set(answer === yes ? 'on' : 'off');
    return answer === yes;
  }
}

/** The answer is for this one save. */
async function askForContext(document: vscode.TextDocument, context: string): Promise<boolean> {
  const apply = vscode.l10n.t('Apply');
  const file = vscode.workspace.asRelativePath(document.uri);
  const question = vscode.l10n.t('Apply {0} to the cluster {1}? It is not the playground.', file, context);
  return (await vscode.window.showWarningMessage(question, { modal: true }, apply)) === apply;
}

const isManifestFile = ({ uri, languageId }: vscode.TextDocument): boolean =>
  // Saving a live object changes it by itself.
  uri.scheme !== 'output' &&
  uri.scheme !== liveScheme &&
  (languageId === 'yaml' || languageId === 'json' || /\.(ya?ml|json)$/.test(uri.path));
