/**
 * Diagnostics for editors that ask for them. Whoever can only be asked is never sent any; whoever takes what is sent may
 * also ask, and gets the same. What has not changed since the editor's last question is not said again.
 */
import { createHash } from 'node:crypto';
import {
  type CancellationToken,
  type Connection,
  type Diagnostic,
  DocumentDiagnosticReportKind,
  type FullDocumentDiagnosticReport,
  LSPErrorCodes,
  ResponseError,
  type UnchangedDocumentDiagnosticReport,
} from 'vscode-languageserver/node';
import type { Clock } from '#common/base/clock.ts';
import type { Disposable } from '#common/base/disposable.ts';
import type { SourceFile } from '#common/manifests/sourceFile.ts';
import type { RuleRunner } from '../rules/runner.ts';
import { StaleSnapshot, type World } from '../world.ts';
import { signalOf } from './asking.ts';
import type { Convert } from './convert.ts';

export interface PulledDeps {
  readonly connection: Connection;
  readonly world: World;
  readonly runner: RuleRunner;
  readonly convert: Convert;
  readonly clock: Clock;
}

type Report = FullDocumentDiagnosticReport | UnchangedDocumentDiagnosticReport;

/** How long after a change the editor is told that it may ask again, in milliseconds. */
const refreshDelay = 300;

export class PulledDiagnostics implements Disposable {
  readonly #deps: PulledDeps;
  #timer: Disposable | undefined;

  constructor(deps: PulledDeps) {
    this.#deps = deps;
  }

  register(): void {
    const { diagnostics } = this.#deps.connection.languages;
    diagnostics.on(({ textDocument, previousResultId }, token) => {
      const file = this.#deps.world.index.get(textDocument.uri);
      return file ? this.#report(file, previousResultId, token) : reportOf([], previousResultId);
    });
    diagnostics.onWorkspace(async ({ previousResultIds }, token) => {
      const { index, settings } = this.#deps.world;
      const before = new Map(previousResultIds.map(({ uri, value }) => [uri, value]));
      const items = [];
      for (const { uri } of index.files()) {
        const file = index.get(uri);
        if (!file || (!settings.diagnoseWorkspace && !index.isOpen(uri))) continue;
        items.push({ uri, version: file.version ?? null, ...(await this.#report(file, before.get(uri), token)) });
        before.delete(uri);
      }
      // Files that are gone have no diagnostics any more.
      for (const [uri, value] of before) items.push({ uri, version: null, ...reportOf([], value) });
      return { items };
    });
  }

  /** Everything may be different. */
  refresh(): void {
    this.#timer ??= this.#deps.clock.setTimeout(() => {
      this.#timer = undefined;
      this.#deps.connection.languages.diagnostics.refresh();
    }, refreshDelay);
  }

  dispose(): void {
    this.#timer?.dispose();
  }

  async #report(file: SourceFile, previous: string | undefined, token: CancellationToken): Promise<Report> {
    const { world, runner, convert, clock } = this.#deps;
    try {
      const found = await runner.diagnoseInTurns(world.snapshot(signalOf(token), file), file, {
        now: () => clock.now(),
        turn: () => new Promise((resolve) => setImmediate(resolve)),
      });
      return reportOf(
        found.map((diagnostic) => convert.diagnostic(file, diagnostic)),
        previous,
      );
    } catch (error) {
      if (!(error instanceof StaleSnapshot)) throw error;
      if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, error.message);
      throw new ResponseError(LSPErrorCodes.ServerCancelled, error.message, { retriggerRequest: true });
    }
  }
}

/** The id says what was found, so that nothing has to be remembered. */
function reportOf(items: Diagnostic[], previous: string | undefined): Report {
  const resultId = createHash('sha1').update(JSON.stringify(items)).digest('base64url');
  return resultId === previous
    ? { kind: DocumentDiagnosticReportKind.Unchanged, resultId }
    : { kind: DocumentDiagnosticReportKind.Full, resultId, items };
}
