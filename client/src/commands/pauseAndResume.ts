/** Holds a workload still and lets it go on: rollouts of a Deployment, the pods of a Job, the runs of a CronJob. */
import * as vscode from 'vscode';
import { pausableKinds } from '#common/protocol/commands.ts';
import { mergePatch } from '#apiClient/apiClient.ts';
import { withQuery } from '#apiClient/apiPath.ts';
import { fieldManager } from '../apply/fieldManager.ts';
import { connectionOf, pathOf, type Services, titleOf } from './command.ts';
import { targetsOf } from './targets.ts';

export async function setPaused(services: Services, args: readonly unknown[], paused: boolean): Promise<void> {
  const { api, ...connection } = connectionOf(services);
  const targets = await targetsOf(services, args, pausableKinds);
  for (const target of targets) {
    const field = target.kind === 'Deployment' ? 'paused' : 'suspend';
    const path = withQuery(await pathOf({ api, ...connection }, target), { fieldManager });
    // A Deployment that goes on says nothing of it, as kubectl leaves it.
    const value = paused || field === 'suspend' ? paused : null;
    await api.send('PATCH', path, { spec: { [field]: value } }, mergePatch);
  }
  if (targets.length === 0) return;
  const titles = targets.map(titleOf).join(', ');
  services.report.say(paused ? vscode.l10n.t('{0} paused', titles) : vscode.l10n.t('{0} resumed', titles));
}
