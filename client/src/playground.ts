/**
 * The extension's composition root, loaded when something of it is needed. Nothing is started or connected to until somebody
 * asks for it, except that a cluster which already runs for this workspace is attached to. In a workspace that is not
 * trusted there are only the language and a view that says so.
 */
import * as vscode from 'vscode';
import { RealClock } from '#common/base/clock.ts';
import type { CommandId } from '#common/protocol/commands.ts';
import { detailsTexts } from '#common/protocol/detailsTexts.ts';
import { treeTexts } from '#common/protocol/treeTexts.ts';
import { createLog, type Log } from '#common/base/log.ts';
import { unexpected } from '#common/base/unexpected.ts';
import { ApplyOnSave } from './apply/applyOnSave.ts';
import { ApplyReport } from './apply/applyReport.ts';
import { AppliedHistory } from './apply/appliedHistory.ts';
import { ClusterSession } from './cluster/clusterSession.ts';
import { DashboardSwitch } from './cluster/dashboardSwitch.ts';
import { playgroundName, ShownCluster } from './cluster/shownCluster.ts';
import { setTerminalVariables } from './cluster/terminals.ts';
import type { Services } from './commands/command.ts';
import { UserError } from './userError.ts';
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
import { TreeView } from './views/treeView.ts';

export class Playground {
  /** What the side bar shows. */
  readonly tree: TreeView;
  readonly #parts: Parts;
  #services: Services | undefined;

  /** The storage folder is the workspace's, the same for all of its windows. */
  constructor(context: vscode.ExtensionContext, storageFolder: string) {
    const { extensionUri, globalStorageUri, subscriptions, workspaceState } = context;
    const clock = new RealClock();
    const texts = translated(treeTexts);
    const dashboard = new Dashboard(playgroundName, texts);
    const dashboards = new DashboardSwitch(dashboard, playgroundName);
    const channel = vscode.window.createOutputChannel('Kube Playground', { log: true });
    const log = createLog('extension', ({ level, message, fields }) => channel[level](message, ...(fields ? [fields] : [])));
    const codeCache = vscode.Uri.joinPath(globalStorageUri, 'code').fsPath;
    const session = new ClusterSession({
      runtimeFile: vscode.Uri.joinPath(extensionUri, 'dist', 'runtime.js').fsPath,
      codeCache,
      storageFolder,
      clock,
      log,
      dashboard: dashboards.playground,
      nodes: () => settings().get<number>('nodes', 3),
      keepRunning: () => settings().get<boolean>('keepRunning', false),
      lingerMs: 30_000,
    });
    const serverFile = vscode.Uri.joinPath(extensionUri, 'dist', 'server.js').fsPath;
    // Only the user's own settings: a folder must not be able to open another cluster for itself.
    const allowedContexts = (): unknown => settings().inspect('allowedContexts')?.globalValue;
    const cluster = new ShownCluster({ session, dashboards, clock, allowedContexts });
    const language = new LanguageServer({ serverFile, codeCache, cluster, log });
    subscriptions.push(channel, session, cluster);
    this.#parts = { session, cluster, dashboard, language, clock, log };

    const trusted = new vscode.EventEmitter<void>();
    this.tree = new TreeView({
      extensionUri,
      dashboard,
      clock,
      texts,
      memory: workspaceState,
      phase: () => (vscode.workspace.isTrusted ? cluster.phase : 'untrusted'),
      onPhase: (listener) =>
        vscode.Disposable.from(
          cluster.onPhase(listener),
          trusted.event(() => listener(cluster.phase)),
        ),
    });
    subscriptions.push(trusted);

    if (vscode.workspace.isTrusted) this.#services = open(context, this.#parts);
    else {
      subscriptions.push(
        vscode.workspace.onDidGrantWorkspaceTrust(() => {
          this.#services = open(context, this.#parts);
          trusted.fire();
        }),
      );
    }
  }

  /** Carries a command out, and tells what went wrong. */
  async run(id: CommandId, args: readonly unknown[]): Promise<void> {
    try {
      // What commands do is half of the extension's code, and is loaded with the first of them.
      const { runCommand } = await import('./commands/runCommand.ts');
      await runCommand(id, this.#services ?? unexpected('a command in a folder that nobody trusts'), args);
    } catch (error) {
      tell(error, this.#parts.log);
    }
  }

  /** The window closes. Resolves when what it leaves behind is in order. */
  async close(): Promise<void> {
    await Promise.all([this.#parts.session.close(), this.#parts.language.stop()]);
  }
}

interface Parts extends Pick<Services, 'session' | 'cluster' | 'dashboard' | 'language' | 'clock'> {
  readonly log: Log;
}

/** What needs a trusted workspace: applying, terminals, all that commands work with. */
function open(context: vscode.ExtensionContext, parts: Parts): Services {
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
  return services;
}

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
