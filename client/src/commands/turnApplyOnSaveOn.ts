import type { Command } from './command.ts';

/** The switch in an editor's title while saving does not apply. */
export const turnApplyOnSaveOn: Command = {
  id: 'kubePlayground.turnApplyOnSaveOn',
  run: ({ applyOnSave }) => applyOnSave.set('on'),
};
