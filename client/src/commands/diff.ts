import * as vscode from 'vscode';
import type { KubeObject } from '#common/api/meta.ts';
import { hasReason } from '#common/api/status.ts';
import { applyPatch } from '#apiClient/apiClient.ts';
import { withQuery } from '#apiClient/apiPath.ts';
import { fieldManager } from '../apply/fieldManager.ts';
import type { Manifest } from '../apply/manifestDocuments.ts';
import type { Connection } from '../cluster/clusterSession.ts';
import { neatObject } from '../plans/neatObject.ts';
import { type Command, connectionOf, documentTargetOf, locatorOfManifest, type Services, targetOf, titleOf } from './command.ts';
import { UserError } from '../userError.ts';
import type { FiledDocument } from '../apply/filedManifests.ts';
import { readManifestFiles, selectedFiles } from './manifestFiles.ts';
import { manifestOf } from './manifestSearch.ts';
import { isExplorerCall } from './targets.ts';

/**
 * Shows what applying would change: the live objects beside what they would become, without what the server keeps for
 * itself. So defaults and fields of other managers, which a document does not name, are no differences.
 */
export const diff: Command = {
  id: 'kubePlayground.diff',
  async run(services, ...args) {
    const connection = connectionOf(services);
    const documents = await documentsFor(services, args);
    const sides = [];
    for (const document of documents) sides.push(await sidesOf(services, connection, document.object));
    const [first] = sides;
    if (!first) return;
    if (sides.length === 1) {
      await vscode.commands.executeCommand('vscode.diff', first.live, first.wanted, first.title);
      return;
    }
    const title = vscode.l10n.t('{0} objects: cluster ↔ files', sides.length);
    const list = sides.map(({ live, wanted }) => [wanted, live, wanted]);
    await vscode.commands.executeCommand('vscode.changes', title, list);
  },
};

async function documentsFor(services: Services, args: readonly unknown[]): Promise<readonly FiledDocument[]> {
  if (isExplorerCall(args)) return (await readManifestFiles(await selectedFiles(args))).documents;
  const lens = documentTargetOf(args[0]);
  if (lens) {
    const { documents } = await readManifestFiles([vscode.Uri.parse(lens.uri)]);
    return documents.filter(({ object }) => object.kind === lens.object.kind && object.metadata.name === lens.object.name);
  }
  const editor = vscode.window.activeTextEditor;
  if (editor && (args.length === 0 || args[0] instanceof vscode.Uri)) {
    const offset = editor.document.offsetAt(editor.selection.active);
    const { documents } = await readManifestFiles([editor.document.uri]);
    return [documents.findLast(({ range }) => range.start <= offset) ?? documents[0]].flatMap((found) => found ?? []);
  }
  return [await manifestOf(connectionOf(services), await targetOf(services, args[0]))];
}

interface Sides {
  readonly live: vscode.Uri;
  readonly wanted: vscode.Uri;
  readonly title: string;
}

async function sidesOf({ snippets }: Services, connection: Connection, manifest: Manifest): Promise<Sides> {
  const locator = locatorOfManifest(manifest, connection.namespace);
  const path = await connection.resources.pathOf(locator);
  if (path === undefined) {
    throw new UserError(vscode.l10n.t('The cluster has no kind {0} in {1}.', locator.kind, locator.apiVersion));
  }
  const { stringify } = await import('yaml');
  const text = (object: KubeObject | undefined): string => (object ? stringify(neatObject(object), { lineWidth: 0 }) : '');
  const live = await connection.api.get<KubeObject>(path).catch((error: unknown) => {
    if (hasReason(error, 'NotFound')) return undefined;
    throw error;
  });
  const name = [locator.namespace, `${locator.kind.toLowerCase()}-${locator.name}.yaml`].filter((part) => part).join('/');
  return {
    live: snippets.put(`live/${name}`, text(live)),
    wanted: snippets.put(`file/${name}`, text(await outcomeOf(connection, path, manifest))),
    title: vscode.l10n.t('{0}: cluster ↔ file', titleOf(locator)),
  };
}

/** What applying would make of it. Whoever may not even try sees the document as it stands. */
async function outcomeOf({ api }: Connection, path: string, manifest: Manifest): Promise<KubeObject> {
  try {
    const query = { fieldManager, force: true, dryRun: 'All' };
    return (await api.send<KubeObject>('PATCH', withQuery(path, query), manifest, applyPatch)).object;
  } catch (error) {
    if (hasReason(error, 'Forbidden')) return manifest;
    throw error;
  }
}
