import * as vscode from 'vscode';
import { deleteObjects as deleteAll } from '../apply/applier.ts';
import { type Command, connectionOf, titleOf, UserError } from './command.ts';
import { readManifestFiles, selectedFiles } from './manifestFiles.ts';

const shown = 12;

/** Deletes the objects of a file, of a selection of files or of a folder, after asking. */
export const deleteObjects: Command = {
  id: 'kubePlayground.deleteObjects',
  async run(services, ...args) {
    const connection = connectionOf(services);
    const { documents, files } = await readManifestFiles(await selectedFiles(args));
    if (documents.length === 0) throw new UserError(vscode.l10n.t('There is no Kubernetes object in it.'));
    const titles = documents.map(({ object }) => titleOf({ kind: object.kind, name: object.metadata.name ?? '' }));
    const detail = [...titles.slice(0, shown), ...(titles.length > shown ? ['…'] : [])].join('\n');
    const remove = vscode.l10n.t('Delete');
    const question = vscode.l10n.t('Delete {0} object(s) from the playground?', titles.length);
    if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, remove)) !== remove) return;
    const deleted = await deleteAll(
      connection,
      documents.map(({ object }) => object),
    );
    for (const { file } of files) services.report.clear(file.uri);
    const problems = deleted.flatMap(({ problem }) => problem ?? []);
    if (problems.length > 0) throw new UserError(problems.join('\n'));
    services.report.say(vscode.l10n.t('{0} object(s) deleted', deleted.length));
  },
};
