/** MongoDB. */
import { imageDescriptions } from '#common/images/imageDescriptions.ts';
import { debianLayer, type ImageDefinition, layer, simulated } from '../images/image.ts';
import { becomeCommand } from '../process/entrypoint.ts';
import type { Program } from '../process/process.ts';
import { mongosh } from '../programs/mongo/mongosh.ts';
import { mongod } from '../programs/mongo/server.ts';

function entrypoint(version: string): Program {
  return async (process) => {
    const argv = process.args.length === 0 || process.args[0]?.startsWith('-') ? ['mongod', ...process.args] : process.args;
    if (argv[0] === 'mongod') return process.become(mongod(version), { argv });
    return becomeCommand(process, argv);
  };
}

export const mongoImage: ImageDefinition = {
  ...simulated(imageDescriptions.mongo),
  build(tag) {
    const version =
      /^\d+\.\d+\.\d+/.exec(tag)?.[0] ??
      { 3: '3.6.23', 4: '4.4.29', 5: '5.0.31', 6: '6.0.25', 7: '7.0.23', 8: '8.0.13' }[Number(/^\d+/.exec(tag)?.[0] ?? 8)] ??
      '8.0.13';
    return {
      layers: [layer('ubuntu:noble', 29), debianLayer, layer(`mongo:${version}`, 245)],
      entrypoint: ['docker-entrypoint.sh'],
      cmd: ['mongod'],
      env: { MONGO_VERSION: version, HOME: '/data/db' },
      exposedPorts: [27017],
      userland: 'debian',
      programs: {
        '/usr/local/bin/docker-entrypoint.sh': entrypoint(version),
        '/usr/bin/mongod': mongod(version),
        '/usr/bin/mongosh': mongosh,
        ...(Number(version.split('.')[0]) < 6 ? { '/usr/bin/mongo': mongosh } : {}),
      },
      files: () => ({ '/data/db/': '', '/data/configdb/': '' }),
      usage: { cpuMillicores: 6, memoryMebibytes: 95 },
    };
  },
};
