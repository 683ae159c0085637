import { describe, expect, test } from 'vitest';
import { deepFreeze } from '#common/base/freeze.ts';
import { builtinStruct } from '#common/schema/builtinTypes.ts';
import type { ManagedFieldsEntry } from '../meta.ts';
import { fieldSetOfPaths } from './fieldSet.ts';
import { updateManagedFields } from './updateManagedFields.ts';
import { managedFieldsAfterScale, managedFieldsOfScale } from './scaleManagedFields.ts';

const podType = builtinStruct('io.k8s.api.core.v1.Pod');
const configMapType = builtinStruct('io.k8s.api.core.v1.ConfigMap');
const time = '2026-01-01T00:00:00Z';
const later = '2026-01-01T00:01:00Z';

const configMap = (data: Record<string, string>, managedFields?: unknown): Record<string, unknown> =>
  deepFreeze({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'x', ...(managedFields === undefined ? {} : { managedFields }) },
    data,
  });

const write = (live: object | undefined, updated: object, manager: string, now = time, subresource = ''): ManagedFieldsEntry[] =>
  updateManagedFields({ type: configMapType, live, updated, manager, apiVersion: 'v1', now, subresource });

const entry = (manager: string, fieldsV1: object, more: object = {}): object => ({
  manager,
  operation: 'Update',
  apiVersion: 'v1',
  time,
  fieldsType: 'FieldsV1',
  fieldsV1,
  ...more,
});

describe('a plain write', () => {
  test('owns what it creates, but not the object itself', () => {
    expect(write(undefined, configMap({ a: '1' }), 'm')).toEqual([entry('m', { 'f:data': { '.': {}, 'f:a': {} } })]);
  });

  test('structs that are always there have no owner of their own; lists are owned by key', () => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', labels: { app: 'web' } },
      spec: { containers: [{ name: 'c', image: 'i', ports: [{ containerPort: 80, protocol: 'TCP' }], resources: {} }] },
      status: { phase: 'Pending' },
    };
    const entries = updateManagedFields({
      type: podType,
      live: undefined,
      updated: pod,
      manager: 'm',
      apiVersion: 'v1',
      now: time,
      resetFields: fieldSetOfPaths(['status']),
    });
    expect(entries[0]?.fieldsV1).toEqual({
      'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} } },
      'f:spec': {
        'f:containers': {
          'k:{"name":"c"}': {
            '.': {},
            'f:image': {},
            'f:name': {},
            'f:ports': {
              '.': {},
              'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {}, 'f:protocol': {} },
            },
            'f:resources': {},
          },
        },
      },
    });
  });

  test('takes a field from whoever had it', () => {
    const live = configMap({ a: '1', b: '1' }, write(undefined, configMap({ a: '1', b: '1' }), 'one'));
    const updated = { ...live, data: { a: '2', b: '1' } };
    expect(write(live, updated, 'two', later)).toEqual([
      entry('one', { 'f:data': { '.': {}, 'f:b': {} } }),
      entry('two', { 'f:data': { 'f:a': {} } }, { time: later }),
    ]);
  });

  test('a removed field has no owner, and a manager of nothing is forgotten', () => {
    const live = configMap({ a: '1' }, write(undefined, configMap({ a: '1' }), 'one'));
    const { data: _data, ...updated } = live;
    expect(write(live, updated, 'two')).toEqual([]);
  });

  test('that changes nothing leaves the very same list', () => {
    const managedFields = write(undefined, configMap({ a: '1' }), 'one');
    const live = configMap({ a: '1' }, managedFields);
    expect(write(live, { ...live, data: { a: '1' } }, 'two', later)).toBe(managedFields);
  });

  test('of the same manager renews its time', () => {
    const live = configMap({ a: '1' }, write(undefined, configMap({ a: '1' }), 'one'));
    expect(write(live, { ...live, data: { a: '2' } }, 'one', later)).toEqual([
      entry('one', { 'f:data': { '.': {}, 'f:a': {} } }, { time: later }),
    ]);
  });

  test('through a subresource has its own entry', () => {
    const live = configMap({ a: '1' }, write(undefined, configMap({ a: '1' }), 'one'));
    expect(write(live, { ...live, data: { a: '2' } }, 'one', time, 'status')).toEqual([
      entry('one', { 'f:data': {} }),
      entry('one', { 'f:data': { 'f:a': {} } }, { subresource: 'status' }),
    ]);
  });

  test('more than ten updaters become ancient changes', () => {
    let live = configMap({}, undefined);
    let entries: ManagedFieldsEntry[] = [];
    for (let i = 0; i <= 10; i++) {
      const data = { ...(live['data'] as object), [`k${i}`]: '1' };
      const number = String(i).padStart(2, '0');
      entries = write(i === 0 ? undefined : live, configMap(data, i === 0 ? undefined : entries), `u${number}`);
      live = configMap(data, entries);
    }
    expect(entries.map(({ manager }) => manager)).toEqual([
      'ancient-changes',
      ...['02', '03', '04', '05', '06', '07', '08', '09', '10'].map((n) => `u${n}`),
    ]);
    expect(entries[0]?.fieldsV1).toEqual({ 'f:data': { '.': {}, 'f:k0': {}, 'f:k1': {} } });
  });
});

