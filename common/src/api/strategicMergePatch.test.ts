import { describe, expect, test } from 'vitest';
import { deepFreeze } from '#common/base/freeze.ts';
import { builtinStruct } from '#common/schema/builtinTypes.ts';
import type { JsonObject } from './ownProperty.ts';
import { ApiError } from './status.ts';
import { applyStrategicMergePatch } from './strategicMergePatch.ts';
import { unstructuredProblem } from './unstructuredProblem.ts';

const podType = builtinStruct('io.k8s.api.core.v1.Pod');
const pod = deepFreeze({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', labels: { a: '1' }, finalizers: ['f/a', 'f/b', 'f/c'] },
  spec: {
    containers: [
      {
        name: 'a',
        image: 'i',
        args: ['x'],
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
        ],
      },
      { name: 'b', image: 'i' },
      { name: 'c', image: 'i' },
    ],
    volumes: [{ name: 'v', emptyDir: {} }],
    tolerations: [{ key: 'a', operator: 'Exists' }],
  },
});

const apply = (patch: unknown): JsonObject => applyStrategicMergePatch(pod, patch, podType);
const specOf = (spec: object): Record<string, unknown[]> => apply({ spec })['spec'] as Record<string, unknown[]>;
const namesOf = (spec: object): unknown[] => (specOf(spec)['containers'] ?? []).map((c) => (c as { name: string }).name);
const finalizersOf = (metadata: object): unknown => (apply({ metadata })['metadata'] as JsonObject)['finalizers'];

function refusal(patch: unknown): [number, string] {
  try {
    apply(patch);
  } catch (error) {
    if (error instanceof ApiError) return [error.code, error.message];
    throw error;
  }
  return [200, 'ok'];
}

describe('lists of structs', () => {
  test('merge by their key; other lists are replaced', () => {
    expect(specOf({ containers: [{ name: 'b', image: 'j' }] })['containers']).toEqual([
      pod.spec.containers[0],
      { name: 'b', image: 'j' },
      pod.spec.containers[2],
    ]);
    expect(specOf({ tolerations: [{ key: 'z' }] })['tolerations']).toEqual([{ key: 'z' }]);
    expect(specOf({ containers: [{ name: 'a', args: ['y'] }] })['containers']?.[0]).toMatchObject({ args: ['y'] });
  });

  test('merge inside one another', () => {
    const [first] =
      specOf({
        containers: [
          {
            name: 'a',
            env: [
              { name: 'B', $patch: 'delete' },
              { name: 'C', value: '3' },
            ],
          },
        ],
      })['containers'] ?? [];
    expect(first).toMatchObject({
      env: [
        { name: 'C', value: '3' },
        { name: 'A', value: '1' },
      ],
    });
  });

  test.each([
    [{ containers: [{ name: 'new', image: 'i' }] }, ['new', 'a', 'b', 'c']],
    [{ containers: [{ name: 'c' }, { name: 'new' }] }, ['a', 'b', 'c', 'new']],
    [{ containers: [{ name: 'b', $patch: 'delete' }] }, ['a', 'c']],
    [{ containers: [{ name: 'only' }, { $patch: 'replace' }] }, ['only']],
    [{ containers: [] }, ['a', 'b', 'c']],
    [{ '$setElementOrder/containers': [{ name: 'c' }, { name: 'b' }, { name: 'a' }] }, ['c', 'b', 'a']],
    [
      { '$setElementOrder/containers': [{ name: 'c' }, { name: 'z' }, { name: 'a' }], containers: [{ name: 'z' }] },
      ['b', 'c', 'z', 'a'],
    ],
    [
      { '$setElementOrder/containers': [{ name: 'c' }, { name: 'a' }], containers: [{ name: 'b', $patch: 'delete' }] },
      ['c', 'a'],
    ],
  ])('%o gives the order %o', (spec, names) => {
    expect(namesOf(spec)).toEqual(names);
  });

  test('$retainKeys replaces a volume source', () => {
    expect(specOf({ volumes: [{ name: 'v', $retainKeys: ['name', 'hostPath'], hostPath: { path: '/h' } }] })['volumes']).toEqual([
      { name: 'v', hostPath: { path: '/h' } },
    ]);
  });
});

