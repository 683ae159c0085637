/** The web server of most examples. */
import { imageDescriptions } from '#common/images/imageDescriptions.ts';
import { alpineLayer, debianLayer, type ImageDefinition, layer, simulated } from '../images/image.ts';
import { nginxEntrypoint, nginxProgram } from '../programs/nginx/nginx.ts';
import { defaultSite, errorPage, mainConfig, mimeTypes, welcomePage } from '../programs/nginx/pages.ts';

function versionOf(tag: string): string {
  const bare = /^\d+(\.\d+)*/.exec(tag)?.[0];
  if (bare === undefined) return tag.startsWith('stable') ? '1.28.0' : '1.29.1';
  const [major = '1', minor = '29', patch] = bare.split('.');
  const latestPatch: Record<string, string> = {
    14: '2',
    16: '1',
    18: '0',
    20: '2',
    21: '6',
    22: '1',
    23: '4',
    24: '0',
    25: '5',
    26: '3',
    27: '5',
    28: '0',
    29: '1',
  };
  return `${major}.${minor}.${patch ?? latestPatch[minor] ?? '0'}`;
}

export const nginxImage: ImageDefinition = {
  ...simulated(imageDescriptions.nginx),
  build(tag) {
    const version = versionOf(tag);
    const alpine = tag.includes('alpine');
    return {
      layers: alpine ? [alpineLayer, layer(`nginx:${version}-alpine`, 17)] : [debianLayer, layer(`nginx:${version}`, 42)],
      entrypoint: ['/docker-entrypoint.sh'],
      cmd: ['nginx', '-g', 'daemon off;'],
      env: { NGINX_VERSION: version, PKG_RELEASE: alpine ? '1' : '1~bookworm' },
      exposedPorts: [80],
      stopSignal: 'QUIT',
      userland: alpine ? 'alpine' : 'debian',
      tools: ['curl'],
      programs: { '/docker-entrypoint.sh': nginxEntrypoint(version), '/usr/sbin/nginx': nginxProgram(version) },
      files: () => ({
        '/etc/nginx/nginx.conf': mainConfig,
        '/etc/nginx/mime.types': mimeTypes,
        '/etc/nginx/conf.d/default.conf': defaultSite,
        '/usr/share/nginx/html/index.html': welcomePage,
        '/usr/share/nginx/html/50x.html': errorPage,
        '/var/log/nginx/access.log': { link: '/dev/stdout' },
        '/var/log/nginx/error.log': { link: '/dev/stderr' },
        '/docker-entrypoint.d/': '',
        '/var/cache/nginx/': '',
      }),
      usage: { cpuMillicores: 1, memoryMebibytes: 9 },
    };
  },
};
