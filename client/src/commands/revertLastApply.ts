import * as vscode from 'vscode';
import { type Command, connectionOf } from './command.ts';
import { UserError } from '../userError.ts';

/** Takes the last apply back: what it created is deleted, what it changed is as it was. The files stay as they are. */
export const revertLastApply: Command = {
  id: 'kubePlayground.revertLastApply',
  changes: true,
  async run(services) {
    const { history, report } = services;
    const connection = connectionOf(services);
    const { last } = history;
    if (!last || last.context !== connection.context) {
      throw new UserError(vscode.l10n.t('Nothing was applied to this cluster since the window was opened.'));
    }
    const options = { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Reverting…') };
    const { deleted, restored, problems } = await vscode.window.withProgress(options, () => history.revert(connection));
    for (const uri of last.files) report.clear(uri);
    if (problems.length > 0) throw new UserError(problems.join('\n'));
    report.say(vscode.l10n.t('last apply reverted: {0} deleted, {1} restored', deleted, restored));
  },
};
