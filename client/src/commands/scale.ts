import * as vscode from 'vscode';
import { scalableKinds } from '#common/protocol/commands.ts';
import { mergePatch } from '#apiClient/apiClient.ts';
import { fieldManager } from '../apply/applier.ts';
import { type Command, connectionOf, pathOf, targetOf, titleOf, UserError } from './command.ts';

interface Scale {
  spec?: { replicas?: number };
}

/** Asks for a number of replicas, with the present one ready, and sets it through the scale subresource. */
export const scale: Command = {
  id: 'kubePlayground.scale',
  async run(services, argument) {
    const { api, ...connection } = connectionOf(services);
    const target = await targetOf(services, argument);
    if (!(scalableKinds as readonly string[]).includes(target.kind)) {
      throw new UserError(vscode.l10n.t('{0} cannot be scaled.', titleOf(target)));
    }
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
