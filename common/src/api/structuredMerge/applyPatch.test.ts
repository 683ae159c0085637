import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deepEqual, deepFreeze } from '#common/base/freeze.ts';
import { builtinStruct } from '#common/schema/builtinTypes.ts';
import type { JsonObject } from '../ownProperty.ts';
import { ApiError } from '../status.ts';
import { applyPatch } from './applyPatch.ts';
import { lastAppliedAnnotation } from './lastApplied.ts';
import { fieldSetOf } from './typedFields.ts';
import { managedFieldsOf, updateManagedFields } from './updateManagedFields.ts';

const time = '2026-01-01T00:00:00Z';
const later = '2026-01-01T00:01:00Z';
const types = {
  ConfigMap: builtinStruct('io.k8s.api.core.v1.ConfigMap'),
  PodTemplate: builtinStruct('io.k8s.api.core.v1.PodTemplate'),
  Service: builtinStruct('io.k8s.api.core.v1.Service'),
};

/** One object on a server that applies and updates as the API does, without defaults. */
class Cluster {
  live: JsonObject | undefined;
  readonly kind: keyof typeof types;
  now = time;

  constructor(kind: keyof typeof types) {
    this.kind = kind;
  }

  apply(manager: string, content: object, { force = false, metadata = {} as object } = {}): JsonObject {
    const { object } = applyPatch({
      type: types[this.kind],
      live: this.live,
      patch: { apiVersion: 'v1', kind: this.kind, metadata: { name: 'x', ...metadata }, ...content },
      manager,
      force,
      apiVersion: 'v1',
      now: this.now,
    });
    if (object !== this.live) this.live = deepFreeze(withoutNulls(object) as JsonObject);
    return this.live as JsonObject;
  }

  update(manager: string, updated: object): JsonObject {
    const managedFields = updateManagedFields({
      type: types[this.kind],
      live: this.live,
      updated,
      manager,
      apiVersion: 'v1',
      now: this.now,
    });
    const metadata = { ...(updated as { metadata: object }).metadata, managedFields };
    return (this.live = deepFreeze({ ...updated, metadata }));
  }

  owners(): Record<string, unknown> {
    return Object.fromEntries((managedFieldsOf(this.live) ?? []).map((e) => [`${e.manager}/${e.operation}`, e.fieldsV1]));
  }

  refusal(manager: string, content: object, metadata: object = {}): ApiError | undefined {
    try {
      this.apply(manager, content, { metadata });
    } catch (error) {
      if (error instanceof ApiError) return error;
      throw error;
    }
    return undefined;
  }
}

