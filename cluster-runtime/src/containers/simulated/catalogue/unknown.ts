/**
 * Images that the catalogue does not know. They run and are reachable, so that manifests of people's own applications
 * behave in the cluster, and they say that this is all they do.
 *
 * Differs from Kubernetes: the manifest's command is not run, since nobody here knows what it would do.
 */
import { type Image, layer } from '../images/image.ts';
import { serveHttp } from '../net/httpService.ts';
import type { Executable } from '../process/executables.ts';
import type { Process, Program } from '../process/process.ts';

const idle: Program = async (process: Process) => {
  const { spec } = process.container;
  void process.out(
    `kube-playground: image "${spec.image}" has no simulated behaviour; it runs, listens on its declared ports, and does nothing else\n`,
  );
  if (spec.runsToCompletion) return 0;
  for (const { port, protocol } of spec.ports) {
    if (protocol !== 'TCP') continue;
    try {
      serveHttp(process, port, (exchange) =>
        exchange.send(
          200,
          { 'Content-Type': 'text/plain' },
          `${spec.pod.name}: image "${spec.image}" has no simulated behaviour\n`,
        ),
      );
    } catch {
      // Two containers of a pod declare the same port: the first has it.
      void process.error(`kube-playground: port ${port} is in use\n`);
    }
  }
  await process.untilSignal('TERM', 'INT', 'QUIT', 'WINCH');
  return 0;
};

export const noBehaviour: Executable = { program: idle, path: '' };

export const unknownImage: Image = {
  layers: [layer('unknown', 48)],
  userland: 'busybox',
  usage: { cpuMillicores: 1, memoryMebibytes: 12 },
};