describe('lists of primitives', () => {
  test.each([
    [{ finalizers: ['f/n'] }, ['f/n', 'f/a', 'f/b', 'f/c']],
    [{ finalizers: ['f/b', 'f/n', 'f/n'] }, ['f/a', 'f/b', 'f/n', 'f/c']],
    [{ '$deleteFromPrimitiveList/finalizers': ['f/b'] }, ['f/a', 'f/c']],
    [{ '$deleteFromPrimitiveList/finalizers': ['f/b'], finalizers: ['f/n'] }, ['f/n', 'f/a', 'f/c']],
    [{ '$deleteFromPrimitiveList/finalizers': 'f/b' }, ['f/a', 'f/b', 'f/c']],
    [{ '$setElementOrder/finalizers': ['f/c', 'f/a'] }, ['f/b', 'f/c', 'f/a']],
    [{ finalizers: null }, undefined],
  ])('%o', (metadata, wanted) => {
    expect(finalizersOf(metadata)).toEqual(wanted);
  });
});

describe('maps', () => {
  test.each([
    [{ labels: { a: null, b: '2' } }, { b: '2' }],
    [{ labels: { $patch: 'replace', c: '3' } }, { c: '3' }],
    [{ labels: { $patch: 'delete' } }, {}],
    [{ labels: { $retainKeys: ['b'], b: '2' } }, { b: '2' }],
    [{ annotations: { $patch: 'bogus', x: 'y' } }, { a: '1' }],
  ])('%o', (metadata, labels) => {
    expect((apply({ metadata })['metadata'] as JsonObject)['labels']).toEqual(labels);
  });

  test('the object stays what it is', () => {
    expect(apply({ kind: 'Job', apiVersion: 'batch/v1' })).toBe(pod);
    expect(apply(null)).toBe(pod);
    expect(apply({ spec: { containers: [{ name: 'b', image: 'j' }] } })['metadata']).toBe(pod.metadata);
  });
});

describe('refusals', () => {
  test.each([
    [[], 400, 'json: cannot unmarshal array into Go value of type map[string]interface {}'],
    [{ spec: { containers: [{ image: 'x' }] } }, 500, 'map: map[image:x] does not contain declared merge key: name'],
    [
      { spec: { containers: [{ name: 'a', $patch: 'bogus' }] } },
      500,
      'unknown patch type: bogus in map: map[$patch:bogus name:a]',
    ],
    [{ spec: { containers: [{ name: 'a', $patch: 'merge' }] } }, 500, 'merging lists cannot yet be specified in the patch'],
    [{ metadata: { labels: { $patch: 5 } } }, 500, 'unknown patch type: %!s(int64=5) in map: map[$patch:5]'],
    [{ metadata: { finalizers: [5] } }, 500, 'list element types are not identical: [[f/a f/b f/c] [5]]'],
    [
      { metadata: { '$setElementOrder/finalizers': ['f/c'], finalizers: ['f/n'] } },
      500,
      "The order in patch list:\n[f/n]\n doesn't match $setElementOrder list:\n[f/c]\n",
    ],
    [{ metadata: { '$setElementOrder/finalizers': 'x' } }, 500, 'expected a []interface {}, but received a string'],
    [
      { metadata: { '$setElementOrder/nope': ['a'] } },
      500,
      'unable to find api field in struct ObjectMeta for the json field "nope"',
    ],
    [{ metadata: { labels: { $retainKeys: ['a'], z: '1' } } }, 400, 'invalid patch format of retainKeys'],
  ])('%o', (patch, code, message) => {
    expect(refusal(patch)).toEqual([code, message]);
  });

  test.each([
    [{ metadata: 5 }, 'cannot restore struct from: int64'],
    [{ metadata: { labels: [] } }, 'cannot restore map from slice'],
    [{ metadata: { finalizers: {} } }, 'cannot restore slice from map'],
    [{ metadata: { labels: { a: 5 } } }, 'cannot convert int64 to string'],
    [{ spec: { hostNetwork: 'x' } }, 'unrecognized type: bool'],
    [{ spec: { priority: 1.5 } }, 'cannot convert float64 to int32'],
    [{ metadata: { creationTimestamp: true } }, 'json: cannot unmarshal bool into Go value of type string'],
    [{ spec: { hostNetwork: null, nodeName: 'n' } }, undefined],
  ])('%o does not fit a pod: %s', (value, problem) => {
    expect(unstructuredProblem(podType, value)).toBe(problem);
  });
});
