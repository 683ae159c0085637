import type { Command } from './command.ts';

/** Turns applying on save on or off for this workspace. */
export const toggleApplyOnSave: Command = {
  id: 'kubePlayground.toggleApplyOnSave',
  async run({ applyOnSave }) {
    await applyOnSave.set(applyOnSave.choice === 'on' ? 'off' : 'on');
  },
};
