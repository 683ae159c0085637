import * as vscode from 'vscode';
import { RuntimeStartError } from '../cluster/runtimeProcess.ts';
import type { Command } from './command.ts';
import { UserError } from '../userError.ts';

/** Starts the cluster of this window, or attaches to the one that another window on the same folder has started. */
export const startCluster: Command = {
  id: 'kubePlayground.start',
  async run({ session }) {
    const options = {
      location: vscode.ProgressLocation.Window,
      title: vscode.l10n.t('Starting the cluster…'),
      cancellable: true,
    };
    await vscode.window.withProgress(options, async (_progress, token) => {
      const stop = new AbortController();
      const listener = token.onCancellationRequested(() => stop.abort());
      try {
        await session.start(stop.signal);
      } catch (error) {
        if (stop.signal.aborted) return;
        if (error instanceof RuntimeStartError)
          throw new UserError(vscode.l10n.t('The cluster cannot be started: {0}', error.message));
        throw error;
      } finally {
        listener.dispose();
      }
    });
  },
};