describe('a client that edits the list', () => {
  const managedFields = write(undefined, configMap({ a: '1' }), 'one');
  const live = configMap({ a: '1' }, managedFields);

  test.each([[[]], [[{}]]])('resets it with %o', (sent) => {
    expect(write(live, configMap({ a: '1' }, sent), 'two')).toEqual([]);
  });

  test('and then nobody manages the object until somebody applies', () => {
    expect(write(configMap({ a: '1' }), configMap({ a: '2' }), 'two')).toEqual([]);
  });

  test('keeps it by sending none', () => {
    expect(write(live, configMap({ a: '1' }), 'two')).toBe(managedFields);
  });

  test.each([
    [[{ manager: 'x', operation: 'Bogus', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: { 'f:data': {} } }]],
    [[{ manager: 'x', operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: { 'f:data': 5 } }]],
    [['x']],
  ])('and gets it wrong changes nothing: %o', (sent) => {
    expect(write(live, configMap({ a: '1' }, sent), 'two')).toBe(managedFields);
  });

  test('and gets it right is obeyed', () => {
    const sent = [entry('x', { 'f:data': { 'f:a': {} } })];
    expect(write(live, configMap({ a: '1' }, sent), 'two')).toEqual(sent);
  });
});

describe('the managers of a Scale', () => {
  const kind = { apiVersion: 'apps/v1', replicasPath: ['spec', 'replicas'] };
  const owner = {
    manager: 'm',
    operation: 'Apply' as const,
    apiVersion: 'apps/v1',
    time,
    fieldsType: 'FieldsV1',
    fieldsV1: { 'f:spec': { 'f:replicas': {}, 'f:paused': {} } },
  };

  test('are those of the replica count', () => {
    expect(managedFieldsOfScale([owner], kind)).toEqual([
      { ...owner, apiVersion: 'autoscaling/v1', fieldsV1: { 'f:spec': { 'f:replicas': {} } } },
    ]);
  });

  test('take the replica count over', () => {
    const scaled = { ...owner, manager: 's', operation: 'Update' as const, apiVersion: 'autoscaling/v1', subresource: 'scale' };
    expect(managedFieldsAfterScale([owner], [{ ...scaled, fieldsV1: { 'f:spec': { 'f:replicas': {} } } }], kind)).toEqual([
      { ...owner, fieldsV1: { 'f:spec': { 'f:paused': {} } } },
      { ...scaled, apiVersion: 'apps/v1', fieldsV1: { 'f:spec': { 'f:replicas': {} } } },
    ]);
  });
});
