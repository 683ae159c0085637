/** `⎈ playground · 3 nodes`, and whether saving applies. Nothing is shown before the first start. */
import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '#common/base/disposable.ts';
import type { CommandId } from '#common/protocol/commands.ts';
import type { ApplyOnSave } from '../apply/applyOnSave.ts';
import type { ClusterSession } from '../cluster/clusterSession.ts';
import type { ShownCluster } from '../cluster/shownCluster.ts';
import { isNodeReady } from '#dashboard/rows/clusterRows.ts';
import { clusterId } from '#dashboard/rows/places.ts';
import type { Dashboard } from '#dashboard/dashboard.ts';

export class StatusBar implements Disposable {
  readonly #disposables = new DisposableStore();
  readonly #cluster = this.#disposables.add(
    vscode.window.createStatusBarItem('kubePlayground.cluster', vscode.StatusBarAlignment.Left, 50),
  );
  readonly #saving = this.#disposables.add(
    vscode.window.createStatusBarItem('kubePlayground.applyOnSave', vscode.StatusBarAlignment.Left, 49),
  );
  readonly #session: ClusterSession;
  readonly #shown: ShownCluster;
  readonly #dashboard: Dashboard;
  readonly #applyOnSave: ApplyOnSave;

  constructor(session: ClusterSession, shown: ShownCluster, dashboard: Dashboard, applyOnSave: ApplyOnSave) {
    this.#session = session;
    this.#shown = shown;
    this.#dashboard = dashboard;
    this.#applyOnSave = applyOnSave;
    this.#cluster.name = vscode.l10n.t('Kube Playground: Cluster');
    this.#saving.name = vscode.l10n.t('Kube Playground: Apply on Save');
    this.#saving.command = 'kubePlayground.toggleApplyOnSave' satisfies CommandId;
    this.#disposables.add(shown.onPhase(() => this.#update()));
    this.#disposables.add(applyOnSave.onChoice(() => this.#update()));
    this.#disposables.add(
      vscode.workspace.onDidChangeConfiguration(
        (change) => change.affectsConfiguration('kubePlayground.allowedContexts') && shown.phase === 'running' && this.#update(),
      ),
    );
    this.#disposables.add(dashboard.model.onRow((id) => id === clusterId && this.#update()));
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #update(): void {
    const { choice } = this.#applyOnSave;
    this.#saving.text =
      choice === 'on' ? vscode.l10n.t('$(check) apply on save') : vscode.l10n.t('$(circle-slash) apply on save');
    this.#saving.tooltip =
      choice === 'on'
        ? vscode.l10n.t('Saved manifests are applied to the playground. Click to turn it off.')
        : vscode.l10n.t('Saved manifests are not applied. Click to turn it on.');
    const { access } = this.#shown;
    if (this.#shown.phase === 'running' && choice !== undefined && access === 'free') this.#saving.show();
    else this.#saving.hide();
    if (this.#shown.context === undefined) this.#showPlayground();
    else this.#showOther(this.#shown.context);
    this.#cluster.show();
  }

  /** Another cluster never looks like the playground. */
  #showOther(context: string): void {
    const item = this.#cluster;
    const { access, isReached } = this.#shown;
    item.command = 'kubePlayground.selectCluster' satisfies CommandId;
    item.backgroundColor = new vscode.ThemeColor('statusBarItem.warningBackground');
    const state = isReached ? this.#nodesText() : vscode.l10n.t('does not answer');
    item.text = `${access === 'readOnly' ? '$(lock)' : '$(unlock)'} ${context} · ${state}`;
    item.tooltip =
      access === 'readOnly'
        ? vscode.l10n.t('The cluster {0} is shown read-only. Click to choose another.', context)
        : vscode.l10n.t('Commands change the cluster {0}; each save asks. Click to choose another.', context);
  }

  #showPlayground(): void {
    const { phase, stateFolder } = this.#session;
    const item = this.#cluster;
    item.command = phase === 'stopped' ? ('kubePlayground.start' satisfies CommandId) : 'kubePlayground.tree.focus';
    item.backgroundColor = phase === 'lost' ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    switch (phase) {
      case 'starting':
        item.text = '$(loading~spin) playground';
        item.tooltip = vscode.l10n.t('Starting the cluster…');
        break;
      case 'lost':
        item.text = '$(loading~spin) playground';
        item.tooltip = vscode.l10n.t('The cluster ended unexpectedly; it is being restarted.');
        break;
      case 'running':
        item.text = `⎈ playground · ${this.#nodesText()}`;
        item.tooltip = vscode.l10n.t('Kubernetes on this machine, in {0}', stateFolder);
        break;
      default:
        item.text = '⎈ playground';
        item.tooltip = vscode.l10n.t('The cluster is stopped. Click to start it.');
    }
  }

  #nodesText(): string {
    const { nodes } = this.#dashboard.model;
    const ready = nodes.filter(isNodeReady).length;
    if (ready < nodes.length) return vscode.l10n.t('{0} of {1} nodes ready', ready, nodes.length);
    return nodes.length === 1 ? vscode.l10n.t('1 node') : vscode.l10n.t('{0} nodes', nodes.length);
  }
}
