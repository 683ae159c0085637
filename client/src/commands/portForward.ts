import * as vscode from 'vscode';
import { forwardableKinds } from '#common/protocol/commands.ts';
import { isPort, pickPort, podPortOf, portsOf } from '../ports/forwardTo.ts';
import type { RunningForward } from '../ports/portForwards.ts';
import { type Command, connectionOf, type Services, titleOf } from './command.ts';
import { UserError } from '../userError.ts';
import { oneTargetOf } from './targets.ts';

/** Forwards a port of this machine to a pod, or to a pod behind a workload or Service. */
export const portForward: Command = {
  id: 'kubePlayground.portForward',
  changes: true,
  async run(services, ...args) {
    const connection = connectionOf(services);
    const target = await oneTargetOf(services, args, forwardableKinds);
    if (!target) return;
    const choice = await pickPort(target, await portsOf(connection, target));
    if (!choice) return;
    const pod = await podPortOf(connection, target, choice);
    const local = await vscode.window.showInputBox({
      title: vscode.l10n.t('Forward to {0}', `${pod.pod}:${pod.port}`),
      prompt: vscode.l10n.t('Port on this machine; empty for any free one'),
      value: choice.port >= 1024 ? String(choice.port) : String(8000 + choice.port),
      validateInput: (text) => (text.trim() === '' || isPort(text) ? undefined : vscode.l10n.t('A number from 1 to 65535')),
    });
    if (local === undefined) return;
    try {
      const title = `${titleOf(target)}:${choice.port}`;
      await tell(services, await services.forwards.start(connection, title, pod, Number(local), choice.secure));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EADDRINUSE') throw new UserError(vscode.l10n.t('Port {0} of this machine is taken.', local));
      if (code === 'EACCES') throw new UserError(vscode.l10n.t('Port {0} of this machine is for administrators.', local));
      throw error;
    }
  },
};

async function tell({ forwards }: Services, running: RunningForward): Promise<void> {
  const open = vscode.l10n.t('Open in Browser');
  const stop = vscode.l10n.t('Stop');
  const told = vscode.l10n.t('{0} leads to {1}', `127.0.0.1:${running.localPort}`, running.title);
  const answer = await vscode.window.showInformationMessage(told, open, stop);
  if (answer === open) await openUrl(running.url);
  else if (answer === stop) await forwards.stop(running);
}

/** Also where the editor's window is on another machine than the cluster. */
export async function openUrl(url: string): Promise<void> {
  await vscode.env.openExternal(await vscode.env.asExternalUri(vscode.Uri.parse(url)));
}
