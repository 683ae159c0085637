/**
 * The extension's composition root. Activation only registers: nothing is started, read or connected to until somebody
 * asks for it, except that a cluster which already runs for this workspace is attached to. In a workspace that is not
 * trusted there is only a view that says so.
 */
import * as vscode from 'vscode';
import { RealClock } from '#common/base/clock.ts';
import type { CommandId } from '#common/protocol/commands.ts';
import { treeTexts, type TreeTexts } from '#common/protocol/treeTexts.ts';
import { createLog, type Log } from '#common/base/log.ts';
import { ApplyOnSave } from './apply/applyOnSave.ts';
import { ApplyReport } from './apply/applyReport.ts';
import { ClusterSession } from './cluster/clusterSession.ts';
import { setTerminalVariables } from './cluster/terminals.ts';
import { allCommands } from './commands/allCommands.ts';
import { type Services, UserError } from './commands/command.ts';
import { ApiError } from '#common/api/status.ts';
import { Dashboard } from '#dashboard/dashboard.ts';
import { LanguageServer } from './language/languageServer.ts';
import { DescribeDocuments } from './views/describeDocuments.ts';
import { LogViews } from './views/logViews.ts';
import { StatusBar } from './views/statusBar.ts';
import { TreeView, treeViewId } from './views/treeView.ts';

let session: ClusterSession | undefined;
let languageServer: LanguageServer | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const clock = new RealClock();
  const texts = translated();
  const dashboard = new Dashboard('playground', texts);
  const channel = vscode.window.createOutputChannel('Kube Playground', { log: true });
  const log = createLog('extension', ({ level, message, fields }) => channel[level](message, ...(fields ? [fields] : [])));
  const storage = context.storageUri ?? context.globalStorageUri;
  session = new ClusterSession({
    runtimeFile: vscode.Uri.joinPath(context.extensionUri, 'dist', 'runtime.js').fsPath,
    storageFolder: storage.fsPath,
    clock,
    log,
    dashboard,
    nodes: () => settings().get<number>('nodes', 3),
    keepRunning: () => settings().get<boolean>('keepRunning', false),
  });
  const serverFile = vscode.Uri.joinPath(context.extensionUri, 'dist', 'server.js').fsPath;
  languageServer = new LanguageServer({ serverFile, session, log });
  context.subscriptions.push(channel, session);
  const current = session;

  const trusted = new vscode.EventEmitter<void>();
  const view = new TreeView({
    extensionUri: context.extensionUri,
    dashboard,
    clock,
    texts,
    phase: () => (vscode.workspace.isTrusted ? current.phase : 'untrusted'),
    onPhase: (listener) =>
      vscode.Disposable.from(
        current.onPhase(listener),
        trusted.event(() => listener(current.phase)),
      ),
  });
  context.subscriptions.push(trusted, vscode.window.registerWebviewViewProvider(treeViewId, view));

  if (vscode.workspace.isTrusted) open(context, current, dashboard, log);
  else {
    context.subscriptions.push(
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        open(context, current, dashboard, log);
        trusted.fire();
      }),
    );
  }
}

/** What needs a trusted workspace: commands, applying, terminals. */
function open(context: vscode.ExtensionContext, current: ClusterSession, dashboard: Dashboard, log: Log): void {
  const { subscriptions } = context;
  const report = new ApplyReport();
  const applyOnSave = new ApplyOnSave(current, report, context.workspaceState, (error) => tell(error, log));
  const logs = new LogViews();
  const services: Services = { session: current, dashboard, report, applyOnSave, logs };
  subscriptions.push(report, applyOnSave, logs);
  subscriptions.push(new DescribeDocuments(current, new RealClock()));
  subscriptions.push(new StatusBar(current, dashboard, applyOnSave));
  subscriptions.push(setTerminalVariables(current, context.environmentVariableCollection));
  for (const command of allCommands) {
    const run = (...args: unknown[]): Promise<void> => command.run(services, ...args).catch((error: unknown) => tell(error, log));
    subscriptions.push(vscode.commands.registerCommand(command.id, run));
  }
  const setContext = (): void => void vscode.commands.executeCommand('setContext', 'kubePlayground.phase', current.phase);
  subscriptions.push(current.onPhase(setContext));
  setContext();
  subscriptions.push(
    current.onRestarted(
      () =>
        void vscode.window.showWarningMessage(
          vscode.l10n.t('The cluster ended unexpectedly and was restarted on the same state.'),
        ),
    ),
  );
  subscriptions.push(current.onFailed((reason) => void offerStart(reason)));
  current.attach().catch((error: unknown) => log.error('Attaching failed', { error: String(error) }));
}

/** The window closes; the editor waits a few seconds for this. */
export async function deactivate(): Promise<void> {
  await Promise.all([session?.close(), languageServer?.stop()]);
}

const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('kubePlayground');

function translated(): TreeTexts {
  return Object.fromEntries(Object.entries(treeTexts).map(([key, text]) => [key, vscode.l10n.t(text)])) as unknown as TreeTexts;
}

/** Refusals and mistakes in their own words; anything else is a bug, said as such and logged. */
function tell(error: unknown, log: Log): void {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof UserError) && !(error instanceof ApiError)) log.error(message, { stack: (error as Error).stack });
  void vscode.window.showErrorMessage(message);
}

async function offerStart(reason: string): Promise<void> {
  const start = vscode.l10n.t('Start Cluster');
  const message = vscode.l10n.t('The cluster ended unexpectedly. {0}', reason);
  if ((await vscode.window.showErrorMessage(message, start)) === start) {
    await vscode.commands.executeCommand('kubePlayground.start' satisfies CommandId);
  }
}
