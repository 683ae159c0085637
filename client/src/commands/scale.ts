import * as vscode from 'vscode';
import { scalableKinds } from '#common/protocol/commands.ts';
import { mergePatch } from '#apiClient/apiClient.ts';
import { fieldManager } from '../apply/fieldManager.ts';
import { type Command, connectionOf, pathOf, titleOf } from './command.ts';
import { oneTargetOf } from './targets.ts';

interface Scale {
  spec?: { replicas?: number };
}

/** Asks for a number of replicas, with the present one ready, and sets it through the scale subresource. */
export const scale: Command = {
  id: 'kubePlayground.scale',
  changes: true,
  async run(services, ...args) {
    const { api, ...connection } = connectionOf(services);
    const target = await oneTargetOf(services, args, scalableKinds);
    if (!target) return;
    const path = `${await pathOf({ api, ...connection }, target)}/scale`;
    const before = (await api.get<Scale>(path)).spec?.replicas ?? 0;
    const answer = await vscode.window.showInputBox({
      title: vscode.l10n.t('Scale {0}', titleOf(target)),
      prompt: vscode.l10n.t('How many replicas?'),
      value: String(before),
      validateInput: (text) => (/^\d{1,5}$/.test(text.trim()) ? undefined : vscode.l10n.t('A number from 0 to 99999')),
    });
    if (answer === undefined) return;
    await api.send('PATCH', `${path}?fieldManager=${fieldManager}`, { spec: { replicas: Number(answer) } }, mergePatch);
    services.report.say(vscode.l10n.t('{0} scaled from {1} to {2}', titleOf(target), before, Number(answer)));
  },
};
