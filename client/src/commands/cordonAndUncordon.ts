/** Whether nodes take new pods. */
import * as vscode from 'vscode';
import { strategicMergePatch } from '#apiClient/apiClient.ts';
import { resourcePath, withQuery } from '#apiClient/apiPath.ts';
import { fieldManager } from '../apply/fieldManager.ts';
import type { Connection } from '../cluster/clusterSession.ts';
import { connectionOf, type Services, titleOf } from './command.ts';
import { targetsOf } from './targets.ts';

export async function setCordoned(services: Services, args: readonly unknown[], cordoned: boolean): Promise<void> {
  const targets = await targetsOf(services, args, ['Node']);
  for (const { name } of targets) await cordonNode(connectionOf(services), name, cordoned);
  if (targets.length === 0) return;
  const titles = targets.map(titleOf).join(', ');
  services.report.say(cordoned ? vscode.l10n.t('{0} takes no more pods', titles) : vscode.l10n.t('{0} takes pods again', titles));
}

export async function cordonNode({ api }: Connection, name: string, cordoned: boolean): Promise<void> {
  const path = withQuery(resourcePath('v1', 'nodes', undefined, name), { fieldManager });
  await api.send('PATCH', path, { spec: { unschedulable: cordoned || null } }, strategicMergePatch);
}
