/**
 * The extension's composition root. Activation only registers: nothing is started, read or connected to until somebody
 * asks for it, except that a cluster which already runs for this workspace is attached to. In a workspace that is not
 * trusted there is only a view that says so.
 */
import * as vscode from 'vscode';
import { RealClock } from '#common/base/clock.ts';
import { type CommandId, commandIds } from '#common/protocol/commands.ts';
import { detailsTexts } from '#common/protocol/detailsTexts.ts';
import { treeTexts } from '#common/protocol/treeTexts.ts';
import { createLog, type Log } from '#common/base/log.ts';
import { ApplyOnSave } from './apply/applyOnSave.ts';
import { ApplyReport } from './apply/applyReport.ts';
import { AppliedHistory } from './apply/appliedHistory.ts';
import { ClusterSession } from './cluster/clusterSession.ts';
import { DashboardSwitch } from './cluster/dashboardSwitch.ts';
import { playgroundName, ShownCluster } from './cluster/shownCluster.ts';
import { setTerminalVariables } from './cluster/terminals.ts';
import { type Services, UserError } from './commands/command.ts';
import { tellContexts } from './commands/contextKeys.ts';
import { ApiError } from '#common/api/status.ts';
import { Dashboard } from '#dashboard/dashboard.ts';
import { LanguageServer } from './language/languageServer.ts';
import { PortForwards } from './ports/portForwards.ts';
import { DetailsPanels } from './views/detailsPanels.ts';
import { LiveObjects } from './views/liveObjects.ts';
import { LogViews } from './views/logViews.ts';
import { Snippets } from './views/snippets.ts';
import { StatusBar } from './views/statusBar.ts';
import { TreeView, treeViewId } from './views/treeView.ts';

let session: ClusterSession | undefined;
let languageServer: LanguageServer | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const clock = new RealClock();
  const texts = translated(treeTexts);
  const dashboard = new Dashboard(playgroundName, texts);
  const dashboards = new DashboardSwitch(dashboard, playgroundName);
  const channel = vscode.window.createOutputChannel('Kube Playground', { log: true });
  const log = createLog('extension', ({ level, message, fields }) => channel[level](message, ...(fields ? [fields] : [])));
  const storage = context.storageUri ?? context.globalStorageUri;
  const codeCache = vscode.Uri.joinPath(context.globalStorageUri, 'code').fsPath;
  session = new ClusterSession({
    runtimeFile: vscode.Uri.joinPath(context.extensionUri, 'dist', 'runtime.js').fsPath,
    codeCache,
    storageFolder: sharedBetweenWindows(storage.fsPath),
    clock,
    log,
    dashboard: dashboards.playground,
    nodes: () => settings().get<number>('nodes', 3),
    keepRunning: () => settings().get<boolean>('keepRunning', false),
  });
  const serverFile = vscode.Uri.joinPath(context.extensionUri, 'dist', 'server.js').fsPath;
  // Only the user's own settings: a folder must not be able to open another cluster for itself.
  const allowedContexts = (): unknown => settings().inspect('allowedContexts')?.globalValue;
  const cluster = new ShownCluster({ session, dashboards, clock, allowedContexts });
  const language = new LanguageServer({ serverFile, codeCache, cluster, log });
  languageServer = language;
  context.subscriptions.push(channel, session, cluster);
  const parts: Parts = { session, cluster, dashboard, language, clock, log };

  const trusted = new vscode.EventEmitter<void>();
  const view = new TreeView({
    extensionUri: context.extensionUri,
    dashboard,
    clock,
    texts,
    memory: context.workspaceState,
    phase: () => (vscode.workspace.isTrusted ? cluster.phase : 'untrusted'),
    onPhase: (listener) =>
      vscode.Disposable.from(
        cluster.onPhase(listener),
        trusted.event(() => listener(cluster.phase)),
      ),
  });
  context.subscriptions.push(trusted, vscode.window.registerWebviewViewProvider(treeViewId, view));

  if (vscode.workspace.isTrusted) open(context, parts);
  else {
    context.subscriptions.push(
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        open(context, parts);
        trusted.fire();
      }),
    );
  }
}

interface Parts extends Pick<Services, 'session' | 'cluster' | 'dashboard' | 'language' | 'clock'> {
  readonly log: Log;
}

/** What needs a trusted workspace: commands, applying, terminals. */
function open(context: vscode.ExtensionContext, parts: Parts): void {
  const { subscriptions, workspaceState } = context;
  const { session: current, cluster, dashboard, clock, log } = parts;
  const history = new AppliedHistory(workspaceState);
  const report = new ApplyReport(history);
  const applyOnSave = new ApplyOnSave(cluster, report, history, workspaceState, clock, (error) => tell(error, log));
  const logs = new LogViews();
  const details = new DetailsPanels({
    extensionUri: context.extensionUri,
    cluster,
    clock,
    texts: translated(detailsTexts),
    stateTexts: translated(treeTexts),
  });
  const forwards = new PortForwards();
  const liveObjects = new LiveObjects(cluster, clock);
  const snippets = new Snippets();
  const services: Services = { ...parts, report, applyOnSave, history, logs, details, forwards, liveObjects, snippets };
  subscriptions.push(history, report, applyOnSave, logs, details, forwards, liveObjects, snippets);
  subscriptions.push(new StatusBar(current, cluster, dashboard, applyOnSave));
  const ownKubectl = {
    cliFile: vscode.Uri.joinPath(context.extensionUri, 'dist', 'cli.js').fsPath,
    folder: vscode.Uri.joinPath(context.globalStorageUri, 'bin').fsPath,
  };
  subscriptions.push(setTerminalVariables(current, context.environmentVariableCollection, ownKubectl));
  for (const id of commandIds) {
    const run = async (...args: unknown[]): Promise<void> => {
      try {
        // What commands do is half of the extension's code, and is loaded with the first of them.
        const { runCommand } = await import('./commands/runCommand.ts');
        await runCommand(id, services, args);
      } catch (error) {
        tell(error, log);
      }
    };
    subscriptions.push(vscode.commands.registerCommand(id, run));
  }
  subscriptions.push(tellContexts(services));
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

/** A second window on the same folder gets a storage of its own, named after the first one's with a number behind. */
const sharedBetweenWindows = (folder: string): string => folder.replace(/([0-9a-f]{6,})-\d+(?=[\\/][^\\/]+$)/, '$1');

const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('kubePlayground');

function translated<T extends Readonly<Record<string, string>>>(texts: T): Readonly<Record<keyof T, string>> {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, vscode.l10n.t(text)])) as Record<keyof T, string>;
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
