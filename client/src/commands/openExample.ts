import * as vscode from 'vscode';
import type { Command } from './command.ts';
import { UserError } from '../userError.ts';

/** Copies one of the examples that come with the extension into the workspace, or into a folder that is then opened. */
export const openExample: Command = {
  id: 'kubePlayground.openExample',
  async run(_services, argument) {
    const all = vscode.Uri.joinPath(extensionUri(), 'examples');
    const name = await chooseExample(all, argument);
    if (name === undefined) return;
    const [workspaceFolder] = vscode.workspace.workspaceFolders ?? [];
    const parent = workspaceFolder?.uri ?? (await chooseFolder());
    if (!parent) return;
    const target = vscode.Uri.joinPath(parent, name.slice(name.lastIndexOf('/') + 1));
    await copyMissing(vscode.Uri.joinPath(all, name), target);
    const [first] = await manifestsIn(target);
    if (!workspaceFolder) await vscode.commands.executeCommand('vscode.openFolder', target);
    else if (first) await vscode.window.showTextDocument(first);
  },
};

function extensionUri(): vscode.Uri {
  const extension = vscode.extensions.getExtension('kube-playground.kube-playground');
  if (!extension) throw new UserError(vscode.l10n.t('The examples are not installed.'));
  return extension.extensionUri;
}

interface ExampleItem extends vscode.QuickPickItem {
  readonly folder: string;
}

/** The walkthrough names one; otherwise a person is asked, and told what each is in its own first words. */
async function chooseExample(all: vscode.Uri, argument: unknown): Promise<string | undefined> {
  const folders = await examplesIn(all);
  if (typeof argument === 'string' && folders.includes(argument)) return argument;
  const items: ExampleItem[] = await Promise.all(
    folders.map(async (folder) => ({ label: folder, folder, detail: await firstWords(vscode.Uri.joinPath(all, folder)) })),
  );
  const title = vscode.l10n.t('Open an Example');
  return (await vscode.window.showQuickPick(items, { title, matchOnDetail: true }))?.folder;
}

/** Folders with manifests, by their paths; a folder without any holds examples of a kind. */
async function examplesIn(all: vscode.Uri, folder = ''): Promise<string[]> {
  const here = vscode.Uri.joinPath(all, folder);
  if (folder && (await manifestsIn(here)).length > 0) return [folder];
  const entries = await vscode.workspace.fs.readDirectory(here);
  const names = entries.flatMap(([name, type]) => (type & vscode.FileType.Directory ? [name] : [])).sort();
  return (await Promise.all(names.map((name) => examplesIn(all, folder ? `${folder}/${name}` : name)))).flat();
}

async function firstWords(folder: vscode.Uri): Promise<string> {
  const [first] = await manifestsIn(folder);
  const text = first ? new TextDecoder().decode(await vscode.workspace.fs.readFile(first)) : '';
  return /^#\s*(.+)/.exec(text)?.[1] ?? '';
}

async function manifestsIn(folder: vscode.Uri): Promise<vscode.Uri[]> {
  const entries = await vscode.workspace.fs.readDirectory(folder);
  const names = entries.flatMap(([name]) => (/\.ya?ml$/.test(name) ? [name] : []));
  return names.sort().map((name) => vscode.Uri.joinPath(folder, name));
}

async function chooseFolder(): Promise<vscode.Uri | undefined> {
  const openLabel = vscode.l10n.t('Put the Example Here');
  const [folder] = (await vscode.window.showOpenDialog({ canSelectFiles: false, canSelectFolders: true, openLabel })) ?? [];
  return folder;
}

/** What is there already is a person's own by now, and stays. */
async function copyMissing(source: vscode.Uri, target: vscode.Uri): Promise<void> {
  await vscode.workspace.fs.createDirectory(target);
  const present = new Set((await vscode.workspace.fs.readDirectory(target)).map(([name]) => name));
  for (const [name, type] of await vscode.workspace.fs.readDirectory(source)) {
    const [from, to] = [vscode.Uri.joinPath(source, name), vscode.Uri.joinPath(target, name)];
    if (type & vscode.FileType.Directory) await copyMissing(from, to);
    else if (!present.has(name)) await vscode.workspace.fs.copy(from, to);
  }
}
