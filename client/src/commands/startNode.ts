import type { Command } from './command.ts';
import { setPower } from './nodePower.ts';

/** Switches a stopped node on again. */
export const startNode: Command = {
  id: 'kubePlayground.startNode',
  changes: true,
  run: (services, ...args) => setPower(services, args, 'On'),
};
