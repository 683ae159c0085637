import * as vscode from 'vscode';
import { askAndDelete } from './askAndDelete.ts';
import { type Command, locatorOfManifest } from './command.ts';
import { UserError } from '../userError.ts';
import { readManifestFiles, selectedFiles } from './manifestFiles.ts';

/** Deletes the objects of a file, of a selection of files or of a folder. */
export const deleteObjects: Command = {
  id: 'kubePlayground.deleteObjects',
  changes: true,
  async run(services, ...args) {
    const { documents, files } = await readManifestFiles(await selectedFiles(args));
    if (documents.length === 0) throw new UserError(vscode.l10n.t('There is no Kubernetes object in it.'));
    const { namespace } = services.cluster.connection ?? {};
    const isDeleted = await askAndDelete(
      services,
      documents.map(({ object }) => locatorOfManifest(object, namespace)),
    );
    if (isDeleted) for (const { file } of files) services.report.clear(file.uri);
  },
};
