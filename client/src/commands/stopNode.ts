import type { Command } from './command.ts';
import { setPower } from './nodePower.ts';

/** Pulls a node's plug: it goes NotReady, and after a while its pods are made again elsewhere. */
export const stopNode: Command = {
  id: 'kubePlayground.stopNode',
  changes: true,
  run: (services, ...args) => setPower(services, args, 'Off'),
};
