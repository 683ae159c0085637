import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '#common/base/log.ts';
import { appended } from '../../containers/simulated/files/growingBytes.ts';
import { DiskVolume } from './diskVolume.ts';
import { decodeName, encodeName } from './fileNames.ts';
import { diskVolumes } from './volumeStore.ts';

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const show = (bytes: Uint8Array | undefined): string | undefined => bytes && new TextDecoder().decode(bytes);

describe('names on the disk', () => {
  it.each([
    'plain.txt',
    '.',
    '..',
    '.hidden',
    'a b',
    'ü/x'.slice(0, 1),
    'C:',
    'con',
    'NUL.txt',
    'ends.',
    'back\\slash',
    '%41',
    'line\nbreak',
  ])('%j comes back, and is one harmless name', (name) => {
    const encoded = encodeName(name);
    expect(decodeName(encoded)).toBe(name);
    expect(encoded).toMatch(/^[A-Za-z0-9_%-][A-Za-z0-9_.%-]*$/);
    expect(encoded).not.toMatch(/\.$/);
  });

  it('a name that no file system takes is refused', () => {
    expect(() => encodeName('x'.repeat(256))).toThrow(RangeError);
  });

  it('names that are not ours are passed over', () => {
    expect(decodeName('50%')).toBeUndefined();
  });
});

describe('a volume on the disk', () => {
  let folder: string;
  const problems: string[] = [];
  const log = createLog('test', ({ message }) => problems.push(message));
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'kube-playground-volume-'));
    problems.length = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const open = (): DiskVolume => new DiskVolume(path.join(folder, 'v'), log);

  it('holds after a restart what was in it', () => {
    const volume = open();
    volume.files.set('a', text('one'));
    volume.files.set('sub/b', text('two'));
    volume.files.set('empty/', new Uint8Array(0));
    volume.files.set('gone', text('x'));
    volume.files.delete('gone');
    volume.modes.set('a', 0o755);
    volume.details.set('link', { link: '../../outside' });
    volume.flush();
    const again = open();
    expect([...again.files.keys()].sort()).toEqual(['a', 'empty/', 'sub/b']);
    expect(show(again.files.get('sub/b'))).toBe('two');
    expect(again.modes.get('a')).toBe(0o755);
    expect(again.details.get('link')).toEqual({ link: '../../outside' });
    expect(again.usedBytes).toBe(6);
    expect(problems).toEqual([]);
  });

  it('is for its owner only', () => {
    const volume = open();
    volume.files.set('sub/b', text('two'));
    volume.flush();
    expect(statSync(path.join(folder, 'v/files/sub')).mode & 0o777).toBe(0o700);
    expect(statSync(path.join(folder, 'v/files/sub/b')).mode & 0o777).toBe(0o600);
  });

  it('follows a file that grows, shrinks, and becomes a folder', () => {
    const volume = open();
    const file = path.join(folder, 'v/files/log');
    volume.files.set('log', appended(new Uint8Array(0), text('one ')));
    volume.flush();
    volume.files.set('log', appended(volume.files.get('log') as Uint8Array, text('two')));
    volume.flush();
    expect(readFileSync(file, 'utf8')).toBe('one two');
    volume.files.set('log', text('x'));
    volume.flush();
    expect(readFileSync(file, 'utf8')).toBe('x');
    volume.files.delete('log');
    volume.files.set('log/part', text('y'));
    volume.flush();
    expect(readdirSync(file)).toEqual(['part']);
    expect(problems).toEqual([]);
  });

  it('writes by itself at the end of the turn', async () => {
    const volume = open();
    volume.files.set('a', text('one'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(readFileSync(path.join(folder, 'v/files/a'), 'utf8')).toBe('one');
  });

  it('never leaves its folder, whatever its files are called', () => {
    const outside = path.join(folder, 'outside');
    mkdirSync(outside);
    writeFileSync(path.join(outside, 'secret'), 'x');
    const volume = open();
    volume.files.set('../outside/secret', text('changed'));
    volume.files.set('..\\outside\\secret', text('changed'));
    volume.files.set('/etc/passwd', text('changed'));
    volume.flush();
    expect(readFileSync(path.join(outside, 'secret'), 'utf8')).toBe('x');
    expect(readdirSync(path.join(folder, 'v/files')).sort()).toEqual(['%2E%2E', '%2E.%5Coutside%5Csecret', 'etc']);
    expect(readdirSync(folder).sort()).toEqual(['outside', 'v']);
  });

  it('passes over links that somebody put into its folder', () => {
    mkdirSync(path.join(folder, 'v/files'), { recursive: true });
    symlinkSync('/etc/passwd', path.join(folder, 'v/files/passwd'));
    expect([...open().files.keys()]).toEqual([]);
  });

  it('is one volume for all who open it, until it is removed', () => {
    const store = diskVolumes(path.join(folder, 'all'), log);
    const volume = store.open(['csi', 'driver', 'handle']);
    volume.files.set('a', text('one'));
    expect(store.open(['csi', 'driver', 'handle'])).toBe(volume);
    store.remove(['csi', 'driver', 'handle']);
    expect(store.open(['csi', 'driver', 'handle']).files.size).toBe(0);
    store.dispose();
    expect(diskVolumes(path.join(folder, 'all'), log).open(['csi', 'driver', 'handle']).files.size).toBe(0);
  });
});
