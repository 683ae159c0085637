import type { Command } from './command.ts';
import { setPaused } from './pauseAndResume.ts';

/** Keeps a Deployment from rolling out, a Job from running, a CronJob from starting jobs. */
export const pause: Command = {
  id: 'kubePlayground.pause',
  changes: true,
  run: (services, ...args) => setPaused(services, args, true),
};
