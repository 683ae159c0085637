/** `KUBECONFIG` for integrated terminals that are opened while the cluster runs. */
import * as vscode from 'vscode';
import type { Disposable } from '#common/base/disposable.ts';
import type { ClusterSession } from './clusterSession.ts';

export function setTerminalVariables(session: ClusterSession, variables: vscode.EnvironmentVariableCollection): Disposable {
  // The next window may have no cluster.
  variables.persistent = false;
  variables.description = vscode.l10n.t('`kubectl` reaches the playground');
  return session.onPhase((phase) => {
    if (phase === 'running' && session.connection) variables.replace('KUBECONFIG', session.connection.kubeconfig);
    else if (phase === 'stopped') variables.clear();
  });
}
