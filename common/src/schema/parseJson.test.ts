import { describe, expect, test } from 'vitest';
import { JsonSyntaxError, parseJson } from './parseJson.ts';

function problem(text: string): string {
  try {
    parseJson(text);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('duplicate keys', () => {
  test.each<[string, string[]]>([
    ['{"a":1,"b":{"a":1}}', []],
    ['{"a":1,"a":2}', ['a']],
    ['{"a":[{"b":1},{"b":{"c":1,"c":2},"b":3}]}', ['a[1].b.c', 'a[1].b']],
    ['{"a":{"x.y":1,"x.y":2},"a":1}', ['a.x.y', 'a']],
    ['{ "a" : "\\"}:{", "\\u0061" : [ [ 1, {"q":1,"q":1} ] ] }', ['a', 'a[0][1].q']],
    ['{"a:b":"c:d\\\\","a:b":1}', ['a:b']],
  ])('%s', (text, duplicates) => {
    expect(parseJson(text)).toMatchObject({ value: JSON.parse(text) as unknown, duplicates });
  });
});

// Answers of Kubernetes 1.36.3.
test.each([
  ['', 'unexpected end of JSON input'],
  ['{"a":1,', 'unexpected end of JSON input'],
  ['"abc', 'unexpected end of JSON input'],
  ['nul', "invalid character ' ' in literal null (expecting 'l')"],
  ['-', "invalid character ' ' in numeric literal"],
  ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
  ["{'a':1}", "invalid character '\\'' looking for beginning of object key string"],
  ['{"a":tru}', "invalid character '}' in literal true (expecting 'e')"],
  ['{"a":01}', "invalid character '1' after object key:value pair"],
  ['{"a":1.}', "invalid character '}' after decimal point in numeric literal"],
  ['{"a":1e}', "invalid character '}' in exponent of numeric literal"],
  ['{"a":"\\x"}', "invalid character 'x' in string escape code"],
  ['{"a":"\\u12g4"}', "invalid character 'g' in \\u hexadecimal character escape"],
  ['{"a":"\n"}', "invalid character '\\n' in string literal"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['[1 2]', "invalid character '2' after array element"],
  ['{"a":1}x', "invalid character 'x' after top-level value"],
  ['é', "invalid character 'Ã' looking for beginning of value"],
])('%j is not JSON: %s', (text, message) => {
  expect(problem(text)).toBe(message);
});

test('deep nesting is refused and does no harm', () => {
  expect(problem('['.repeat(100_000))).toBe("invalid character '[' exceeded max depth");
  expect(problem(`${'['.repeat(10_000)}${']'.repeat(10_000)}`)).toBe('accepted');
  expect(problem(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`)).toBe('accepted');
});

test('__proto__ is a key like any other', () => {
  const { value, duplicates } = parseJson('{"__proto__":{"polluted":true},"__proto__":1}');
  expect(Object.hasOwn(value as object, '__proto__')).toBe(true);
  expect(duplicates).toEqual(['__proto__']);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test('numbers keep their text where JavaScript would print another', () => {
  const { layout } = parseJson('{"a":1.0,"b":[1,1e3],"c":12345678901234567890,"d":1.5}');
  expect([...(layout?.numbers ?? [])]).toEqual([
    ['a', '1.0'],
    ['b[1]', '1e3'],
    ['c', '12345678901234567890'],
  ]);
  expect(parseJson('{"a":1,"b":true,"c":"1.0"}').layout).toBeUndefined();
});
