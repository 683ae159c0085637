/** The fast reader against the full one: where it answers, it must answer the same, values and places. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBlockYaml } from './blockReader.ts';
import { keyText, type ManifestNode } from './nodes.ts';
import { parseYamlTree } from './yamlTree.ts';

function shape(node: ManifestNode): unknown {
  const place = `${node.start}-${node.end}`;
  if (node.kind === 'scalar') return [node.style, node.value, place];
  if (node.kind === 'sequence') return ['seq', node.flow, place, node.items.map(shape)];
  return [
    'map',
    node.flow,
    place,
    node.pairs.map(({ key, value }) => [keyText(key), `${key.start}-${key.end}`, shape(value)]),
    node.duplicates.length,
  ];
}

function compare(text: string): 'same' | 'left to the full parser' {
  const quick = readBlockYaml(text);
  if (quick === undefined) return 'left to the full parser';
  const full = parseYamlTree(text);
  expect(full.problems, text).toEqual([]);
  expect(quick ? shape(quick) : undefined, text).toEqual(full.root ? shape(full.root) : undefined);
  return 'same';
}

describe('everyday YAML is read by the fast reader', () => {
  test.each([
    ['maps and lists', 'a: 1\nb:\n  - x\n  - y: 2\n    z: 3\nc:\n- one\n- two\n'],
    ['comments and blank lines', '# head\na: 1 # tail\n\n# between\nb:\n  # inside\n  c: d\n'],
    ['empty values', 'a:\nb: \nc:\n  - \n  -\n  - d:\n'],
    ['quotes', `a: "x: y # z"\nb: 'it''s'\n"c d": e\nf: "line\\nbreak \\u00e9"\n`],
    ['flow', 'a: {b: 1, c: [x, "y", {z: null}], d: {}}\ne: []\nf: [a, b,]\n'],
    ['JSON', '{\n  "a": 1,\n  "b": [true, null, "x"],\n  "c": {"d": {}}\n}\n'],
    ['literals', 'a: |\n  one\n    two\n\n  three\nb: |-\n  x\nc: |+\n  y\n\nd: e\n'],
    ['folded', 'a: >\n  one\n  two\n\n  three\nb: >-\n  x\n  y\nc: d\n'],
    ['literals in lists', 'args:\n  - -c\n  - |\n    echo hi\n    sleep 1\n  - last\n'],
    ['a mark in front', '---\na: 1\n'],
    ['a mark with a comment', '--- # first\na: 1\n'],
    ['CRLF', 'a: 1\r\nb:\r\n  - c\r\n  - d: |\r\n      x\r\n      y\r\ne: f\r\n'],
    ['a byte order mark', '\uFEFFa: 1\n'],
    ['no line break at the end', 'a: b'],
    ['lists in lists', 'a:\n  - - 1\n    - 2\n  - - 3\n'],
    ['urls and times', 'a: http://x:80/y\nb: 2026-01-01T00:00:00Z\nc: 12:30\nd: x#y\n'],
    [
      'numbers and words',
      'a: 0755\nb: 0x1F\nc: 1_000\nd: 1e3\ne: .5\nf: yes\ng: Off\nh: ~\ni: 0o17\nj: 1.0\nk: -3\nl: e5\nm: "."\n',
    ],
    ['twice the same key', 'a: 1\nb: 2\na: 3\n'],
  ])('%s', (_name, text) => expect(compare(text)).toBe('same'));
});

describe('unusual and broken YAML is left to the full parser', () => {
  test.each([
    ['anchors', 'a: &x 1\nb: *x\n'],
    ['merges', 'a: {b: 1}\nc:\n  <<: {d: 2}\n'],
    ['a mark and nothing behind it', '--- \t\n'],
    ['tags', 'a: !!str 1\n'],
    ['text over several lines', 'a: one\n  two\n'],
    ['quotes over several lines', 'a: "one\n  two"\n'],
    ['complex keys', '? a\n: b\n'],
    ['tabs', 'a:\n\tb: 1\n'],
    ['bad indentation', 'a:\n    b: 1\n  c: 2\n'],
    ['no colon', 'a: 1\nb\nc: 2\n'],
    ['an open bracket', 'a: [1, 2\nb: 3\n'],
    ['a colon in a value', 'a: b: c\n'],
    ['explicit indentation', 'a: |2\n   x\n'],
  ])('%s', (_name, text) => expect(readBlockYaml(text)).toBeUndefined());
});

const word = fc.constantFrom(
  'a',
  'b',
  'name',
  '"q"',
  "'s'",
  '1',
  'x y',
  '',
  '-',
  '- ',
  '|',
  '>-',
  '{',
  '}',
  '{a: 1}',
  '[b]',
  '#c',
  ' # d',
  '&x',
  '*x',
  ':',
  'http://h:1',
  '~',
  'yes',
  '{{ x }}',
  '\t',
  '<<',
  '\\',
  '%',
  '--- ',
  '...',
);
const line = fc
  .tuple(
    fc.nat(6),
    fc.constantFrom('', '- ', '- - ', '-'),
    word,
    fc.constantFrom('', ':', ': ', ' : '),
    word,
    fc.constantFrom('\n', '\r\n', '\n\n', '\n  \n'),
  )
  .map(([indent, dash, key, colon, value, end]) => `${' '.repeat(indent)}${dash}${key}${colon}${value}${end}`);

test('any text: the same answer, or none', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      compare(lines.join(''));
    }),
    { numRuns: 4000 },
  );
});
