import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deepFreeze } from '#common/base/freeze.ts';
import {
  type FieldSet,
  difference,
  emptySet,
  fieldSetOfPaths,
  intersection,
  isEmptySet,
  pathTexts,
  union,
  withFieldsOnTheWay,
  withoutTree,
} from './fieldSet.ts';

const element = fc.constantFrom('f:a', 'f:b', 'k:{"name":"x"}', 'k:{"port":80}', 'k:{"port":443}', 'v:"s"', 'i:0');
const fieldSet: fc.Arbitrary<FieldSet> = fc
  .array(fc.array(element, { minLength: 1, maxLength: 3 }), { maxLength: 6 })
  .map((paths) =>
    deepFreeze(paths.map((path) => path.reduceRight<FieldSet>((below, step) => ({ [step]: below }), {})).reduce(union, emptySet)),
  );
const members = (set: FieldSet): Set<string> => new Set(pathTexts(set));

describe('field sets', () => {
  test('operations are those of sets of paths', () => {
    fc.assert(
      fc.property(fieldSet, fieldSet, (a, b) => {
        const [x, y] = [members(a), members(b)];
        expect(members(union(a, b))).toEqual(new Set([...x, ...y]));
        expect(members(difference(a, b))).toEqual(new Set([...x].filter((path) => !y.has(path))));
        expect(members(intersection(a, b))).toEqual(new Set([...x].filter((path) => y.has(path))));
      }),
    );
  });

  test('equal sets have one form', () => {
    fc.assert(
      fc.property(fieldSet, fieldSet, (a, b) => {
        expect(JSON.stringify(union(a, b))).toBe(JSON.stringify(union(b, a)));
        expect(JSON.stringify(difference(union(a, b), difference(b, a)))).toBe(JSON.stringify(a));
        expect(isEmptySet(difference(a, a))).toBe(true);
      }),
    );
  });

  test('an operation that changes nothing gives the set itself', () => {
    fc.assert(
      fc.property(fieldSet, (a) => {
        expect(union(a, a)).toBe(a);
        expect(difference(a, emptySet)).toBe(a);
        expect(withoutTree(a, fieldSetOfPaths(['elsewhere']))).toBe(a);
      }),
    );
  });

  test('whole trees can be taken out', () => {
    const set = fieldSetOfPaths(['status', 'phase'], ['status'], ['spec', 'x']);
    expect(pathTexts(withoutTree(set, fieldSetOfPaths(['status'])))).toEqual(['.spec.x']);
    expect(pathTexts(difference(set, fieldSetOfPaths(['status'])))).toEqual(['.spec.x', '.status.phase']);
  });

  test('fields on the way to a member can be made members', () => {
    expect(pathTexts(withFieldsOnTheWay(fieldSetOfPaths(['spec', 'x'])))).toEqual(['.spec', '.spec.x']);
    expect(pathTexts(withFieldsOnTheWay({ 'f:l': { 'k:{"name":"a"}': { 'f:x': {} } } }))).toEqual(['.l', '.l[name="a"].x']);
  });

  test('paths read as in conflicts, ports in order of their numbers', () => {
    const set: FieldSet = {
      'f:finalizers': { 'v:"a/b"': {} },
      'f:ports': { 'k:{"port":443,"protocol":"TCP"}': {}, 'k:{"port":80,"protocol":"TCP"}': {} },
    };
    expect(pathTexts(set)).toEqual(['.finalizers[="a/b"]', '.ports[port=80,protocol="TCP"]', '.ports[port=443,protocol="TCP"]']);
  });
});
