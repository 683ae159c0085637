import * as vscode from 'vscode';
import { contextRow } from '#common/protocol/webview.ts';
import type { Explanation } from '#common/protocol/languageServer.ts';
import { type Command, connectionOf, documentTargetOf, locatorOf, type Services, targetOf } from './command.ts';
import { UserError } from '../userError.ts';
import { manifestOf } from './manifestSearch.ts';

interface Item extends vscode.QuickPickItem {
  readonly step: Explanation;
}

const icons: Readonly<Record<Explanation['state'], string>> = {
  good: '$(pass)',
  bad: '$(error)',
  waiting: '$(clock)',
  unknown: '$(question)',
};

/** Why an object is as it is: the chain of causes, each to be gone to. */
export const explain: Command = {
  id: 'kubePlayground.explain',
  async run(services, argument) {
    const { document, position } = await placeOf(services, argument);
    const explanation = await services.language.explain(document, position);
    if (!explanation) throw new UserError(vscode.l10n.t('Nothing is known of why this is as it is.'));
    const options = { title: vscode.l10n.t('Why?'), matchOnDetail: true };
    const chosen = await vscode.window.showQuickPick(itemsOf(explanation), options);
    if (chosen) await goTo(services, chosen.step);
  },
};

/** Where the object is written; of a row, in the manifest that it came from. */
async function placeOf(
  services: Services,
  argument: unknown,
): Promise<{ document: vscode.TextDocument; position: vscode.Position }> {
  const editor = vscode.window.activeTextEditor;
  const isSaid = contextRow(argument) !== undefined || (locatorOf(argument) !== undefined && !documentTargetOf(argument));
  if (editor && !isSaid && !documentTargetOf(argument)) return { document: editor.document, position: editor.selection.active };
  const { file, range } = await manifestOf(connectionOf(services), await targetOf(services, argument));
  return { document: file, position: file.positionAt(range.start) };
}

/** A tree as lines: what a step depends on stands below it, further to the right. */
function itemsOf(step: Explanation, depth = 0): Item[] {
  const { title, state, detail } = step;
  const indent = '\u2003'.repeat(depth);
  const item: Item = {
    label: `${indent}${icons[state]} ${title}`,
    ...(detail === undefined ? {} : { detail: `${indent}\u2003${detail}` }),
    step,
  };
  return [item, ...step.because.flatMap((cause) => itemsOf(cause, depth + 1))];
}

async function goTo(services: Services, { location, live }: Explanation): Promise<void> {
  if (location) {
    const { start, end } = location.range;
    const selection = new vscode.Range(start.line, start.character, end.line, end.character);
    await vscode.window.showTextDocument(vscode.Uri.parse(location.uri), { selection });
  } else if (live && services.cluster.connection) {
    await vscode.commands.executeCommand('kubePlayground.describe', live);
  }
}
