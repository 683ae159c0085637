import * as vscode from 'vscode';
import { shellKinds } from '#common/protocol/commands.ts';
import type { Pod } from '#common/schema/generated/types.ts';
import type { ExecTarget } from '#apiClient/streams/exec.ts';
import { openContainerTerminal } from '../views/containerTerminal.ts';
import { type Command, connectionOf, titleOf } from './command.ts';
import { UserError } from '../userError.ts';
import { podsBehind } from './podsBehind.ts';
import { oneTargetOf } from './targets.ts';

/** Opens a terminal in a container; of several containers a person chooses one. */
export const shell: Command = {
  id: 'kubePlayground.shell',
  changes: true,
  async run(services, ...args) {
    const connection = connectionOf(services);
    const target = await oneTargetOf(services, args, shellKinds);
    if (!target) return;
    const running = (await podsBehind(connection, target)).flatMap(runningContainers);
    const choices = running.filter(({ container }) => !target.container || container === target.container);
    if (choices.length === 0) throw new UserError(vscode.l10n.t('No container of {0} runs.', titleOf(target)));
    const chosen = choices.length === 1 ? choices[0] : await pick(choices);
    if (chosen) openContainerTerminal(connection, chosen);
  },
};

function runningContainers({ metadata, status }: Pod): ExecTarget[] {
  const { namespace = 'default', name = '', deletionTimestamp } = metadata;
  // A terminal in it would end at once.
  if (deletionTimestamp) return [];
  const all = [
    ...(status?.containerStatuses ?? []),
    ...(status?.initContainerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ];
  return all.filter(({ state }) => state?.running).map((container) => ({ namespace, pod: name, container: container.name }));
}

async function pick(choices: readonly ExecTarget[]): Promise<ExecTarget | undefined> {
  const items = choices.map((choice) => ({ label: choice.container ?? '', description: choice.pod, choice }));
  const options = { placeHolder: vscode.l10n.t('Which container?'), matchOnDescription: true };
  return (await vscode.window.showQuickPick(items, options))?.choice;
}
