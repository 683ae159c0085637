/**
 * Which tools are in which kind of image, and where. An image has what the real one has: no `curl` in busybox, no `ps`
 * in Debian's slim images.
 */
import { basename } from '../files/path.ts';
import type { Image, Userland } from './image.ts';

const coreutils =
  'base64 basename cat chmod cp cut date df dirname du echo env expand expr false fold head hostname id join ln ls md5sum mkdir mktemp mv nl nproc od paste printenv printf pwd readlink realpath rm rmdir seq sha1sum sha256sum sleep sort split stat sync tac tail tee test timeout touch tr true tty uname uniq wc whoami yes [';

const busyboxTools = `${coreutils} ash busybox awk clear diff egrep fgrep find free grep gunzip gzip kill less more nc netstat nslookup pgrep pidof ping ps rev sed sh strings tar time top tree uptime usleep vi watch wget which xargs zcat traceroute stty`;

const debianTools = `${coreutils} awk bash column comm dash diff egrep fgrep find getent grep gunzip gzip kill mawk nohup rev sed sh stty tar which xargs zcat`;

const tools: Record<Userland, { readonly names: readonly string[]; readonly folder: string }> = {
  none: { names: [], folder: '/usr/bin' },
  busybox: { names: busyboxTools.split(' '), folder: '/bin' },
  alpine: { names: [...busyboxTools.split(' '), 'getent', 'ifconfig', 'ip'], folder: '/bin' },
  debian: { names: debianTools.split(' '), folder: '/usr/bin' },
};

const cache = new WeakMap<Image, ReadonlyMap<string, string>>();

/** Name → path of every tool of the image, without its own programs. */
export function userlandTools(image: Image): ReadonlyMap<string, string> {
  let found = cache.get(image);
  if (!found) {
    const { names, folder } = tools[image.userland];
    const own = new Map((image.tools ?? []).map((tool) => [basename(tool), tool.includes('/') ? tool : `/usr/bin/${tool}`]));
    const shell = names.includes('sh') ? [['sh', '/bin/sh'] as const] : [];
    const bash = names.includes('bash') ? [['bash', '/bin/bash'] as const] : [];
    cache.set(
      image,
      (found = new Map([...names.map((name) => [name, `${folder}/${name}`] as const), ...shell, ...bash, ...own])),
    );
  }
  return found;
}
