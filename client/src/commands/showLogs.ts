import * as vscode from 'vscode';
import { loggableKinds } from '#common/protocol/commands.ts';
import { type Command, connectionOf, pathOf, targetOf, titleOf } from './command.ts';
import { UserError } from '../userError.ts';

/** Follows the log of a container, of a pod, or of all pods of a workload. */
export const showLogs: Command = {
  id: 'kubePlayground.showLogs',
  async run(services, argument) {
    const connection = connectionOf(services);
    const target = await targetOf(services, argument);
    if (!(loggableKinds as readonly string[]).includes(target.kind)) {
      throw new UserError(vscode.l10n.t('{0} has no log.', titleOf(target)));
    }
    await services.logs.show(connection, target, await pathOf(connection, target));
  },
};
