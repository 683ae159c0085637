import * as vscode from 'vscode';
import type { Machine, NodeList } from '#common/schema/generated/types.ts';
import { withQuery } from '#apiClient/apiPath.ts';
import { fieldManager } from '../apply/fieldManager.ts';
import { type Command, connectionOf } from './command.ts';
import { UserError } from '../userError.ts';
import { machinesPath } from './nodePower.ts';

/** Adds a computer to the playground; its node is there a moment later. */
export const addNode: Command = {
  id: 'kubePlayground.addNode',
  changes: true,
  async run(services) {
    if (services.cluster.context !== undefined) {
      throw new UserError(vscode.l10n.t('Nodes can be added to the playground only.'));
    }
    const { api } = connectionOf(services);
    const { items } = await api.get<NodeList>('/api/v1/nodes');
    const taken = new Set(items.map(({ metadata }) => metadata.name));
    const name = await vscode.window.showInputBox({
      title: vscode.l10n.t('Add a node'),
      prompt: vscode.l10n.t('Name of the node'),
      value: freeName(taken),
      validateInput: (text) => {
        if (taken.has(text)) return vscode.l10n.t('There is a node {0} already.', text);
        return /^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$/.test(text)
          ? undefined
          : vscode.l10n.t('Lower-case letters, digits, dashes and dots, at most 63');
      },
    });
    if (name === undefined) return;
    const machine: Machine = {
      apiVersion: 'playground.kube/v1alpha1',
      kind: 'Machine',
      metadata: { name },
      spec: { capacity: { cpu: '8', memory: '16Gi', pods: '110' } },
    };
    await api.send('POST', withQuery(machinesPath, { fieldManager }), machine);
    services.report.say(vscode.l10n.t('{0} starts', name));
  },
};

/** The first of `node-1`, `node-2` … that is not taken. */
function freeName(taken: ReadonlySet<string | undefined>): string {
  let number = 1;
  while (taken.has(`node-${number}`)) number++;
  return `node-${number}`;
}
