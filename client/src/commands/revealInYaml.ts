import * as vscode from 'vscode';
import { controllerOf, type KubeObject } from '#common/api/meta.ts';
import type { ObjectLocator } from '#common/protocol/webview.ts';
import { parseManifests } from '../apply/manifestDocuments.ts';
import type { Connection } from '../cluster/clusterSession.ts';
import { type Command, connectionOf, pathOf, targetOf, titleOf, UserError } from './command.ts';
import { workspaceFiles } from './manifestFiles.ts';

/** Shows the manifest that an object came from; of a pod that of the workload that made it. */
export const revealInYaml: Command = {
  id: 'kubePlayground.revealInYaml',
  async run(services, argument) {
    const target = await targetOf(services, argument);
    const lineage = await lineageOf(connectionOf(services), target);
    const found = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Searching the manifest…'), cancellable: true },
      (_progress, token) => findManifest(lineage, token),
    );
    if (!found) throw new UserError(vscode.l10n.t('No manifest of this workspace has {0}.', titleOf(target)));
    const editor = await vscode.window.showTextDocument(found.document);
    editor.selection = new vscode.Selection(found.position, found.position);
    editor.revealRange(new vscode.Range(found.position, found.position), vscode.TextEditorRevealType.AtTop);
  },
};

/** The object, then what made it, and so on. */
async function lineageOf(connection: Connection, target: ObjectLocator): Promise<ObjectLocator[]> {
  const lineage = [target];
  for (let next: ObjectLocator | undefined = target; next;) {
    const owner = controllerOf(await connection.api.get<KubeObject>(await pathOf(connection, next)));
    next = owner ? { apiVersion: owner.apiVersion, kind: owner.kind, namespace: target.namespace, name: owner.name } : undefined;
    if (next) lineage.push(next);
  }
  return lineage;
}

async function findManifest(
  lineage: readonly ObjectLocator[],
  token: vscode.CancellationToken,
): Promise<{ document: vscode.TextDocument; position: vscode.Position } | undefined> {
  for (const uri of await workspaceFiles(token)) {
    if (token.isCancellationRequested) return undefined;
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    // Parsing is the slow part, and few files name the object.
    if (!lineage.some(({ name, kind }) => text.includes(name) && text.includes(kind))) continue;
    const { documents } = await parseManifests(text);
    const match = documents.find(({ object }) => lineage.some((each) => isObject(each, object)));
    if (!match) continue;
    const document = await vscode.workspace.openTextDocument(uri);
    return { document, position: document.positionAt(match.range.start) };
  }
  return undefined;
}

const isObject = (locator: ObjectLocator, object: KubeObject & { kind: string }): boolean =>
  object.kind === locator.kind &&
  object.metadata.name === locator.name &&
  (locator.namespace === '' || (object.metadata.namespace ?? 'default') === locator.namespace);
