/**
 * Half-typed, garbled and foreign texts: nothing fails, nothing hangs, nothing is left behind. Of ten manifests that people
 * wrote every prefix is read and judged, and every feature asked at each border of a line or word; of a file of 2,000 lines
 * the same at the borders of its lines, with the words of every fiftieth.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { longFile } from '../bench/manifestFolder.ts';
import { Everything, manifestFiles } from './everything.ts';

/** What is read stays in memory until the turn of the event loop ends, as each message has one of its own. */
const aTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const uri = 'file:///workspace/typed.yaml';
/** The character before ends a line or word, or the one behind begins one. */
const isBorder = (text: string, at: number): boolean =>
  /[\s:,{}[\]"'#-]$/.test(text.slice(0, at)) || /^[\s:,{}[\]"'#]/.test(text.slice(at));

beforeAll(() => new Everything().warm());

describe('every prefix', { timeout: 600_000 }, () => {
  test.each(manifestFiles().slice(0, 10))('%s', async (file) => {
    const server = new Everything();
    server.addWorkspace();
    const text = readFileSync(file, 'utf8');
    for (let end = 0; end <= text.length; end++) {
      const typed = server.edit(uri, text.slice(0, end), end);
      if (end % 50 === 0) await aTurn();
      if (isBorder(text, end)) await server.askAt(typed, end);
      if (text[end] === '\n' && end % 7 === 0) await server.askAbout(typed);
    }
    expect(server.failures).toEqual([]);
  });

  test('of a file of 2,000 lines, at the borders of its lines', async () => {
    const server = new Everything();
    const text = longFile(2_000, 'documents');
    let [line, version] = [0, 0];
    for (let end = 0; end <= text.length; end++) {
      if (text[end - 1] === '\n') line++;
      if (text[end - 1] !== '\n' && !(line % 50 === 0 && isBorder(text, end))) continue;
      const typed = server.edit(uri, text.slice(0, end), ++version);
      await aTurn();
      if (line % 10 === 0) await server.askAt(typed, end);
    }
    expect(line).toBeGreaterThanOrEqual(2_000);
    expect(server.failures).toEqual([]);
  });
});

const pieces = [
  '\n', '\r\n', '\t', '  ', ' ', ':', ': ', '- ', '---\n', '\n---\n', '...\n', '{{', '}}', '{{ .Values.x }}', '{{- end }}', '{', '}', '[', ']',
  '"', "'", '|\n', '>-\n', '#', '&a ', '*a', '<<: *a', '!!str ', '%YAML 1.2\n', '😀', '\u0000', '\uFEFF', '\u2028', '__proto__: ', 'constructor: ',
  'apiVersion: v1\n', 'kind: List\nitems:\n', 'metadata: {name: x}\n', 'spec:\n', '? ', '0x', '1e999', '~', 'null', '"\\u00', '\ud83d',
]; // prettier-ignore
const place = fc.double({ min: 0, max: 1, noNaN: true });
const edit = fc.oneof(
  fc.record({
    kind: fc.constant('insert' as const),
    at: place,
    text: fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 6 })),
  }),
  fc.record({ kind: fc.constant('delete' as const), at: place, length: fc.integer({ min: 1, max: 60 }) }),
  fc.record({ kind: fc.constant('indent' as const), at: place, by: fc.constantFrom(-4, -2, -1, 1, 2, 4) }),
  fc.record({ kind: fc.constant('swap' as const), at: place, with: place }),
  fc.record({ kind: fc.constant('line ends' as const), to: fc.constantFrom('\r\n', '\n', '\r') }),
);
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

function changed(text: string, change: Edit): string {
  if (change.kind === 'line ends') return text.replaceAll(/\r\n|\n|\r/g, change.to);
  const at = Math.floor(change.at * text.length);
  if (change.kind === 'insert') return text.slice(0, at) + change.text + text.slice(at);
  if (change.kind === 'delete') return text.slice(0, at) + text.slice(at + change.length);
  const lines = text.split('\n');
  const line = Math.floor(change.at * lines.length);
  const [old = ''] = lines.slice(line, line + 1);
  if (change.kind === 'indent') lines[line] = change.by > 0 ? ' '.repeat(change.by) + old : old.slice(-change.by);
  else {
    const other = Math.floor(change.with * lines.length);
    [lines[line], lines[other]] = [lines[other] ?? '', old];
  }
  return lines.join('\n');
}

test('5,000 random edits', { timeout: 600_000 }, async () => {
  const starts = manifestFiles().map((file) => readFileSync(file, 'utf8'));
  const server = new Everything();
  server.addWorkspace();
  let [edits, version] = [0, 0];
  const session = fc.record({
    start: fc.constantFrom(...starts),
    edits: fc.array(fc.tuple(edit, place), { minLength: 25, maxLength: 25 }),
  });
  await fc.assert(
    fc.asyncProperty(session, async ({ start, edits: changes }) => {
      let text = start;
      server.failures.length = 0;
      for (const [i, [change, cursor]] of changes.entries()) {
        text = changed(text, change);
        const file = server.edit(uri, text, ++version);
        await aTurn();
        await server.askAt(file, Math.floor(cursor * (text.length + 1)));
        if (i % 5 === 4) await server.askAbout(file);
        edits++;
      }
      expect(server.failures).toEqual([]);
    }),
    { numRuns: 200, endOnFailure: true },
  );
  expect(edits).toBeGreaterThanOrEqual(5_000);
});

test.each([
  ['zeros', Buffer.alloc(20_000)],
  [
    'a picture',
    Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\napiVersion: v1\nkind: Pod\n', 'latin1'), Buffer.from([0, 1, 2, 255, 254, 0])]),
  ],
  ['all bytes', Buffer.from(Array.from({ length: 40_000 }, (_, i) => (i * 7 + (i >> 8)) & 255))],
  ['UTF-16', Buffer.from('apiVersion: v1\nkind: Pod\n', 'utf16le')],
  ['one line of brackets', Buffer.from('['.repeat(100_000))],
  ['one line of braces', Buffer.from('apiVersion: v1\nkind: Pod\nspec: ' + '{a: '.repeat(20_000))],
  ['a deep map', Buffer.from(Array.from({ length: 1_500 }, (_, i) => `${' '.repeat(i)}a:\n`).join(''))],
  ['dashes', Buffer.from('apiVersion: v1\nkind: Pod\nspec:\n' + '- '.repeat(20_000))],
  [
    'aliases of aliases',
    Buffer.from(['a0: &a0 x', ...Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`)].join('\n')),
  ],
  ['documents without end', Buffer.from('---\n'.repeat(20_000))],
])('no manifest at all: %s', async (_, bytes) => {
  const server = new Everything();
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const file = server.edit(uri, text, 1);
  for (const part of [0, 0.3, 0.9, 1]) await server.askAt(file, Math.floor(text.length * part));
  await server.askAbout(file);
  expect(server.failures).toEqual([]);
});

test('what is closed and gone leaves nothing behind', () => {
  const server = new Everything();
  server.addWorkspace();
  const { index } = server.world;
  for (const file of manifestFiles()) {
    const text = readFileSync(file, 'utf8');
    for (let i = 0; i < 5; i++) server.edit(`file://${file}`, text.slice(0, Math.floor((text.length * (i + 1)) / 5)), i);
  }
  expect(index.graph.isEmpty).toBe(false);
  for (const { uri: each } of index.files()) {
    index.close(each);
    index.removeFromDisk(each);
  }
  expect(index.files()).toEqual([]);
  expect(index.graph.isEmpty).toBe(true);
  expect(server.world.kinds.all().filter(({ schema }) => schema)).toEqual([]);
});
