/** Deletes objects after asking, and after saying what goes with them. */
import * as vscode from 'vscode';
import type { ObjectLocator } from '#common/protocol/webview.ts';
import { deleteObjects } from '../apply/applier.ts';
import type { Manifest } from '../apply/manifestDocuments.ts';
import { connectionOf, type Services, titleOf } from './command.ts';
import { UserError } from '../userError.ts';
import { whatGoesAlong } from './whatGoesAlong.ts';

const shown = 12;

/** True when they were deleted. */
export async function askAndDelete(services: Services, targets: readonly ObjectLocator[]): Promise<boolean> {
  const connection = connectionOf(services);
  const [first] = targets;
  if (!first) return false;
  const titles = targets.map(titleOf);
  const searching = { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Looking at what goes with it…') };
  const along = await vscode.window.withProgress(searching, () => whatGoesAlong(connection, targets));
  const list = targets.length === 1 ? [] : [...titles.slice(0, shown), ...(titles.length > shown ? ['…'] : [])];
  const detail = [...list, ...(list.length > 0 && along.length > 0 ? [''] : []), ...along].join('\n');
  const question =
    targets.length === 1
      ? vscode.l10n.t('Delete {0} from {1}?', titleOf(first), services.cluster.name)
      : vscode.l10n.t('Delete {0} objects from {1}?', targets.length, services.cluster.name);
  const remove = vscode.l10n.t('Delete');
  const options = { modal: true, ...(detail ? { detail } : {}) };
  if ((await vscode.window.showWarningMessage(question, options, remove)) !== remove) return false;
  const manifests = targets.map(({ apiVersion, kind, namespace, name }): Manifest => {
    return { apiVersion, kind, metadata: { name, ...(namespace ? { namespace } : {}) } };
  });
  const problems = (await deleteObjects(connection, manifests)).flatMap(({ problem }) => problem ?? []);
  if (problems.length > 0) throw new UserError(problems.join('\n'));
  const told = targets.length === 1 ? titleOf(first) : vscode.l10n.t('{0} objects', targets.length);
  services.report.say(vscode.l10n.t('{0} deleted', told));
  return true;
}
