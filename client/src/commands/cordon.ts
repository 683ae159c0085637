import type { Command } from './command.ts';
import { setCordoned } from './cordonAndUncordon.ts';

/** A node takes no more pods; those that are there stay. */
export const cordon: Command = {
  id: 'kubePlayground.cordon',
  changes: true,
  run: (services, ...args) => setCordoned(services, args, true),
};
