/** The commands about machines and about the tokens that they join with. */
import { hostname } from 'node:os';
import type { Command, Option } from 'commander';
import type { NodeJoinOptions } from './commands/nodeJoin.ts';
import { amount, duration, label, taint, wholeNumber } from './optionValues.ts';

/** What a machine that is added, or joins, is. */
const withShape = (command: Command): Command =>
  command
    .option('--cpu <amount>', 'its cpu (default: 8)', amount)
    .option('--memory <amount>', 'its memory (default: 16Gi)', amount)
    .option('--pods <n>', 'how many pods it takes (default: 110)', amount)
    .option('--zone <name>', 'the zone it stands in')
    .option('--label <name=value>', 'a label of its node; may be repeated', label)
    .option('--taint <key=value:effect>', 'a taint of its node; may be repeated', taint);

interface Shape {
  readonly label?: Record<string, string>;
  readonly taint?: ReturnType<typeof taint>;
}

/** Options are named after one of their values, what they make up after all. */
const shapeOf = <T extends Shape>({ label: labels, taint: taints, ...rest }: T) => ({ ...rest, labels, taints });

export function addNodeCommands(program: Command, stateOption: () => Option): void {
  const node = program.command('node').description('machines of the cluster');
  withShape(node.command('add').description('add a node; without a name, the next free one').argument('[name]'))
    .addOption(stateOption())
    .action(async (name: string | undefined, options) => (await import('./commands/nodeAdd.ts')).addNode(name, shapeOf(options)));
  node
    .command('remove')
    .description('remove a node')
    .argument('<name>')
    .addOption(stateOption())
    .action(async (name: string, options) => (await import('./commands/nodeRemove.ts')).removeNode(name, options));
  node
    .command('stop')
    .description('switch a machine off, as if its plug were pulled')
    .argument('<name>')
    .option('--graceful', 'shut it down instead: its pods end first, by priority')
    .addOption(stateOption())
    .action(async (name: string, options) => (await import('./commands/nodeStop.ts')).stopNode(name, options));
  node
    .command('start')
    .description('switch a machine on again')
    .argument('<name>')
    .addOption(stateOption())
    .action(async (name: string, options) => (await import('./commands/nodeStart.ts')).startNode(name, options));
  node
    .command('drain')
    .description('take no more pods and evict those there are, within their disruption budgets')
    .argument('<name>')
    .option('--timeout <seconds>', 'give up after this long', wholeNumber(0, 86_400), 120)
    .addOption(stateOption())
    .action(async (name: string, options) => (await import('./commands/nodeDrain.ts')).drainNode(name, options));
  withShape(
    node
      .command('join')
      .description('join a cluster with a bootstrap token, as kubeadm does it')
      .argument('<server>', 'address of the API, 127.0.0.1:6443')
      .requiredOption('--token <token>', 'what "token create" printed')
      .requiredOption('--discovery-token-ca-cert-hash <hash>', 'of the cluster’s CA, sha256:…')
      .option('--name <name>', 'of the new node', hostname().toLowerCase()),
  ).action(async (server: string, options: Shape & NodeJoinOptions) =>
    (await import('./commands/nodeJoin.ts')).joinNode(server, shapeOf(options)),
  );
  node
    .command('list')
    .description('the nodes')
    .addOption(stateOption())
    .action(async (options) => (await import('./commands/nodeList.ts')).listNodes(options));

  program
    .command('token')
    .description('tokens with which machines join')
    .command('create')
    .description('make a token, and print the command that joins with it')
    .argument('[token]', 'abcdef.0123456789abcdef (default: a random one)')
    .option('--ttl <duration>', 'how long it is good, by the cluster’s clock; 0: for ever', duration, 24 * 3_600_000)
    .addOption(stateOption())
    .action(async (token: string | undefined, options) =>
      (await import('./commands/tokenCreate.ts')).createToken(token, options),
    );
}
