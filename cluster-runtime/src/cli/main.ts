/** The `kube-playground` command. Each command is one file and is loaded when it is called. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { CliError } from './cliError.ts';
import { addNodeCommands } from './nodeCommands.ts';
import { amount, commaList, wholeNumber } from './optionValues.ts';

function speedFactor(text: string): number {
  const value = Number(text);
  if (!(value >= 0.01 && value <= 1000)) throw new InvalidArgumentError('Give a number from 0.01 to 1000.');
  return value;
}

/** Commander's words on one line, with where to look. */
const usageSentence = (text: string): string =>
  `${text
    .replace(/^error: /, '')
    .trim()
    .replaceAll('\n', ' ')
    .replace(/\.$/, '')}; see "kube-playground --help".\n`;

const stateOption = (): Option => new Option('--state <folder>', 'the cluster’s folder (default: in your data folder)');

export function createProgram(): Command {
  const program = new Command('kube-playground')
    .description('A whole Kubernetes 1.36 cluster in one process: real API, real kubectl, simulated nodes and containers.')
    .version('0.1.0')
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(usageSentence(text)) })
    .addHelpText(
      'after',
      `
Examples:
  kube-playground start --apply my-manifests/     a cluster with your manifests in it
  kube-playground kubectl get pods -A             kubectl against it
  kube-playground service web --url               where a Service answers
  kube-playground start --state memory            one that leaves nothing behind`,
    );

  program
    .command('start')
    .description('start a cluster and keep it running until Ctrl-C')
    .option('--nodes <n>', 'nodes of a new cluster, 8 cpu, 16Gi and 110 pods each', wholeNumber(0, 5000), 3)
    .option('--zones <names>', 'zones that those nodes stand in, in turn: a,b,c', commaList)
    .option('--node-cpu <amount>', 'cpu of each of them', amount)
    .option('--node-memory <amount>', 'memory of each of them', amount)
    .option('--port <n>', 'port of the API on 127.0.0.1; 0: any free one', wholeNumber(0, 65_535), 0)
    .addOption(new Option('--state <folder|memory>', 'where the cluster lives; memory: nowhere (default: in your data folder)'))
    .option(
      '--kubeconfig <file>',
      'write the kubeconfig here, beside other clusters in that file (default: into the state folder)',
    )
    .option('--apply <paths...>', 'manifests or folders of manifests to apply once the cluster is ready')
    .option('--detach', 'leave it running in the background')
    .option('--speed <factor>', 'how fast the cluster’s clock goes, 0.01 to 1000', speedFactor, 1)
    .addOption(
      new Option('--latency <how>', 'time that image pulls, container starts and stops take')
        .choices(['typical', 'none'])
        .default('typical'),
    )
    .option('--bare', 'a new cluster without add-ons: no default StorageClass, no metrics API')
    .option('--seed <n>', 'makes names and choices repeatable', wholeNumber(0, 2 ** 32 - 1))
    .option('--scheduler-config <file>', 'profiles of the scheduler, as a KubeSchedulerConfiguration')
    .option('--json', 'print one line of JSON when ready, and nothing else')
    .action(async (options) => (await import('./commands/start.ts')).start(options));
  program
    .command('status')
    .description('whether the cluster runs, and what is in it')
    .addOption(stateOption())
    .action(async (options) => (await import('./commands/status.ts')).status(options));
  program
    .command('stop')
    .description('stop the cluster; it stays on disk')
    .addOption(stateOption())
    .action(async (options) => (await import('./commands/stop.ts')).stop(options));
  program
    .command('delete')
    .description('stop the cluster and remove everything of it')
    .addOption(stateOption())
    .action(async (options) => (await import('./commands/delete.ts')).deleteCluster(options));
  program
    .command('kubeconfig')
    .description('print the cluster’s kubeconfig')
    .addOption(stateOption())
    .action(async (options) => (await import('./commands/kubeconfig.ts')).kubeconfig(options));
  program
    .command('kubectl')
    .description('run kubectl against the cluster: the one on PATH, or else a small one of its own')
    .usage('[--own] [--state <folder>] [kubectl’s arguments]')
    .argument('[args...]')
    .addOption(stateOption())
    .option('--own', 'the small one even where there is another')
    .option('--any-cluster', 'the small one, against the cluster of KUBECONFIG')
    .allowUnknownOption()
    .helpOption(false)
    .passThroughOptions()
    .action(async (args: string[], options) => (await import('./commands/kubectl.ts')).kubectl(args, options));
  program
    .command('service')
    .description('where a Service answers on this machine; opens it in a browser')
    .argument('<name>')
    .option('-n, --namespace <name>', 'the Service’s namespace', 'default')
    .option('--url', 'only print the address')
    .addOption(stateOption())
    .action(async (name: string, options) => (await import('./commands/service.ts')).service(name, options));

  program
    .command('dashboard')
    .description('show the cluster in a browser until Ctrl-C')
    .option('--port <n>', 'port of the page on 127.0.0.1; 0: any free one', wholeNumber(0, 65_535), 0)
    .option('--no-open', 'only print the address')
    .addOption(stateOption())
    .action(async (options) => (await import('./commands/dashboard.ts')).dashboard(options));

  addNodeCommands(program, stateOption);
  return program;
}

export async function main(argv: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has said what is wrong; help and version are no failure.
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      return;
    }
    if (!(error instanceof CliError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error.exitCode;
  }
}
