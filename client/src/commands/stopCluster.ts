import * as vscode from 'vscode';
import type { Command } from './command.ts';

/** Ends the cluster; it comes back as it was. */
export const stopCluster: Command = {
  id: 'kubePlayground.stop',
  async run({ session, logs }) {
    logs.stop();
    const options = { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Stopping the cluster…') };
    await vscode.window.withProgress(options, () => session.stop());
  },
};
