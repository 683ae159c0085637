import * as vscode from 'vscode';
import { type Command, connectionOf } from './command.ts';
import { readManifestFiles, selectedFiles } from './manifestFiles.ts';

/** Applies the file in the editor, or all files and folders that are selected in the explorer, by dependency. */
export const applyFiles: Command = {
  id: 'kubePlayground.apply',
  async run({ session, report, ...services }, ...args) {
    const connection = connectionOf({ session, report, ...services });
    const manifests = await readManifestFiles(await selectedFiles(args));
    const options = { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Applying…'), cancellable: true };
    await vscode.window.withProgress(options, async (_progress, token) => {
      const stop = new AbortController();
      const listener = token.onCancellationRequested(() => stop.abort());
      try {
        await report.apply(connection, manifests, { signal: stop.signal });
      } finally {
        listener.dispose();
      }
    });
  },
};
