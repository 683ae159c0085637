/** `kube-playground node stop NAME`: switches a machine off, by pulling its plug or, with --graceful, by shutting it down. */
import type { Machine } from '#common/schema/generated/types.ts';
import { changeMachine, machinesPath, type StateOption, withApi } from '../nodeAccess.ts';

export interface NodeStopOptions extends StateOption {
  readonly graceful?: boolean;
}

export const stopNode = (name: string, { graceful, ...options }: NodeStopOptions): Promise<void> =>
  withApi(options, async (api) => {
    await changeMachine(api, name, { power: 'Off', shutdown: graceful ? 'Graceful' : 'Immediate' });
    await api.watch<Machine>(
      `${machinesPath}?watch=true&fieldSelector=metadata.name%3D${encodeURIComponent(name)}`,
      (type, machine) => type === 'DELETED' || machine.status?.phase === 'Off',
    );
    process.stdout.write(`node/${name} is off; Kubernetes notices when it has been silent for 50 seconds\n`);
  });
