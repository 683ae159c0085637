/** The container that holds a pod's namespaces on a real node, and a favourite for doing nothing at all. */
import { imageDescriptions } from '#common/images/imageDescriptions.ts';
import { type ImageDefinition, layer, simulated } from '../images/image.ts';
import type { Program } from '../process/process.ts';

const pause: Program = async (process) => {
  const signal = await process.untilSignal('INT', 'TERM');
  void process.error(`Shutting down, got signal: ${signal === 'INT' ? 'Interrupt' : 'Terminated'}\n`);
  return 0;
};

export const pauseImage: ImageDefinition = {
  ...simulated(imageDescriptions.pause),
  build: () => ({
    layers: [layer('pause', 0.3)],
    entrypoint: ['/pause'],
    user: { name: 'pause', uid: 65535 },
    userland: 'none',
    programs: { '/pause': pause },
    usage: { cpuMillicores: 0, memoryMebibytes: 0.3 },
  }),
};
