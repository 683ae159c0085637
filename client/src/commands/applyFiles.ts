import * as vscode from 'vscode';
import { type Command, connectionOf, documentTargetOf } from './command.ts';
import type { FiledManifests } from '../apply/filedManifests.ts';
import { readManifestFiles, selectedFiles } from './manifestFiles.ts';

/** Applies the file in the editor, or all files and folders that are selected in the explorer, by dependency. */
export const applyFiles: Command = {
  id: 'kubePlayground.apply',
  changes: true,
  async run(services, ...args) {
    const { report } = services;
    const connection = connectionOf(services);
    const manifests = await manifestsFor(args);
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

/** A lens stands above one document; of its file no other is applied. */
async function manifestsFor(args: readonly unknown[]): Promise<FiledManifests> {
  const lens = documentTargetOf(args[0]);
  if (!lens) return readManifestFiles(await selectedFiles(args));
  const { files, documents } = await readManifestFiles([vscode.Uri.parse(lens.uri)]);
  const { kind, name } = lens.object;
  return { files, documents: documents.filter(({ object }) => object.kind === kind && object.metadata.name === name) };
}
