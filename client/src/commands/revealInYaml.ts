import * as vscode from 'vscode';
import { type Command, connectionOf, targetOf } from './command.ts';
import { manifestOf } from './manifestSearch.ts';

/** Shows the manifest that an object came from; of a pod that of the workload that made it. */
export const revealInYaml: Command = {
  id: 'kubePlayground.revealInYaml',
  async run(services, argument) {
    const { file, range } = await manifestOf(connectionOf(services), await targetOf(services, argument));
    const editor = await vscode.window.showTextDocument(file);
    const position = file.positionAt(range.start);
    editor.selection = new vscode.Selection(position, position);
    editor.revealRange(new vscode.Range(position, position), vscode.TextEditorRevealType.AtTop);
  },
};
