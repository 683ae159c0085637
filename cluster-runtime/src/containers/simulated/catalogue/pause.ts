/** The container that holds a pod's namespaces on a real node, and a favourite for doing nothing at all. */
import { type ImageDefinition, layer, versionedTags } from '../images/image.ts';
import type { Program } from '../process/process.ts';

const pause: Program = async (process) => {
  const signal = await process.untilSignal('INT', 'TERM');
  void process.error(`Shutting down, got signal: ${signal === 'INT' ? 'Interrupt' : 'Terminated'}\n`);
  return 0;
};

export const pauseImage: ImageDefinition = {
  repositories: [
    'registry.k8s.io/pause',
    'k8s.gcr.io/pause',
    'gcr.io/google_containers/pause',
    'registry.k8s.io/e2e-test-images/pause',
  ],
  about: 'does nothing, until it is told to stop',
  hasTag: versionedTags({ named: ['latest', 'go'], versions: { 0: [8, 8], 1: [0, 0], 2: [0, 0], 3: [0, 10] } }),
  build: () => ({
    layers: [layer('pause', 0.3)],
    entrypoint: ['/pause'],
    user: { name: 'pause', uid: 65535 },
    userland: 'none',
    programs: { '/pause': pause },
    usage: { cpuMillicores: 0, memoryMebibytes: 0.3 },
  }),
};
