/** Tells the editor what the `when` clauses of package.json ask for. */
import * as vscode from 'vscode';
import { type Disposable, DisposableStore } from '#common/base/disposable.ts';
import type { Services } from './command.ts';

export function tellContexts({ cluster, applyOnSave, history }: Services): Disposable {
  const told = new Map<string, unknown>();
  const tell = (): void => {
    const { connection, context } = cluster;
    const keys = {
      phase: cluster.phase,
      /** Whose cluster it is: some commands are for the playground only. */
      isPlayground: context === undefined,
      canChange: cluster.phase === 'running' && cluster.access !== 'readOnly',
      applyOnSave: applyOnSave.choice ?? 'ask',
      canRevert: connection !== undefined && history.last !== undefined && history.last.context === context,
    };
    for (const [key, value] of Object.entries(keys)) {
      if (told.get(key) === value) continue;
      told.set(key, value);
      void vscode.commands.executeCommand('setContext', `kubePlayground.${key}`, value);
    }
  };
  const disposables = new DisposableStore();
  disposables.add(cluster.onPhase(tell));
  disposables.add(applyOnSave.onChoice(tell));
  disposables.add(history.onLast(tell));
  disposables.add(
    vscode.workspace.onDidChangeConfiguration(
      (change) => change.affectsConfiguration('kubePlayground.allowedContexts') && tell(),
    ),
  );
  tell();
  return disposables;
}
