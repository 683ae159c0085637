import * as vscode from 'vscode';
import { KubeconfigError } from '#apiClient/kubeconfig/kubeconfigError.ts';
import { ConnectionError } from '#apiClient/connectionError.ts';
import { accessTo } from '../cluster/contextRules.ts';
import { playgroundName, type ShownCluster } from '../cluster/shownCluster.ts';
import type { Command } from './command.ts';
import { UserError } from '../userError.ts';
import { withAbortableProgress } from './progress.ts';

interface Item extends vscode.QuickPickItem {
  /** Undefined for the playground, and for lines between. */
  readonly context?: string;
}

/** Chooses what this window shows: its playground, or a context of the user's kubeconfig. */
export const selectCluster: Command = {
  id: 'kubePlayground.selectCluster',
  async run({ cluster }) {
    const chosen = await vscode.window.showQuickPick(itemsOf(cluster), {
      title: vscode.l10n.t('Which cluster?'),
      matchOnDescription: true,
    });
    if (!chosen || chosen.context === cluster.context) return;
    const { context } = chosen;
    if (context === undefined) {
      cluster.showPlayground();
      return;
    }
    try {
      const title = vscode.l10n.t('Connecting to {0}', context);
      await withAbortableProgress(title, (_say, signal) => cluster.showContext(context, signal));
    } catch (error) {
      throw toldPlainly(error);
    }
  },
};

async function itemsOf(cluster: ShownCluster): Promise<Item[]> {
  const shown = (context: string | undefined): string => (cluster.context === context ? '$(check) ' : '');
  const playground: Item = {
    label: `${shown(undefined)}${playgroundName}`,
    description: vscode.l10n.t('the cluster inside this editor'),
  };
  const separator = { label: vscode.l10n.t('Contexts of the kubeconfig'), kind: vscode.QuickPickItemKind.Separator };
  const contexts = await cluster.contexts().catch((error: unknown) => {
    throw toldPlainly(error);
  });
  const allowed = cluster.allowedContexts;
  const others = contexts.map(({ name, cluster: of, user }): Item => {
    const isReadOnly = accessTo(name, allowed) === 'readOnly';
    return {
      label: `${shown(name)}${name}`,
      description: isReadOnly ? vscode.l10n.t('read-only') : vscode.l10n.t('can be changed'),
      detail: [of, user].filter((part) => part).join(' · '),
      context: name,
    };
  });
  return others.length > 0 ? [playground, separator, ...others] : [playground];
}

function toldPlainly(error: unknown): unknown {
  return error instanceof KubeconfigError || error instanceof ConnectionError ? new UserError(error.message) : error;
}