/** What decoding does with nulls. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutNulls(item)]));
}

describe('ownership', () => {
  test('an applier owns what it names', () => {
    const cluster = new Cluster('ConfigMap');
    cluster.apply('m', { data: { a: '1' } }, { metadata: { labels: { l: '1' }, finalizers: ['x.io/f'] } });
    expect(managedFieldsOf(cluster.live)).toEqual([
      {
        manager: 'm',
        operation: 'Apply',
        apiVersion: 'v1',
        time,
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:data': { 'f:a': {} }, 'f:metadata': { 'f:finalizers': { 'v:"x.io/f"': {} }, 'f:labels': { 'f:l': {} } } },
      },
    ]);
  });

  test('applying the same again is no change at all', () => {
    const cluster = new Cluster('ConfigMap');
    const before = cluster.apply('m', { data: { a: '1' } });
    cluster.now = later;
    expect(cluster.apply('m', { data: { a: '1' } })).toBe(before);
  });

  test('what an applier stops naming goes, unless another applier names it', () => {
    const cluster = new Cluster('ConfigMap');
    cluster.apply('one', { data: { a: '1', b: '1', c: '1' } });
    cluster.apply('two', { data: { b: '1' } });
    expect(cluster.apply('one', { data: { c: '1' } })['data']).toEqual({ b: '1', c: '1' });
    expect(cluster.owners()).toEqual({ 'two/Apply': { 'f:data': { 'f:b': {} } }, 'one/Apply': { 'f:data': { 'f:c': {} } } });
  });

  test('sharing a value takes no time stamp', () => {
    const cluster = new Cluster('ConfigMap');
    cluster.apply('one', { data: { a: '1' } });
    cluster.apply('two', { data: { a: '1' } });
    expect(managedFieldsOf(cluster.live)?.map((e) => [e.manager, e.time])).toEqual([
      ['two', undefined],
      ['one', time],
    ]);
  });

  test('an update takes a field away from its applier', () => {
    const cluster = new Cluster('ConfigMap');
    const live = cluster.apply('m', { data: { a: '1' } });
    cluster.update('u', { ...live, data: { a: '2' } });
    expect(cluster.owners()).toEqual({ 'u/Update': { 'f:data': { 'f:a': {} } } });
  });

  test('an unmanaged object belongs to before-first-apply', () => {
    const cluster = new Cluster('ConfigMap');
    cluster.live = deepFreeze({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', uid: 'u' }, data: { b: '2' } });
    expect(cluster.refusal('m', { data: { b: '3' } })?.message).toBe(
      'Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.b',
    );
    cluster.apply('m', { data: { z: '3' } });
    expect(cluster.owners()).toEqual({
      'm/Apply': { 'f:data': { 'f:z': {} } },
      'before-first-apply/Update': { 'f:data': { '.': {}, 'f:b': {} } },
    });
  });

  test('elements of keyed lists are owned one by one, keys with their defaults', () => {
    const cluster = new Cluster('Service');
    cluster.apply('one', { spec: { ports: [{ name: 'a', port: 80 }] } });
    cluster.apply('two', { spec: { ports: [{ name: 'b', port: 81, protocol: 'TCP' }] } });
    expect(cluster.live?.['spec']).toEqual({
      ports: [
        { name: 'a', port: 80 },
        { name: 'b', port: 81, protocol: 'TCP' },
      ],
    });
    expect(cluster.owners()['one/Apply']).toEqual({
      'f:spec': { 'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:name': {}, 'f:port': {} } } },
    });
    expect(cluster.apply('two', { spec: {} })['spec']).toEqual({ ports: [{ name: 'a', port: 80 }] });
    expect(cluster.owners()['two/Apply']).toEqual({ 'f:spec': {} });
  });

  test('an element goes with what nobody owns in it', () => {
    const cluster = new Cluster('PodTemplate');
    const live = cluster.apply('m', {
      template: {
        spec: {
          containers: [
            { name: 'a', image: 'i' },
            { name: 'b', image: 'i' },
          ],
        },
      },
    });
    const [a, b] = (live['template'] as { spec: { containers: object[] } }).spec.containers;
    cluster.live = deepFreeze({ ...live, template: { spec: { containers: [a, { ...b, imagePullPolicy: 'Always' }] } } });
    expect(cluster.apply('m', { template: { spec: { containers: [{ name: 'a', image: 'i' }] } } })['template']).toEqual({
      spec: { containers: [{ name: 'a', image: 'i' }] },
    });
  });
});

describe('conflicts', () => {
  test('name each field and its manager', () => {
    const cluster = new Cluster('ConfigMap');
    cluster.apply('m1', { data: { a: '1', b: '1' } });
    cluster.apply('m2', { data: { c: '1' } });
    const error = cluster.refusal('m3', { data: { a: '2', b: '2', c: '2' } });
    expect(error?.message).toBe(
      'Apply failed with 3 conflicts: conflicts with "m1":\n- .data.a\n- .data.b\nconflicts with "m2":\n- .data.c',
    );
    expect(error?.code).toBe(409);
    expect(error?.reason).toBe('Conflict');
    expect(error?.details?.causes?.[0]).toEqual({
      reason: 'FieldManagerConflict',
      message: 'conflict with "m1"',
      field: '.data.a',
    });
  });

  test('inside lists show the key', () => {
    const cluster = new Cluster('PodTemplate');
    const containers = (value: string): object => ({
      template: { spec: { containers: [{ name: 'c', image: 'i', env: [{ name: 'A', value }] }] } },
    });
    cluster.apply('m1', containers('1'));
    expect(cluster.refusal('m2', containers('2'))?.message).toBe(
      'Apply failed with 1 conflict: conflict with "m1": .template.spec.containers[name="c"].env[name="A"].value',
    );
  });

  test('end with force', () => {
    const cluster = new Cluster('ConfigMap');
    cluster.apply('m1', { data: { a: '1', b: '1' } });
    expect(cluster.apply('m2', { data: { a: '2' } }, { force: true })['data']).toEqual({ a: '2', b: '1' });
    expect(cluster.owners()).toEqual({ 'm1/Apply': { 'f:data': { 'f:b': {} } }, 'm2/Apply': { 'f:data': { 'f:a': {} } } });
  });

  test('an empty map that somebody owns is a field, too', () => {
    const cluster = new Cluster('ConfigMap');
    cluster.apply('m', { data: {} });
    cluster.live = deepFreeze({ ...cluster.live, data: undefined });
    expect(cluster.refusal('m2', { data: {} })?.message).toBe('Apply failed with 1 conflict: conflict with "m": .data');
  });
});

describe('coming from client-side apply', () => {
  const annotations = {
    [lastAppliedAnnotation]:
      '{"apiVersion":"v1","data":{"a":"1","b":"1"},"kind":"ConfigMap","metadata":{"annotations":{},"name":"x"}}\n',
  };
  const created = (data: object): Cluster => {
    const cluster = new Cluster('ConfigMap');
    cluster.update('kubectl-client-side-apply', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'x', annotations },
      data,
    });
    return cluster;
  };

  test('kubectl takes over what it applied, and keeps the annotation current', () => {
    const live = created({ a: '1', b: '1' }).apply('kubectl', { data: { a: '2' } });
    expect(live['data']).toEqual({ a: '2', b: '1' });
    expect((live['metadata'] as { annotations: object }).annotations).toEqual({
      [lastAppliedAnnotation]: '{"apiVersion":"v1","data":{"a":"2"},"kind":"ConfigMap","metadata":{"name":"x"}}\n',
    });
  });

  test('but not what was changed since, and nobody else may', () => {
    const message = 'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using v1: .data.a';
    expect(created({ a: 'changed', b: '1' }).refusal('kubectl', { data: { a: '2' } })?.message).toBe(message);
    expect(created({ a: '1', b: '1' }).refusal('other', { data: { a: '2' } })?.message).toBe(message);
  });
});

describe('unusable configurations', () => {
  const typed = 'failed to create typed patch object (/x; /v1, Kind=ConfigMap): ';
  test.each([
    [{ nope: 1 }, {}, 500, `${typed}.nope: field not declared in schema`],
    [{ data: 'z' }, {}, 500, `${typed}.data: expected map, got &{z}`],
    [{ data: { a: 1 } }, {}, 500, `${typed}.data.a: expected string, got &value.valueUnstructured{Value:1}`],
    [{ immutable: 'x' }, {}, 500, `${typed}.immutable: expected boolean, got &{x}`],
    [{}, { generation: 'x' }, 500, `${typed}.metadata.generation: expected numeric (int or float), got string`],
    [{}, { finalizers: ['a', 'a'] }, 500, `${typed}.metadata.finalizers: duplicate entries for key [="a"]`],
    [
      { data: { a: { b: 1 }, c: [1, 'x'] } },
      {},
      500,
      `${typed}errors:\n  .data.a: expected string, got &value.valueUnstructured{Value:map[string]interface {}{"b":1}}\n  .data.c: expected string, got &value.valueUnstructured{Value:[]interface {}{1, "x"}}`,
    ],
    [
      {},
      { creationTimestamp: 'x' },
      500,
      'failed to convert new object (/x; /v1, Kind=ConfigMap) to proper version: unable to convert unstructured object to /v1, Kind=ConfigMap: parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"',
    ],
    [{}, { managedFields: [] }, 400, 'metadata.managedFields must be nil'],
    [{ apiVersion: 'v2' }, {}, 400, 'Incorrect version specified in apply patch. Specified patch version: v2, expected: v1'],
  ])('%o %o', (content, metadata, code, message) => {
    const error = new Cluster('ConfigMap').refusal('m', content, metadata);
    expect([error?.code, error?.message]).toEqual([code, message]);
  });

  test.each([
    [{ containers: [5] }, '.template.spec.containers: element 0: associative list with keys may not have non-map elements'],
    [{ containers: [null] }, '.template.spec.containers: element 0: associative list with keys may not have a null element'],
    [{ containers: [{ name: 'c' }, { name: 'c' }] }, '.template.spec.containers: duplicate entries for key [name="c"]'],
    [
      { containers: [{ name: 'c', ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'TCP' }] }] },
      '.template.spec.containers[name="c"].ports: duplicate entries for key [containerPort=80,protocol="TCP"]',
    ],
    [{ tolerations: [5] }, '.template.spec.tolerations[0]: expected map, got &{5}'],
  ])('pod spec %o', (spec, problem) => {
    const error = new Cluster('PodTemplate').refusal('m', { template: { spec } });
    expect(error?.message).toBe(`failed to create typed patch object (/x; /v1, Kind=PodTemplate): ${problem}`);
  });

  test('nulls for system fields say nothing', () => {
    const cluster = new Cluster('ConfigMap');
    cluster.live = deepFreeze({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', creationTimestamp: time } });
    expect(cluster.apply('m', {}, { metadata: { creationTimestamp: null } })).toBe(cluster.live);
  });
});

describe('properties', () => {
  // No empty maps and lists: storage drops them, and then their owner conflicts with whoever applies them again.
  const name = fc.constantFrom('a', 'b', 'c');
  const map = fc.dictionary(name, fc.constantFrom('1', '2'), { minKeys: 1, maxKeys: 3 });
  const uniqueBy = <T>(items: fc.Arbitrary<T>, key: (item: T) => unknown): fc.Arbitrary<T[]> =>
    fc.uniqueArray(items, { selector: key, minLength: 1, maxLength: 3 });
  const container = fc.record(
    {
      name,
      image: fc.constantFrom('i', 'j'),
      env: uniqueBy(fc.record({ name, value: fc.constantFrom('1', '2') }), (e) => e.name),
    },
    { requiredKeys: ['name'] },
  );
  const content = fc.record(
    {
      template: fc.record({
        spec: fc.record({ containers: uniqueBy(container, (c) => c.name), nodeSelector: map }, { requiredKeys: ['containers'] }),
      }),
    },
    { requiredKeys: [] },
  );
  const metadata = fc.record({ labels: map, finalizers: fc.uniqueArray(name, { minLength: 1 }) }, { requiredKeys: [] });

  test('applying and then applying nothing leaves nothing of it', () => {
    fc.assert(
      fc.property(content, metadata, (body, meta) => {
        const cluster = new Cluster('PodTemplate');
        cluster.apply('base', {}, { metadata: { annotations: { keep: '1' } } });
        const before = cluster.live;
        cluster.apply('m', body, { metadata: meta });
        cluster.apply('m', {});
        expect(significant(cluster.live)).toEqual(significant(before));
      }),
    );
  });

  test('after applying, the object has all that was applied, whoever else applied', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(name, content, metadata), { minLength: 1, maxLength: 5 }), (applies) => {
        const cluster = new Cluster('PodTemplate');
        for (const [manager, body, meta] of applies) {
          cluster.apply(manager, body, { metadata: meta, force: true });
          const live = cluster.live;
          const again = cluster.apply(manager, body, { metadata: meta });
          expect(deepEqual(significant(again), significant(live))).toBe(true);
          const owned = cluster.owners()[`${manager}/Apply`] ?? {};
          const { 'f:metadata': given, ...rest } = fieldSetOf(types.PodTemplate, { ...body, metadata: meta });
          expect(owned).toEqual({ ...rest, ...(given && Object.keys(given).length ? { 'f:metadata': given } : {}) });
        }
      }),
    );
  });
});

/** An object without its managers and without empty containers, which come and go with encoding. */
function significant(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(significant);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([key]) => key !== 'managedFields')
    .map(([key, item]) => [key, significant(item)] as const)
    .filter(([, item]) => typeof item !== 'object' || item === null || Object.keys(item).length > 0);
  return Object.fromEntries(entries);
}
