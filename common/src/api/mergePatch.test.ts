import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deepFreeze } from '#common/base/freeze.ts';
import { applyMergePatch, createMergePatch } from './mergePatch.ts';
import type { JsonObject } from './ownProperty.ts';

describe('merge patch', () => {
  const document = deepFreeze({ data: { a: '1', b: '2' }, metadata: { labels: { x: 'y' } } });

  test.each([
    [{ data: { a: null, c: '3' } }, { data: { b: '2', c: '3' } }],
    [{ data: ['x'] }, { data: ['x'] }],
    [{ data: 'x' }, { data: 'x' }],
    [{ more: { z: null, y: {} } }, { more: { y: {} } }],
    [{ metadata: { labels: null } }, { metadata: {} }],
  ])('%o', (patch, changes) => {
    expect(applyMergePatch(document, patch)).toEqual({ ...document, ...changes });
  });

  test.each([
    [null, 'Invalid JSON Patch'],
    [[], 'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}'],
    [true, 'error decoding patch: json: cannot unmarshal bool into Go value of type map[string]interface {}'],
  ])('%o is refused', (patch, message) => {
    expect(() => applyMergePatch(document, patch)).toThrow(message);
  });

  test('shares what it leaves alone, and everything when nothing changes', () => {
    expect(applyMergePatch(document, { data: { a: '9' } })['metadata']).toBe(document.metadata);
    expect(applyMergePatch(document, { data: { a: '1', z: null }, metadata: { labels: { x: 'y' } } })).toBe(document);
  });

  test('bottomless patches are refused', () => {
    let deep: JsonObject = {};
    for (let i = 0; i < 5000; i++) deep = { deep };
    expect(() => applyMergePatch(document, deep)).toThrow('exceeded max depth');
  });

  test('the patch between two documents turns one into the other', () => {
    const withoutNull = fc.letrec<{ value: unknown; object: JsonObject }>((tie) => ({
      object: fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__'), tie('value'), {
        maxKeys: 3,
      }) as fc.Arbitrary<JsonObject>,
      value: fc.oneof({ maxDepth: 3 }, fc.constantFrom(1, 'x', true), fc.array(fc.nat(3), { maxLength: 2 }), tie('object')),
    })).object;
    fc.assert(
      fc.property(withoutNull, withoutNull, (from, to) => {
        expect(applyMergePatch(from, createMergePatch(from, to))).toEqual(to);
      }),
    );
  });
});
