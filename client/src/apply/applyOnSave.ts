/**
 * Applies manifests when they are saved: to the playground that runs for this window. The first save asks; the answer holds
 * for the workspace. In another cluster that is shown nothing is applied, unless its context is allowed; then each save asks.
 * Files that are saved together are applied together, by dependency; otherwise saves are applied in the order in which they
 * happened. What the editor saves by itself while somebody types is half a thought, and is not applied. What is saved while
 * the playground comes back from a death is applied when it is back.
 */
import * as vscode from 'vscode';
import type { Clock } from '#common/base/clock.ts';
import { type Disposable, DisposableStore } from '#common/base/disposable.ts';
import { Emitter } from '#common/base/emitter.ts';
import { ConnectionError } from '#apiClient/connectionError.ts';
import type { ShownCluster } from '../cluster/shownCluster.ts';
import type { AppliedHistory } from './appliedHistory.ts';
import type { ApplyReport } from './applyReport.ts';
import type { FiledManifests } from './filedManifests.ts';
import { liveScheme } from '../views/liveObjects.ts';
import { parseManifests } from './manifestDocuments.ts';

export type ApplyOnSaveChoice = 'on' | 'off' | undefined;

const stateKey = 'applyOnSave';
/** A save that began and does not end, because it failed, keeps the others waiting no longer than this. */
const patienceMs = 300;
/** How long the playground may take to come back. */
const comebackMs = 30_000;

export class ApplyOnSave implements Disposable {
  readonly #cluster: ShownCluster;
  readonly #history: AppliedHistory;
  readonly #report: ApplyReport;
  readonly #state: vscode.Memento;
  readonly #clock: Clock;
  readonly #onChoice = new Emitter<ApplyOnSaveChoice>();
  readonly #disposables = new DisposableStore();
  #queue: Promise<void> = Promise.resolve();
  #asking: Promise<boolean> | undefined;
  readonly #savedByItself = new Set<string>();
  /** Saves that began: those of one *Save All* begin before the first of them ends. */
  readonly #beingSaved = new Set<string>();
  #saved: vscode.TextDocument[] = [];
  #waiting: Disposable | undefined;

  readonly onChoice = this.#onChoice.event;

  constructor(
    cluster: ShownCluster,
    report: ApplyReport,
    history: AppliedHistory,
    state: vscode.Memento,
    clock: Clock,
    onError: (error: unknown) => void,
  ) {
    this.#cluster = cluster;
    this.#history = history;
    this.#report = report;
    this.#state = state;
    this.#clock = clock;
    this.#disposables.add(this.#onChoice);
    this.#disposables.add(
      vscode.workspace.onWillSaveTextDocument(({ document: { uri }, reason }) => {
        if (reason === vscode.TextDocumentSaveReason.AfterDelay) this.#savedByItself.add(uri.toString());
        this.#beingSaved.add(uri.toString());
      }),
    );
    const applySaved = (): void => {
      this.#waiting?.dispose();
      this.#waiting = undefined;
      this.#beingSaved.clear();
      const saved = this.#saved;
      this.#saved = [];
      if (saved.length > 0) this.#queue = this.#queue.then(() => this.#apply(saved)).catch(onError);
    };
    this.#disposables.add(
      vscode.workspace.onDidSaveTextDocument((document) => {
        const key = document.uri.toString();
        const byItself = this.#savedByItself.delete(key);
        this.#beingSaved.delete(key);
        if (!byItself && cluster.connection && this.choice !== 'off' && isManifestFile(document)) this.#saved.push(document);
        if (this.#beingSaved.size === 0) applySaved();
        else this.#waiting ??= clock.setTimeout(applySaved, patienceMs);
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
    this.#waiting?.dispose();
    this.#disposables.dispose();
  }

  async #apply(saved: readonly vscode.TextDocument[]): Promise<void> {
    const { connection, access, context } = this.#cluster;
    if (!connection || access === 'readOnly') return;
    const all = await Promise.all(saved.map(async (file) => ({ file, parsed: await parseManifests(file.getText()) })));
    const files = all.filter(
      ({ file, parsed }) =>
        parsed.documents.length > 0 || parsed.problems.length > 0 || this.#history.knows(connection, file.uri),
    );
    if (files.length === 0) return;
    if (context !== undefined) {
      if (!(await askForContext(files, context))) return;
    } else if (this.choice === undefined && !(await this.#ask())) return;
    // The playground has another connection when it has come back meanwhile.
    if (context === undefined ? this.choice !== 'on' : connection.signal.aborted) return;
    if (this.#cluster.context !== context) return;
    const documents = files.flatMap(({ file, parsed }) => parsed.documents.map((each) => ({ ...each, file })));
    if (context === undefined) await this.#applyWhenBack({ files, documents });
    else await this.#report.apply(connection, { files, documents });
  }

  /** The playground may be dead at this moment, known to be or not; then it is tried once more. */
  async #applyWhenBack(manifests: FiledManifests): Promise<void> {
    if (this.#cluster.phase === 'lost' && !(await this.#comesBack())) return;
    const { connection } = this.#cluster;
    if (!connection) return;
    try {
      await this.#report.apply(connection, manifests);
    } catch (error) {
      if (!connection.signal.aborted && !(error instanceof ConnectionError)) throw error;
      const isBack = connection.signal.aborted && this.#cluster.phase === 'running';
      if (!isBack && !(await this.#comesBack())) throw error;
      const { connection: next, context } = this.#cluster;
      if (next && context === undefined) await this.#report.apply(next, manifests);
    }
  }

  #comesBack(): Promise<boolean> {
    return new Promise((resolve) => {
      const waiting = new DisposableStore();
      const end = (isBack: boolean): void => {
        waiting.dispose();
        resolve(isBack && this.#cluster.context === undefined);
      };
      waiting.add(this.#cluster.onPhase((phase) => phase !== 'lost' && phase !== 'starting' && end(phase === 'running')));
      waiting.add(this.#clock.setTimeout(() => end(false), comebackMs));
    });
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
async function askForContext(files: FiledManifests['files'], context: string): Promise<boolean> {
  const apply = vscode.l10n.t('Apply');
  const names = files.map(({ file }) => vscode.workspace.asRelativePath(file.uri)).join(', ');
  const question = vscode.l10n.t('Apply {0} to the cluster {1}? It is not the playground.', names, context);
  return (await vscode.window.showWarningMessage(question, { modal: true }, apply)) === apply;
}

const isManifestFile = ({ uri, languageId }: vscode.TextDocument): boolean =>
  // Saving a live object changes it by itself.
  uri.scheme !== 'output' &&
  uri.scheme !== liveScheme &&
  (languageId === 'yaml' || languageId === 'json' || /\.(ya?ml|json)$/.test(uri.path));
