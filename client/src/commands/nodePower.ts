/** The switches of the playground's computers; other clusters have none that the API knows of. */
import * as vscode from 'vscode';
import { hasReason } from '#common/api/status.ts';
import type { Machine } from '#common/schema/generated/types.ts';
import { mergePatch } from '#apiClient/apiClient.ts';
import { resourcePath, withQuery } from '#apiClient/apiPath.ts';
import { fieldManager } from '../apply/fieldManager.ts';
import { connectionOf, type Services, titleOf } from './command.ts';
import { UserError } from '../userError.ts';
import { targetsOf } from './targets.ts';

export const machinesPath = resourcePath('playground.kube/v1alpha1', 'machines');

export async function setPower(services: Services, args: readonly unknown[], power: 'On' | 'Off'): Promise<void> {
  const { api } = connectionOf(services);
  const targets = await targetsOf(services, args, ['Node']);
  for (const target of targets) {
    const path = `${machinesPath}/${encodeURIComponent(target.name)}`;
    try {
      const before = await api.get<Machine>(path);
      if ((before.spec?.power ?? 'On') === power) throw new UserError(alreadyText(target.name, power));
      await api.send('PATCH', withQuery(path, { fieldManager }), { spec: { power, shutdown: 'Immediate' } }, mergePatch);
    } catch (error) {
      if (!hasReason(error, 'NotFound')) throw error;
      throw new UserError(vscode.l10n.t('{0} is no computer of the playground.', titleOf(target)));
    }
  }
  if (targets.length === 0) return;
  const titles = targets.map(titleOf).join(', ');
  services.report.say(
    power === 'Off'
      ? vscode.l10n.t('{0} is off; Kubernetes notices when it has been silent for a while', titles)
      : vscode.l10n.t('{0} starts', titles),
  );
}

const alreadyText = (name: string, power: 'On' | 'Off'): string =>
  power === 'On' ? vscode.l10n.t('{0} is on already.', name) : vscode.l10n.t('{0} is off already.', name);
