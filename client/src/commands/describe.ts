import * as vscode from 'vscode';
import { describeUri } from '../views/describeDocuments.ts';
import { type Command, connectionOf, pathOf, targetOf } from './command.ts';

/** Opens what is known of an object, as a page that follows it. */
export const describe: Command = {
  id: 'kubePlayground.describe',
  async run(services, argument) {
    const target = await targetOf(services, argument);
    const path = await pathOf(connectionOf(services), target);
    const document = await vscode.workspace.openTextDocument(describeUri(target, path));
    await vscode.window.showTextDocument(document, { preview: true, preserveFocus: true });
  },
};
