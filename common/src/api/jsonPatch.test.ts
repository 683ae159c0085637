import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deepFreeze } from '#common/base/freeze.ts';
import { applyJsonPatch } from './jsonPatch.ts';
import { ApiError } from './status.ts';

const document = deepFreeze({ data: { a: '1', b: '2' }, metadata: { name: 'x', finalizers: ['f/a', 'f/b', 'f/c'] } });
const apply = (...patch: unknown[]): unknown => applyJsonPatch(document, patch);

const rejected = 'the server rejected our request due to an error in our request';

function refusal(run: () => unknown): [number, string] {
  try {
    run();
  } catch (error) {
    if (error instanceof ApiError) return [error.code, error.message];
    throw error;
  }
  return [200, 'ok'];
}

describe('json patch', () => {
  test.each([
    [{ op: 'add', path: '/data/c', value: '3' }, { data: { a: '1', b: '2', c: '3' } }],
    [{ op: 'remove', path: '/data/b' }, { data: { a: '1' } }],
    [{ op: 'replace', path: '/data/a', value: '9' }, { data: { a: '9', b: '2' } }],
    // Kubernetes is laxer than the RFC about what is missing.
    [{ op: 'replace', path: '/data/zz', value: '1' }, { data: { a: '1', b: '2', zz: '1' } }],
    [{ op: 'copy', from: '/data/zz', path: '/data/c' }, { data: { a: '1', b: '2', c: null } }],
    [{ op: 'copy', from: '/data/a', path: '/data/c' }, { data: { a: '1', b: '2', c: '1' } }],
    [{ op: 'move', from: '/data/b', path: '/data/d' }, { data: { a: '1', d: '2' } }],
    [{ op: 'add', path: '/data/x~1y~0z', value: '' }, { data: { a: '1', b: '2', 'x/y~z': '' } }],
    [{ op: 'test', path: '/data/zz', value: null }, {}],
    [{ op: 'test', path: '/data', value: { b: '2', a: '1' } }, {}],
    [
      { op: 'add', path: '/metadata/finalizers/1', value: 'n' },
      { metadata: { name: 'x', finalizers: ['f/a', 'n', 'f/b', 'f/c'] } },
    ],
    [
      { op: 'add', path: '/metadata/finalizers/-', value: 'n' },
      { metadata: { name: 'x', finalizers: ['f/a', 'f/b', 'f/c', 'n'] } },
    ],
    [
      { op: 'add', path: '/metadata/finalizers/-1', value: 'n' },
      { metadata: { name: 'x', finalizers: ['f/a', 'f/b', 'f/c', 'n'] } },
    ],
    [{ op: 'remove', path: '/metadata/finalizers/-1' }, { metadata: { name: 'x', finalizers: ['f/a', 'f/b'] } }],
    [
      { op: 'move', from: '/metadata/finalizers/0', path: '/metadata/finalizers/2' },
      { metadata: { name: 'x', finalizers: ['f/b', 'f/c', 'f/a'] } },
    ],
    [{ op: 'add', path: 'data/a', value: 'beside' }, { a: 'beside' }],
  ])('%o', (operation, changes) => {
    expect(apply(operation)).toEqual({ ...document, ...changes });
  });

  test.each([
    { op: 'remove', path: '/data/zz' },
    { op: 'move', from: '/data/zz', path: '/data/c' },
    { op: 'add', path: '/nope/zz', value: '1' },
    { op: 'test', path: '/data/a', value: 'nope' },
    { op: 'test', path: '/nope/zz', value: null },
    { op: 'add', path: '/metadata/finalizers/4', value: 'n' },
    { op: 'add', path: '/metadata/finalizers/x', value: 'n' },
    { op: 'replace', path: '/metadata/finalizers/-', value: 'n' },
    { op: 'remove', path: '' },
    { op: 'add', path: '/data/a/b', value: 'x' },
    { op: 'bogus', path: '/data/a' },
    { op: 'add', value: '1' },
    { op: 'copy', path: '/data/x' },
    { op: 'replace', path: '', value: 5 },
    null,
  ])('%o does not apply', (operation) => {
    expect(refusal(() => apply(operation))).toEqual([422, rejected]);
  });

  test.each([
    [{ op: 'add' }, 'object into Go value of type []handlers.jsonPatchOp'],
    ['x', 'string into Go value of type []handlers.jsonPatchOp'],
    [[5], 'number into Go value of type handlers.jsonPatchOp'],
    [[{ op: 5, path: '/a' }], 'number into Go struct field jsonPatchOp.op of type string'],
    [[{ op: 'add', path: [] }], 'array into Go struct field jsonPatchOp.path of type string'],
  ])('%o is malformed', (patch, what) => {
    expect(refusal(() => applyJsonPatch(document, patch))).toEqual([400, `error decoding patch: json: cannot unmarshal ${what}`]);
  });

  test('untouched parts are shared, and the document is not changed', () => {
    const result = apply({ op: 'replace', path: '/data/a', value: '9' }) as typeof document;
    expect(result.metadata).toBe(document.metadata);
    expect(document.data.a).toBe('1');
    expect(applyJsonPatch(document, [])).toBe(document);
    expect(applyJsonPatch(document, null)).toBe(document);
  });

  test('a copy is a copy', () => {
    const result = apply(
      { op: 'add', path: '/x', value: { list: [] } },
      { op: 'copy', from: '/x', path: '/y' },
      { op: 'add', path: '/y/list/-', value: 1 },
    );
    expect(result).toMatchObject({ x: { list: [] }, y: { list: [1] } });
  });

  test('hostile patches end early', () => {
    const tests = Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/data/a', value: '1' }));
    expect(refusal(() => applyJsonPatch(document, tests))).toEqual([
      413,
      'Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001',
    ]);
    const doubling = Array.from({ length: 200 }, (_, i) => ({ op: 'copy', from: '/data', path: `/data/k${i}` }));
    expect(refusal(() => applyJsonPatch(document, doubling))).toEqual([422, rejected]);
  });

  test('__proto__ is a key like any other', () => {
    const result = apply({ op: 'add', path: '/data/__proto__', value: { polluted: true } }) as { data: object };
    expect(Object.hasOwn(result.data, '__proto__')).toBe(true);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test('adding and removing again changes nothing', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), (key, value) => {
        fc.pre(!Object.hasOwn(document.data, key));
        const path = `/data/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
        expect(apply({ op: 'add', path, value }, { op: 'test', path, value }, { op: 'remove', path })).toEqual(document);
      }),
    );
  });
});
