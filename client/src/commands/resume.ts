import type { Command } from './command.ts';
import { setPaused } from './pauseAndResume.ts';

/** Lets what was paused go on. */
export const resume: Command = {
  id: 'kubePlayground.resume',
  changes: true,
  run: (services, ...args) => setPaused(services, args, false),
};
