/**
 * The extension's entry: what the editor has to know of before anybody asks for something. The rest is loaded with the first
 * need of it, since every window pays for this file: a document that may be a manifest, the view, a command, a cluster that
 * was used in this workspace.
 */
import * as vscode from 'vscode';
import { commandIds } from '#common/protocol/commands.ts';
import { clusterSign } from './cluster/clusterSign.ts';
import { mayBeManifest } from './language/manifestLanguages.ts';
import type { Playground } from './playground.ts';

let loading: Promise<Playground> | undefined;
let playground: Playground | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const { subscriptions } = context;
  const storageFolder = sharedBetweenWindows((context.storageUri ?? context.globalStorageUri).fsPath);
  const open = (): Promise<Playground> => (loading ??= load(context, storageFolder));

  subscriptions.push(
    vscode.window.registerWebviewViewProvider('kubePlayground.tree', {
      resolveWebviewView: async (view) => (await open()).tree.resolveWebviewView(view),
    }),
  );
  const lookAt = (document: vscode.TextDocument): void => {
    if (mayBeManifest(document)) void open();
  };
  subscriptions.push(vscode.workspace.onDidOpenTextDocument(lookAt), vscode.workspace.onDidSaveTextDocument(lookAt));
  vscode.workspace.textDocuments.forEach(lookAt);

  const openTrusted = (): void => {
    for (const id of commandIds) {
      const run = async (...args: unknown[]): Promise<void> => (await open()).run(id, args);
      subscriptions.push(vscode.commands.registerCommand(id, run));
    }
    void vscode.commands.executeCommand('setContext', 'kubePlayground.phase', 'stopped');
    // What was applied from here is followed when its files are renamed.
    if (context.workspaceState.keys().length > 0) void open();
    else subscriptions.push(clusterSign(storageFolder, () => void open()));
  };
  if (vscode.workspace.isTrusted) openTrusted();
  else subscriptions.push(vscode.workspace.onDidGrantWorkspaceTrust(openTrusted));
}

/** The window closes. The editor waits a few seconds for this; what is subscribed it disposes of without waiting. */
export const deactivate = (): Promise<void> | undefined => playground?.close();

async function load(context: vscode.ExtensionContext, storageFolder: string): Promise<Playground> {
  // Whoever opened the document goes first: the editor, or the rest of the activation.
  await new Promise((resolve) => setImmediate(resolve));
  const { Playground: Loaded } = await import('./playground.ts');
  return (playground = new Loaded(context, storageFolder));
}

/** A second window on the same folder gets a storage of its own, named after the first one's with a number behind. */
const sharedBetweenWindows = (folder: string): string => folder.replace(/([0-9a-f]{6,})-\d+(?=[\\/][^\\/]+$)/, '$1');
