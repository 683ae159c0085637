import { type Command, connectionOf, pathOf } from './command.ts';
import { oneTargetOf } from './targets.ts';

/** Opens the object as the cluster has it; saving it changes the cluster. */
export const editLive: Command = {
  id: 'kubePlayground.editLive',
  changes: true,
  async run(services, ...args) {
    const connection = connectionOf(services);
    const target = await oneTargetOf(services, args, undefined);
    if (target) await services.liveObjects.open(connection, target, await pathOf(connection, target));
  },
};
