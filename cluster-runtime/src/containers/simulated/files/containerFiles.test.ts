import { describe, expect, test } from 'vitest';
import { debianLayer, type Image } from '../images/image.ts';
import { volume } from '../testing/testBed.ts';
import { ContainerFiles } from './containerFiles.ts';
import { ImageTree } from './imageTree.ts';

const image: Image = {
  layers: [debianLayer],
  userland: 'busybox',
  files: () => ({ '/srv/www/index.html': 'hello', '/srv/latest': { link: 'www' }, '/srv/loop': { link: '/srv/loop' } }),
};

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function filesWith(mounts: ConstructorParameters<typeof ContainerFiles>[1] = []): ContainerFiles {
  return new ContainerFiles(ImageTree.of(image), mounts, new Map([['/etc/hostname', () => 'pod-1\n']]), () => 5000);
}

describe('the image below', () => {
  test('is read through links', () => {
    const files = filesWith();
    expect(files.readText('/srv/latest/index.html')).toBe('hello');
    expect(files.realPath('/srv/latest/index.html')).toBe('/srv/www/index.html');
    expect(files.readText('/etc/hostname')).toBe('pod-1\n');
    expect(() => files.read('/srv/loop')).toThrow('Too many levels of symbolic links');
  });

  test('is changed for one container only', () => {
    const [changed, other] = [filesWith(), filesWith()];
    changed.write('/srv/www/index.html', bytes('changed'));
    changed.write('/srv/www/new', bytes('new'));
    changed.remove('/srv/latest');
    expect(changed.readText('/srv/www/index.html')).toBe('changed');
    expect(changed.names('/srv')).toEqual(['loop', 'www']);
    expect(other.readText('/srv/www/index.html')).toBe('hello');
    expect(other.names('/srv/www')).toEqual(['index.html']);
  });
});

test('appending leaves earlier readers alone', () => {
  const files = filesWith();
  files.write('/tmp/log', bytes('one '));
  const first = files.read('/tmp/log');
  for (const word of ['two ', 'three ']) files.write('/tmp/log', bytes(word), { append: true });
  const three = files.read('/tmp/log');
  files.write('/tmp/log', bytes('new '));
  files.write('/tmp/log', bytes('end'), { append: true });
  expect([first, three, files.read('/tmp/log')].map((each) => new TextDecoder().decode(each))).toEqual([
    'one ',
    'one two three ',
    'new end',
  ]);
});

test('no file grows for ever', () => {
  const files = filesWith();
  expect(() => files.write('/tmp/big', new Uint8Array(65 * 1024 * 1024))).toThrow('No space left on device');
});

describe('refusals', () => {
  test.each<[string, (files: ContainerFiles) => void]>([
    ['No such file or directory', (files) => files.read('/nope')],
    ['No such file or directory', (files) => files.write('/nope/x', bytes(''))],
    ['Is a directory', (files) => files.read('/srv')],
    ['Is a directory', (files) => files.write('/srv', bytes(''))],
    ['Not a directory', (files) => files.names('/srv/www/index.html')],
    ['Not a directory', (files) => files.read('/srv/www/index.html/x')],
    ['File exists', (files) => files.makeFolder('/srv')],
    ['Directory not empty', (files) => files.remove('/srv/www')],
    ['Read-only file system', (files) => files.write('/config/a', bytes('x'))],
    ['Device or resource busy', (files) => files.remove('/config', { recursive: true })],
    ['Invalid argument', (files) => files.copy('/srv', '/srv/www/inside')],
  ])('%s', (message, action) => {
    expect(() => action(filesWith([{ path: '/config', readOnly: true, volume: volume({ a: '1' }) }]))).toThrow(message);
  });
});

describe('volumes', () => {
  test('are shared by everyone who mounts them', () => {
    const shared = volume({ 'a/b.txt': 'one' });
    const [writer, reader] = [
      filesWith([{ path: '/data', readOnly: false, volume: shared }]),
      filesWith([{ path: '/mnt/in/deep', readOnly: true, volume: shared }]),
    ];
    writer.write('/data/a/c.txt', bytes('two'));
    writer.makeFolders('/data/empty');
    expect(reader.names('/mnt/in/deep')).toEqual(['a', 'empty']);
    expect(reader.readText('/mnt/in/deep/a/c.txt')).toBe('two');
    expect(reader.names('/mnt')).toEqual(['in']);
    writer.remove('/data/a', { recursive: true });
    expect(reader.names('/mnt/in/deep')).toEqual(['empty']);
    expect([...shared.files.keys()]).toEqual(['empty/']);
  });

  test('subPath mounts a folder or one file', () => {
    const config = volume({ 'conf/app.ini': 'x=1', 'conf/more/y': 'y' });
    const files = filesWith([
      { path: '/etc/app', readOnly: false, volume: config, subPath: 'conf' },
      { path: '/etc/app.ini', readOnly: false, volume: config, subPath: 'conf/app.ini' },
    ]);
    expect(files.names('/etc/app')).toEqual(['app.ini', 'more']);
    expect(files.readText('/etc/app.ini')).toBe('x=1');
    files.write('/etc/app.ini', bytes('x=2'));
    expect(files.readText('/etc/app/app.ini')).toBe('x=2');
  });

  test('hide what the image has there', () => {
    const files = filesWith([{ path: '/srv/www', readOnly: true, volume: volume({ 'index.html': 'mounted' }) }]);
    expect(files.readText('/srv/latest/index.html')).toBe('mounted');
  });
});
