import * as vscode from 'vscode';
import { type Command, connectionOf, pathOf, targetOf, titleOf } from './command.ts';

/** Kinds that take others with them, and what these are. */
const takesAlong = (kind: string): string | undefined => {
  switch (kind) {
    case 'Namespace':
      return vscode.l10n.t('Everything in the namespace goes with it.');
    case 'Deployment':
    case 'ReplicaSet':
    case 'ReplicationController':
    case 'StatefulSet':
    case 'DaemonSet':
    case 'Job':
      return vscode.l10n.t('Its pods go with it.');
    case 'CronJob':
      return vscode.l10n.t('Its jobs and their pods go with it.');
    default:
      return undefined;
  }
};

/** Deletes one object, after asking. */
export const deleteObject: Command = {
  id: 'kubePlayground.deleteObject',
  async run(services, argument) {
    const connection = connectionOf(services);
    const target = await targetOf(services, argument);
    const path = await pathOf(connection, target);
    const remove = vscode.l10n.t('Delete');
    const detail = takesAlong(target.kind);
    const question = vscode.l10n.t('Delete {0} from the playground?', titleOf(target));
    const answer = await vscode.window.showWarningMessage(question, { modal: true, ...(detail ? { detail } : {}) }, remove);
    if (answer !== remove) return;
    await connection.api.send('DELETE', `${path}?propagationPolicy=Background`);
    services.report.say(vscode.l10n.t('{0} deleted', titleOf(target)));
  },
};
