import * as vscode from 'vscode';
import type { Deployment } from '#common/schema/generated/types.ts';
import { restartableKinds } from '#common/protocol/commands.ts';
import { strategicMergePatch } from '#apiClient/apiClient.ts';
import { withQuery } from '#apiClient/apiPath.ts';
import { fieldManager } from '../apply/fieldManager.ts';
import { type Command, connectionOf, pathOf, titleOf } from './command.ts';
import { UserError } from '../userError.ts';
import { targetsOf } from './targets.ts';

/** Replaces all pods of a workload, as `kubectl rollout restart` does: by a new annotation in its template. */
export const restart: Command = {
  id: 'kubePlayground.restart',
  changes: true,
  async run(services, ...args) {
    const connection = connectionOf(services);
    const targets = await targetsOf(services, args, restartableKinds);
    const restartedAt = new Date(services.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
    const annotations = { 'kubectl.kubernetes.io/restartedAt': restartedAt };
    for (const target of targets) {
      const path = await pathOf(connection, target);
      const { spec } = await connection.api.get<Deployment>(path);
      if (target.kind === 'Deployment' && spec?.paused) {
        throw new UserError(vscode.l10n.t('{0} is paused. Resume it first.', titleOf(target)));
      }
      const patch = { spec: { template: { metadata: { annotations } } } };
      await connection.api.send('PATCH', withQuery(path, { fieldManager }), patch, strategicMergePatch);
    }
    if (targets.length > 0) services.report.say(vscode.l10n.t('{0} restarted', targets.map(titleOf).join(', ')));
  },
};
