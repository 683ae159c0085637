/** Redis, as leader and as follower, and the followers' images of the guestbook tutorial. */
import { imageDescriptions } from '#common/images/imageDescriptions.ts';
import { alpineLayer, debianLayer, type Image, type ImageDefinition, layer, simulated } from '../images/image.ts';
import { becomeCommand } from '../process/entrypoint.ts';
import type { Program } from '../process/process.ts';
import { redisCli } from '../programs/redis/cli.ts';
import { redisServer } from '../programs/redis/program.ts';

function versionOf(tag: string): string {
  const latest: Readonly<Record<string, string>> = {
    '5': '5.0.14',
    '6': '6.2.19',
    '7': '7.4.5',
    '8': '8.2.1',
    '6.0': '6.0.20',
    '7.2': '7.2.10',
    '7.4': '7.4.5',
    '8.0': '8.0.3',
  };
  const version = /^\d+(?:\.\d+)*/.exec(tag)?.[0];
  if (version === undefined) return tag === 'e2e' ? '2.8.19' : '8.2.1';
  return latest[version] ?? (version.split('.').length < 3 ? `${version}.0` : version);
}

/** `redis-server` before options alone, as the image's entry point does. */
function entrypoint(version: string): Program {
  return async (process) => {
    const [first = 'redis-server'] = process.args;
    const argv = first.startsWith('-') || first.endsWith('.conf') ? ['redis-server', ...process.args] : process.args;
    if (argv[0] === 'redis-server') return process.become(redisServer(version), { argv });
    return becomeCommand(process, argv);
  };
}

function redis(version: string, alpine: boolean): Image {
  return {
    layers: alpine ? [alpineLayer, layer(`redis:${version}-alpine`, 13)] : [debianLayer, layer(`redis:${version}`, 19)],
    entrypoint: ['docker-entrypoint.sh'],
    cmd: ['redis-server'],
    env: { REDIS_VERSION: version },
    workingDir: '/data',
    exposedPorts: [6379],
    userland: alpine ? 'alpine' : 'debian',
    programs: {
      '/usr/local/bin/docker-entrypoint.sh': entrypoint(version),
      '/usr/local/bin/redis-server': redisServer(version),
      '/usr/local/bin/redis-cli': redisCli,
    },
    files: () => ({ '/data/': '' }),
    usage: { cpuMillicores: 2, memoryMebibytes: 7 },
  };
}

export const redisImage: ImageDefinition = {
  ...simulated(imageDescriptions.redis),
  build: (tag) => redis(versionOf(tag), tag.includes('alpine')),
};

/** The tutorial's own image: a server that follows the Service named for the leader. */
function follower(leader: string, leaderEnv: string): ImageDefinition['build'] {
  return () => {
    const version = '6.0.5';
    const run: Program = (process) => {
      const host = process.env.get('GET_HOSTS_FROM') === 'env' ? (process.env.get(leaderEnv) ?? leader) : leader;
      return process.become(redisServer(version), {
        argv: ['redis-server', '--replicaof', host, '6379', '--protected-mode', 'no'],
      });
    };
    const base = redis(version, false);
    return { ...base, entrypoint: ['/run.sh'], cmd: [], programs: { ...base.programs, '/run.sh': run } };
  };
}

export const guestbookFollowerImage: ImageDefinition = {
  ...simulated(imageDescriptions.guestbookFollower),
  build: follower('redis-leader', 'REDIS_LEADER_SERVICE_HOST'),
};

export const guestbookSlaveImage: ImageDefinition = {
  ...simulated(imageDescriptions.guestbookSlave),
  build: follower('redis-master', 'REDIS_MASTER_SERVICE_HOST'),
};
