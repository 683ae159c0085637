/** Finds the document of the workspace that an object came from; of a pod that of the workload that made it. */
import * as vscode from 'vscode';
import { controllerOf, type KubeObject, type OwnerReference } from '#common/api/meta.ts';
import { hasReason } from '#common/api/status.ts';
import type { ObjectLocator } from '#common/protocol/webview.ts';
import { parseManifests } from '../apply/manifestDocuments.ts';
import type { Connection } from '../cluster/clusterSession.ts';
import { pathOf, titleOf } from './command.ts';
import { UserError } from '../userError.ts';
import type { FiledDocument } from '../apply/filedManifests.ts';
import { workspaceFiles } from './manifestFiles.ts';

/** Throws a UserError where no manifest has it, also when a person stops the search. */
export async function manifestOf(connection: Connection, target: ObjectLocator): Promise<FiledDocument> {
  const lineage = await lineageOf(connection, target);
  const found = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Searching the manifest…'), cancellable: true },
    (_progress, token) => findManifest(lineage, token),
  );
  if (!found) throw new UserError(vscode.l10n.t('No manifest of this workspace has {0}.', titleOf(target)));
  return found;
}

/** The object, then what made it, and so on. */
async function lineageOf(connection: Connection, target: ObjectLocator): Promise<ObjectLocator[]> {
  const lineage = [target];
  for (let next: ObjectLocator | undefined = target; next;) {
    const object: KubeObject | undefined = await connection.api
      .get<KubeObject>(await pathOf(connection, next))
      .catch((error: unknown) => {
        // It may stand in a file all the same.
        if (hasReason(error, 'NotFound')) return undefined;
        throw error;
      });
    const owner: OwnerReference | undefined = object && controllerOf(object);
    next = owner ? { apiVersion: owner.apiVersion, kind: owner.kind, namespace: target.namespace, name: owner.name } : undefined;
    if (next) lineage.push(next);
  }
  return lineage;
}

async function findManifest(
  lineage: readonly ObjectLocator[],
  token: vscode.CancellationToken,
): Promise<FiledDocument | undefined> {
  for (const uri of await workspaceFiles(token)) {
    if (token.isCancellationRequested) return undefined;
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    // Parsing is the slow part, and few files name the object.
    if (!lineage.some(({ name, kind }) => text.includes(name) && text.includes(kind))) continue;
    const { documents } = await parseManifests(text);
    const match = documents.find(({ object }) => lineage.some((each) => isObject(each, object)));
    if (match) return { ...match, file: await vscode.workspace.openTextDocument(uri) };
  }
  return undefined;
}

const isObject = (locator: ObjectLocator, object: KubeObject & { kind: string }): boolean =>
  object.kind === locator.kind &&
  object.metadata.name === locator.name &&
  (locator.namespace === '' || (object.metadata.namespace ?? 'default') === locator.namespace);
