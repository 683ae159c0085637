import { describe, expect, test } from 'vitest';
import { escapeFieldValue, parseFieldSelector } from './fieldSelector.ts';

describe('field selectors', () => {
  test.each([
    ['metadata.name=a', { 'metadata.name': 'a' }, true],
    ['metadata.name==a', { 'metadata.name': 'b' }, false],
    ['metadata.name!=a', {}, true],
    ['status.nominatedNodeName=', {}, true],
    ['a=1,b!=2', { a: '1', b: '3' }, true],
    [',', {}, true],
    ['a=x\\,y\\=z\\\\', { a: 'x,y=z\\' }, true],
  ])('%s on %o is %s', (text, fields, wanted) => {
    expect(parseFieldSelector(text).matches(fields)).toBe(wanted);
  });

  test.each([
    ['metadata.name', "invalid selector: 'metadata.name'; can't understand 'metadata.name'"],
    ['a=b,c', "invalid selector: 'a=b,c'; can't understand 'c'"],
    ['a=b=c', 'invalid field selector: unescaped character in value: 61'],
    ['a=b\\x', 'invalid field selector: invalid escape sequence: \\x'],
    ['a=b\\', 'invalid field selector: invalid escape sequence: \\'],
  ])('%s is refused', (text, message) => {
    expect(() => parseFieldSelector(text)).toThrow(message);
  });

  test('tells an index what it can be asked for, and prints itself', () => {
    const selector = parseFieldSelector('spec.nodeName==n1,status.phase!=Failed');
    expect(selector.requiredValue('spec.nodeName')).toBe('n1');
    expect(selector.requiredValue('status.phase')).toBeUndefined();
    expect(selector.text).toBe('spec.nodeName=n1,status.phase!=Failed');
    expect(parseFieldSelector(`a=${escapeFieldValue('x,=\\')}`).requiredValue('a')).toBe('x,=\\');
  });
});
