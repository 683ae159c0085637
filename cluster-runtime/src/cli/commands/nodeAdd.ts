/** `kube-playground node add [NAME]`: a machine more, ready when the command ends. */
import type { Node } from '#common/schema/generated/types.ts';
import { newNode, type NodeShape } from '../../addons/nodes.ts';
import { ApiRefusal } from '../apiConnection.ts';
import { CliError } from '../cliError.ts';
import { freeNodeName, nodesPath, type StateOption, untilReady, withApi } from '../nodeAccess.ts';

/** Without a name it is the first free `node-N`. */
export const addNode = (name: string | undefined, options: StateOption & NodeShape): Promise<void> =>
  withApi(options, async (api) => {
    const chosen = name ?? (await freeNodeName(api));
    try {
      await api.send<Node>('POST', nodesPath, newNode(chosen, options));
    } catch (error) {
      if (error instanceof ApiRefusal && error.code === 409)
        throw new CliError(`There is a node ${chosen} already; choose another name, or leave it out.`);
      throw error;
    }
    await untilReady(api, chosen);
    process.stdout.write(`node/${chosen} is ready\n`);
  });
