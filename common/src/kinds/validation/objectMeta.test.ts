import { describe, expect, it } from 'vitest';
import { fieldErrorText } from '#common/api/fieldError.ts';
import type { ObjectMeta } from '#common/api/meta.ts';
import { validateObjectMeta, validateObjectMetaUpdate } from './objectMeta.ts';
import { subdomainName } from './objectNames.ts';

const problems = (meta: ObjectMeta, namespaced = true): string[] =>
  validateObjectMeta({ namespace: namespaced ? 'ns' : undefined, ...meta } as ObjectMeta, {
    namespaced,
    validateName: subdomainName,
  }).map(fieldErrorText);

describe('new metadata', () => {
  it('needs a name', () => {
    expect(problems({})).toEqual(['metadata.name: Required value: name or generateName is required']);
  });

  it('accepts a generateName that ends in a dash', () => {
    expect(problems({ name: 'web-abcde', generateName: 'web-' })).toEqual([]);
  });

  it.each<[string, ObjectMeta, string[]]>([
    ['a negative generation', { generation: -1 }, ['metadata.generation: Invalid value: -1: must be greater than or equal to 0']],
    [
      'an owner that says nothing',
      { ownerReferences: [{ apiVersion: '', kind: '', name: '', uid: '' }] },
      [
        'metadata.ownerReferences.apiVersion: Invalid value: "": version must not be empty',
        'metadata.ownerReferences.kind: Invalid value: "": must not be empty',
        'metadata.ownerReferences.name: Invalid value: "": must not be empty',
        'metadata.ownerReferences.uid: Invalid value: "": must not be empty',
      ],
    ],
    [
      'an event as owner',
      { ownerReferences: [{ apiVersion: 'v1', kind: 'Event', name: 'e', uid: 'u' }] },
      [
        'metadata.ownerReferences: Invalid value: {"apiVersion":"v1","kind":"Event","name":"e","uid":"u"}: ' +
          '/v1, Kind=Event is disallowed from being an owner',
      ],
    ],
    [
      'a finalizer without domain',
      { finalizers: ['kubernetes', 'plain'] },
      ['metadata.finalizers[1]: Invalid value: "plain": name is neither a standard finalizer name nor is it fully qualified'],
    ],
    [
      'finalizers that exclude each other',
      { finalizers: ['orphan', 'foregroundDeletion'] },
      [
        'metadata.finalizers: Invalid value: ["orphan","foregroundDeletion"]: ' +
          'finalizer orphan and foregroundDeletion cannot be both set',
      ],
    ],
    [
      'annotations above 256 KiB',
      { annotations: { a: 'x'.repeat(262_144) } },
      ['metadata.annotations: Too long: may not be more than 262144 bytes'],
    ],
  ])('refuses %s', (_, meta, expected) => {
    expect(problems({ name: 'x', ...meta })).toEqual(expected);
  });

  it('names both controllers when there are two', () => {
    const owner = (name: string) => ({ apiVersion: 'v1', kind: 'Pod', name, uid: name, controller: true });
    expect(problems({ name: 'x', ownerReferences: [owner('e'), owner('f')] })[0]).toContain(
      'Only one reference can have Controller set to true. Found "true" in references for Pod/e and Pod/f',
    );
  });

  it('takes keys such as __proto__ for what they are', () => {
    const labels = JSON.parse('{"__proto__":"a b"}') as Record<string, string>;
    expect(problems({ name: 'x', labels })).toHaveLength(2);
  });
});

describe('changed metadata', () => {
  const old: ObjectMeta = { name: 'x', namespace: 'ns', uid: 'u', creationTimestamp: '2026-01-01T00:00:00Z', generation: 2 };
  const changes = (meta: ObjectMeta, before: ObjectMeta = old): string[] =>
    validateObjectMetaUpdate({ ...before, ...meta }, before).map(fieldErrorText);

  it.each<[ObjectMeta, string]>([
    [{ uid: 'v' }, 'metadata.uid: Invalid value: "v": field is immutable'],
    [{ deletionGracePeriodSeconds: 3 }, 'metadata.deletionGracePeriodSeconds: Invalid value: 3: field is immutable'],
    [{ generation: 1 }, 'metadata.generation: Invalid value: 1: must not be decremented'],
  ])('refuses %o', (meta, expected) => {
    expect(changes(meta)).toEqual([expected]);
  });

  it('lets finalizers go, but not come, while the object is being deleted', () => {
    const dying = { ...old, deletionTimestamp: '2026-01-01T00:00:01Z', finalizers: ['x.io/a'] };
    expect(changes({ finalizers: [] }, dying)).toEqual([]);
    expect(changes({ finalizers: ['x.io/a', 'x.io/c', 'x.io/b'] }, dying)).toEqual([
      'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, ' +
        'found new finalizers []string{"x.io/b", "x.io/c"}',
    ]);
  });
});
