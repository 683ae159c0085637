/** `kube-playground node start NAME`: switches a machine on again; ends when its node is ready. */
import type { Machine } from '#common/schema/generated/types.ts';
import { changeMachine, machinesPath, type StateOption, untilReady, withApi } from '../nodeAccess.ts';

export const startNode = (name: string, options: StateOption): Promise<void> =>
  withApi(options, async (api) => {
    await changeMachine(api, name, { power: 'On' });
    // Until the machine runs, what its Node says is from before.
    await api.watch<Machine>(
      `${machinesPath}?watch=true&fieldSelector=metadata.name%3D${encodeURIComponent(name)}`,
      (type, machine) => type === 'DELETED' || machine.status?.phase === 'Running',
    );
    await untilReady(api, name);
    process.stdout.write(`node/${name} is ready\n`);
  });
