import { askAndDelete } from './askAndDelete.ts';
import type { Command } from './command.ts';
import { targetsOf } from './targets.ts';

/** Deletes the object of a row, of a lens, or the one under the cursor. */
export const deleteObject: Command = {
  id: 'kubePlayground.deleteObject',
  changes: true,
  async run(services, ...args) {
    await askAndDelete(services, await targetsOf(services, args, undefined));
  },
};
