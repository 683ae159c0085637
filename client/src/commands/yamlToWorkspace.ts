/** Puts an object as YAML into the workspace: into a file that a person names, beside what is there. */
import * as vscode from 'vscode';
import type { KubeObject } from '#common/api/meta.ts';

export async function yamlOf(object: KubeObject): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(object, { lineWidth: 0 });
}

/** Opens the file that it made or extended. Nothing happens when a person names none. */
export async function writeYaml(object: KubeObject): Promise<void> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const { kind = '', metadata } = object;
  const name = `${metadata.name ?? ''}-${kind.toLowerCase()}.yaml`;
  const yaml = await yamlOf(object);
  if (!folder) {
    const document = await vscode.workspace.openTextDocument({ language: 'yaml', content: yaml });
    await vscode.window.showTextDocument(document);
    return;
  }
  const answer = await vscode.window.showInputBox({
    title: vscode.l10n.t('Write {0} as YAML', `${kind.toLowerCase()}/${metadata.name ?? ''}`),
    prompt: vscode.l10n.t('File in {0}; what is in it stays', folder.name),
    value: name,
    valueSelection: [0, name.length - '.yaml'.length],
    validateInput: (text) =>
      /^(?!.*\.\.)[^/\\][^\\]*\.(ya?ml)$/.test(text.trim()) ? undefined : vscode.l10n.t('A name that ends in .yaml'),
  });
  if (answer === undefined) return;
  const uri = vscode.Uri.joinPath(folder.uri, answer.trim());
  const edit = new vscode.WorkspaceEdit();
  const existing = await textOf(uri);
  if (existing === undefined) {
    edit.createFile(uri, { contents: new TextEncoder().encode(yaml) });
    await vscode.workspace.applyEdit(edit);
  } else {
    const document = await vscode.workspace.openTextDocument(uri);
    const end = document.lineAt(document.lineCount - 1).range.end;
    const separator = existing.trim() === '' ? '' : `${existing.endsWith('\n') ? '' : '\n'}---\n`;
    edit.insert(uri, end, separator + yaml);
    await vscode.workspace.applyEdit(edit);
    await document.save();
  }
  await vscode.window.showTextDocument(uri);
}

async function textOf(uri: vscode.Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return undefined;
    throw error;
  }
}
