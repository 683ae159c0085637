/** `kube-playground node remove NAME`: the machine is gone for good, and its Node with it. */
import { nodesPath, orNoNode, type StateOption, withApi } from '../nodeAccess.ts';

export const removeNode = (name: string, options: StateOption): Promise<void> =>
  withApi(options, async (api) => {
    await orNoNode(name, api.send('DELETE', `${nodesPath}/${encodeURIComponent(name)}`));
    process.stdout.write(`node/${name} is removed; its pods are made again on other nodes\n`);
  });
