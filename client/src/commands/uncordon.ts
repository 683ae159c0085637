import type { Command } from './command.ts';
import { setCordoned } from './cordonAndUncordon.ts';

/** A node takes pods again. */
export const uncordon: Command = {
  id: 'kubePlayground.uncordon',
  changes: true,
  run: (services, ...args) => setCordoned(services, args, false),
};
