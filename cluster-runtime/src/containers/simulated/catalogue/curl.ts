/** `curl` in a container of its own. */
import { imageDescriptions } from '#common/images/imageDescriptions.ts';
import { alpineLayer, type ImageDefinition, layer, simulated } from '../images/image.ts';
import { becomeCommand } from '../process/entrypoint.ts';
import type { Program } from '../process/process.ts';

/** Runs what it is given; options alone are curl's. */
const entrypoint: Program = async (process) => {
  const given = process.args;
  const argv = given.length === 0 || given[0]?.startsWith('-') || given[0]?.includes('://') ? ['curl', ...given] : given;
  return becomeCommand(process, argv);
};

export const curlImage: ImageDefinition = {
  ...simulated(imageDescriptions.curl),
  build: (tag) => ({
    layers: [alpineLayer, layer('curl', 6)],
    // busyboxplus:curl has no entrypoint and starts a shell.
    ...(tag === 'curl'
      ? { cmd: ['/bin/sh'] }
      : { entrypoint: ['/entrypoint.sh'], cmd: ['curl'], user: { name: 'curl_user', uid: 100 } }),
    userland: 'alpine',
    tools: ['curl'],
    programs: { '/entrypoint.sh': entrypoint },
    usage: { cpuMillicores: 0, memoryMebibytes: 2 },
  }),
};
