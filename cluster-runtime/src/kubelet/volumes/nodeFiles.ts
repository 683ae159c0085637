/**
 * What a simulated node has on its disk besides what pods put there: the folders, sockets and devices that manifests
 * commonly mount, so that their type checks pass; and the check of a hostPath volume's type.
 */
import type { VolumeFiles } from '../../containers/containerRuntime.ts';

type HostKind = 'folder' | 'file' | 'socket' | 'charDevice' | 'blockDevice';

const folders = new Set(
  (
    '/ /bin /boot /dev /dev/shm /etc /etc/cni /etc/cni/net.d /etc/kubernetes /etc/kubernetes/pki /etc/ssl /etc/ssl/certs /home ' +
    '/lib /lib/modules /media /mnt /opt /opt/cni /opt/cni/bin /proc /root /run /run/containerd /srv /sys /sys/fs /sys/fs/bpf ' +
    '/sys/fs/cgroup /tmp /usr /usr/bin /usr/lib /usr/local /usr/share /usr/share/zoneinfo /var /var/lib /var/lib/containerd ' +
    '/var/lib/docker /var/lib/docker/containers /var/lib/kubelet /var/lib/kubelet/plugins /var/lib/kubelet/pods /var/log ' +
    '/var/log/containers /var/log/pods /var/run /var/run/containerd /var/tmp'
  ).split(' '),
);

const others = new Map<string, HostKind>([
  ['/run/containerd/containerd.sock', 'socket'],
  ['/var/run/containerd/containerd.sock', 'socket'],
  ['/dev/null', 'charDevice'],
  ['/dev/zero', 'charDevice'],
  ['/dev/full', 'charDevice'],
  ['/dev/random', 'charDevice'],
  ['/dev/urandom', 'charDevice'],
  ['/dev/tty', 'charDevice'],
  ['/dev/vda', 'blockDevice'],
  ['/dev/vda1', 'blockDevice'],
]);

const textFiles: Readonly<Record<string, (node: string) => string>> = {
  '/etc/hostname': (node) => `${node}\n`,
  '/etc/hosts': (node) => `127.0.0.1\tlocalhost\n127.0.1.1\t${node}\n`,
  '/etc/localtime': () => 'TZif2\nUTC0\n',
  '/etc/machine-id': (node) => `${Buffer.from(node).toString('hex').padEnd(32, '0').slice(0, 32)}\n`,
  '/etc/os-release': () => 'PRETTY_NAME="Kube Playground node"\nID=playground\n',
  '/etc/timezone': () => 'Etc/UTC\n',
};

const noContent = new Uint8Array(0);
const keyOf = (path: string): string => path.slice(1);

/** `/a//b/` as `/a/b`; the API has refused steps back. */
export const plainPath = (path: string): string => `/${path.split('/').filter(Boolean).join('/')}`;

function kindAt(disk: VolumeFiles, path: string): HostKind | undefined {
  const key = keyOf(path);
  if (folders.has(path) || disk.hasInside?.(key)) return 'folder';
  const known = others.get(path);
  if (known) return known;
  return Object.hasOwn(textFiles, path) || disk.files.has(key) ? 'file' : undefined;
}

interface TypeCheck {
  readonly kind: HostKind;
  readonly text: string;
}

const checks: Readonly<Record<string, TypeCheck>> = {
  Directory: { kind: 'folder', text: 'is not a directory' },
  DirectoryOrCreate: { kind: 'folder', text: 'is not a directory' },
  File: { kind: 'file', text: 'is not a file' },
  FileOrCreate: { kind: 'file', text: 'is not a file' },
  Socket: { kind: 'socket', text: 'is not a socket file' },
  CharDevice: { kind: 'charDevice', text: 'is not a character device' },
  BlockDevice: { kind: 'blockDevice', text: 'is not a block device' },
};

/** Why the host path is not what the volume says it is; undefined when it is, or can be made. */
export function hostPathProblem(node: VolumeFiles, path: string, type: string): string | undefined {
  const found = kindAt(node, path);
  const check = Object.hasOwn(checks, type) ? checks[type] : undefined;
  if (!check || found === check.kind || (found === undefined && type === 'DirectoryOrCreate')) return undefined;
  if (found === undefined && type === 'FileOrCreate') {
    const folder = path.slice(0, path.lastIndexOf('/')) || '/';
    return kindAt(node, folder) === 'folder' ? undefined : `open ${path}: no such file or directory`;
  }
  return `hostPath type check failed: ${path} ${check.text}`;
}

/** Makes what is to be mounted, where it is not there yet. */
export function prepareHostPath(node: VolumeFiles, name: string, path: string, type: string): void {
  const key = keyOf(path);
  const text = Object.hasOwn(textFiles, path) ? textFiles[path] : undefined;
  const found = kindAt(node, path);
  if (text && !node.files.has(key)) node.files.set(key, new TextEncoder().encode(text(name)));
  else if (found === undefined) node.files.set(type === 'FileOrCreate' ? key : `${key}/`, noContent);
  else if (found !== 'folder' && !node.files.has(key)) node.files.set(key, noContent);
}
