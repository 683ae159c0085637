import { describe, expect, it } from 'vitest';
import { parseYaml } from './yamlBody.ts';

const problemOf = (text: string): string => {
  try {
    parseYaml(text);
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
};

describe('parseYaml', () => {
  // Answers of Kubernetes 1.36.3.
  const refused: [string, string][] = [
    ['a: [', 'yaml: line 1: did not find expected node content'],
    ['a: b: c', 'yaml: mapping values are not allowed in this context'],
    ['a: "x', 'yaml: found unexpected end of stream'],
    ['a: 1\n\tb: 2', 'yaml: line 2: found a tab character that violates indentation'],
    ['a: 1\n b: 2', 'yaml: line 2: mapping values are not allowed in this context'],
    ['foo\nbar: 1', 'yaml: line 2: mapping values are not allowed in this context'],
    ['a: *foo', "yaml: unknown anchor 'foo' referenced"],
    ['a: }', 'yaml: did not find expected node content'],
    ['- a\nb: 1', "yaml: line 1: did not find expected '-' indicator"],
    ['a: {b: 1', "yaml: line 1: did not find expected ',' or '}'"],
    ['a: [1,\n2', "yaml: line 2: did not find expected ',' or ']'"],
    ['a:\n  - b\n c: 1', 'yaml: line 2: did not find expected key'],
    ['a: 1\nb', "yaml: line 3: could not find expected ':'"],
    ['a: @x', 'yaml: found character that cannot start any token'],
    ['"a\\q": 1', 'yaml: found unknown escape character'],
    ['a: - b', 'yaml: block sequence entries are not allowed in this context'],
  ];
  it.each(refused)('%j', (text, expected) => expect(problemOf(text)).toBe(expected));

  const scalars: [string, unknown][] = [
    ['yes', true],
    ['off', false],
    ['0o17', 15],
    ['017', 15],
    ['0x1F', 31],
    ['1_000', 1000],
    ['1:30', '1:30'],
    ['2001-01-01', '2001-01-01'],
    ['~', null],
    ['"1"', '1'],
  ];
  it.each(scalars)('reads %s as %j', (text, expected) => expect(parseYaml(`a: ${text}`).value).toEqual({ a: expected }));

  it('reads the first of several documents', () => {
    expect(parseYaml('---\na: 1\n---\nb: 2\n').value).toEqual({ a: 1 });
  });

  it('reports keys that are there twice, and takes the last', () => {
    expect(parseYaml('metadata:\n  name: q\n  name: r\n')).toEqual({
      value: { metadata: { name: 'r' } },
      duplicates: ['line 3: key "name" already set in map'],
    });
  });

  it('keeps a key named __proto__ to itself', () => {
    const { value } = parseYaml('data:\n  __proto__: x\n') as { value: { data: object } };
    expect(Object.keys(value.data)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(value.data)).toBe(Object.prototype);
  });

  it('refuses aliases that would blow up', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefg'.split('').map((k, i) => `${k}: &${k} [${Array(9).fill(`*${'abcdef'[i]}`).join(',')}]`),
    ].join('\n');
    expect(problemOf(bomb)).toBe('yaml: document contains excessive aliasing');
  });
});
