import type { Command } from './command.ts';

/** The switch in an editor's title while saving applies. */
export const turnApplyOnSaveOff: Command = {
  id: 'kubePlayground.turnApplyOnSaveOff',
  run: ({ applyOnSave }) => applyOnSave.set('off'),
};
