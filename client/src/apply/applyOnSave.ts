/**
 * Applies a manifest when it is saved: to the playground that runs for this window and to nothing else. The first save
 * asks; the answer holds for the workspace. Saves are applied one after the other, in the order in which they happened.
 * What the editor saves by itself while somebody types is half a thought, and is not applied.
 */
import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '#common/base/disposable.ts';
import { Emitter } from '#common/base/emitter.ts';
import type { ClusterSession } from '../cluster/clusterSession.ts';
import type { ApplyReport } from './applyReport.ts';
import { parseManifests } from './manifestDocuments.ts';

export type ApplyOnSaveChoice = 'on' | 'off' | undefined;

const stateKey = 'applyOnSave';

export class ApplyOnSave implements Disposable {
  readonly #session: ClusterSession;
  readonly #report: ApplyReport;
  readonly #state: vscode.Memento;
  readonly #onChoice = new Emitter<ApplyOnSaveChoice>();
  readonly #disposables = new DisposableStore();
  #queue: Promise<void> = Promise.resolve();
  #asking: Promise<boolean> | undefined;
  readonly #savedByItself = new Set<string>();

  readonly onChoice = this.#onChoice.event;

  constructor(session: ClusterSession, report: ApplyReport, state: vscode.Memento, onError: (error: unknown) => void) {
    this.#session = session;
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
        if (byItself || !session.connection || this.choice === 'off' || !isManifestFile(document)) return;
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
    const parsed = await parseManifests(document.getText());
    if (parsed.documents.length === 0 && parsed.problems.length === 0) return;
    if (this.choice === undefined && !(await this.#ask())) return;
    const { connection } = this.#session;
    if (!connection || this.choice !== 'on') return;
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

const isManifestFile = ({ uri, languageId }: vscode.TextDocument): boolean =>
  uri.scheme !== 'output' && (languageId === 'yaml' || languageId === 'json' || /\.(ya?ml|json)$/.test(uri.path));
