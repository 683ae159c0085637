import { expect, test } from 'vitest';
import type { KubeObject } from '#common/api/meta.ts';
import { countKinds, countText, dependentsOf } from './dependents.ts';

const object = (kind: string, name: string, ...owners: string[]): KubeObject => ({
  kind,
  metadata: {
    name,
    uid: name,
    ownerReferences: owners.map((uid) => ({ apiVersion: 'v1', kind: 'Any', name: uid, uid })),
  },
});

const candidates = [
  object('Pod', 'web-1-a', 'web-1'),
  object('Pod', 'web-1-b', 'web-1'),
  object('ReplicaSet', 'web-1', 'web'),
  object('Pod', 'alone'),
  object('ConfigMap', 'shared', 'web', 'other'),
  object('EndpointSlice', 'other-x', 'other'),
];

const names = (objects: readonly KubeObject[]): string[] => objects.map(({ metadata }) => metadata.name ?? '').sort();

test.each<[string, string[], string[]]>([
  ['through what it owns', ['web'], ['web-1', 'web-1-a', 'web-1-b']],
  ['from the middle', ['web-1'], ['web-1-a', 'web-1-b']],
  ['what has another owner stays', ['other'], ['other-x']],
  ['unless all its owners go', ['web', 'other'], ['other-x', 'shared', 'web-1', 'web-1-a', 'web-1-b']],
  ['nothing of a stranger', ['nobody'], []],
])('%s', (_case, roots, expected) => {
  expect(names(dependentsOf(roots, candidates))).toEqual(expected);
});

test('owners that own each other end', () => {
  expect(
    names(dependentsOf(['a'], [object('X', 'b', 'a', 'c'), object('X', 'c', 'b'), object('X', 'd', 'a'), object('X', 'a', 'd')])),
  ).toEqual(['d']);
});

test('counted for a sentence', () => {
  expect(countText(countKinds(dependentsOf(['web'], candidates)))).toBe('2 Pod, 1 ReplicaSet');
});
