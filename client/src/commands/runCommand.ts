/** Runs a command by its id. Loads all of them, so it is itself loaded when it is first needed. */
import { unexpected } from '#common/base/unexpected.ts';
import type { CommandId } from '#common/protocol/commands.ts';
import { allCommands } from './allCommands.ts';
import { refuseReadOnly, type Services } from './command.ts';

const commandById = new Map(allCommands.map((command) => [command.id, command]));

export async function runCommand(id: CommandId, services: Services, args: readonly unknown[]): Promise<void> {
  const command = commandById.get(id) ?? unexpected(`the command ${id} has no implementation`);
  if (command.changes) refuseReadOnly(services);
  await command.run(services, ...args);
}
