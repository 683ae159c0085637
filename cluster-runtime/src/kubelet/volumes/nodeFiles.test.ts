import { describe, expect, it } from 'vitest';
import { MemoryVolume } from './fileMap.ts';
import { hostPathProblem, plainPath, prepareHostPath } from './nodeFiles.ts';

function disk(): MemoryVolume {
  const volume = new MemoryVolume();
  volume.files.set('data/file', new TextEncoder().encode('x'));
  volume.files.set('empty/', new Uint8Array(0));
  return volume;
}

describe('a host path of type', () => {
  it.each<[string, string, string | undefined]>([
    ['Directory', '/data', undefined],
    ['Directory', '/empty', undefined],
    ['Directory', '/var/log', undefined],
    ['Directory', '/none', 'hostPath type check failed: /none is not a directory'],
    ['Directory', '/data/file', 'hostPath type check failed: /data/file is not a directory'],
    ['DirectoryOrCreate', '/none', undefined],
    ['DirectoryOrCreate', '/data/file', 'hostPath type check failed: /data/file is not a directory'],
    ['File', '/data/file', undefined],
    ['File', '/etc/hostname', undefined],
    ['File', '/none', 'hostPath type check failed: /none is not a file'],
    ['FileOrCreate', '/data/new', undefined],
    ['FileOrCreate', '/none/new', 'open /none/new: no such file or directory'],
    ['FileOrCreate', '/data', 'hostPath type check failed: /data is not a file'],
    ['Socket', '/run/containerd/containerd.sock', undefined],
    ['Socket', '/var/run/docker.sock', 'hostPath type check failed: /var/run/docker.sock is not a socket file'],
    ['CharDevice', '/dev/null', undefined],
    ['CharDevice', '/data/file', 'hostPath type check failed: /data/file is not a character device'],
    ['BlockDevice', '/dev/sdz', 'hostPath type check failed: /dev/sdz is not a block device'],
    ['', '/none', undefined],
    ['toString', '/none', undefined],
  ])('%s at %s', (type, path, problem) => {
    expect(hostPathProblem(disk(), path, type)).toBe(problem);
  });
});

it.each<[string, string, string[]]>([
  ['/new', '', ['new/']],
  ['/new', 'DirectoryOrCreate', ['new/']],
  ['/data/new', 'FileOrCreate', ['data/new']],
  ['/data', '', []],
  ['/etc/hostname', 'File', ['etc/hostname']],
])('what is missing at %s (%s) is made', (path, type, made) => {
  const volume = disk();
  const before = new Set(volume.files.keys());
  prepareHostPath(volume, 'node-1', path, type);
  expect([...volume.files.keys()].filter((key) => !before.has(key))).toEqual(made);
});

it('paths are written one way', () => {
  expect(['/', '/a//b/', '/a'].map(plainPath)).toEqual(['/', '/a/b', '/a']);
});

it('folders are known as long as something lies in them', () => {
  const { files } = disk();
  files.set('a/b/c', new Uint8Array(3));
  expect([files.hasInside('a'), files.hasInside('a/b'), files.hasInside('a/b/c')]).toEqual([true, true, false]);
  files.delete('a/b/c');
  expect([files.hasInside('a'), files.hasInside('a/b'), files.bytes]).toEqual([false, false, 1]);
});
