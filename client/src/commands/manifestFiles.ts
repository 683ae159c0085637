/** The files that a command was called on: a selection in the explorer, or the file in the editor. */
import * as vscode from 'vscode';
import type { FiledManifests } from '../apply/filedManifests.ts';
import { parseManifests } from '../apply/manifestDocuments.ts';
import { UserError } from '../userError.ts';

export const manifestPattern = '**/*.{yaml,yml,json}';
const neverInside = '**/{node_modules,.git}/**';
const mostFiles = 5_000;

/** What the explorer and the editor's title hand to a command: the one clicked on, and all that are selected. */
export async function selectedFiles(args: readonly unknown[]): Promise<vscode.Uri[]> {
  const [clicked, selection] = args;
  const chosen = Array.isArray(selection) ? selection.filter((uri) => uri instanceof vscode.Uri) : [];
  if (chosen.length === 0 && clicked instanceof vscode.Uri) chosen.push(clicked);
  const active = vscode.window.activeTextEditor?.document.uri;
  if (chosen.length === 0 && active) chosen.push(active);
  const files = new Map<string, vscode.Uri>();
  for (const uri of chosen) for (const file of await filesIn(uri)) files.set(file.toString(), file);
  return [...files.values()];
}

async function filesIn(uri: vscode.Uri): Promise<vscode.Uri[]> {
  if (uri.scheme === 'untitled') return [uri];
  const { type } = await vscode.workspace.fs.stat(uri);
  if (!(type & vscode.FileType.Directory)) return [uri];
  const found = await vscode.workspace.findFiles(new vscode.RelativePattern(uri, manifestPattern), neverInside, mostFiles);
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** All manifests of the workspace. */
export const workspaceFiles = (token?: vscode.CancellationToken): Thenable<vscode.Uri[]> =>
  vscode.workspace.findFiles(manifestPattern, neverInside, mostFiles, token);

/** Reads what is in the editor, saved or not. Throws UserError when no object is in any of them. */
export async function readManifestFiles(uris: readonly vscode.Uri[]): Promise<FiledManifests> {
  const files = [];
  for (const uri of uris) {
    const file = await vscode.workspace.openTextDocument(uri);
    files.push({ file, parsed: await parseManifests(file.getText()) });
  }
  const documents = files.flatMap(({ file, parsed }) => parsed.documents.map((document) => ({ ...document, file })));
  if (documents.length === 0 && files.every(({ parsed }) => parsed.problems.length === 0)) {
    throw new UserError(vscode.l10n.t('There is no Kubernetes object in it.'));
  }
  return { files, documents };
}
