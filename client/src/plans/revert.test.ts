import { expect, test } from 'vitest';
import type { KubeObject, ManagedFieldsEntry } from '#common/api/meta.ts';
import { patchBack, planRevert } from './revert.ts';

const me = 'kube-playground';
const applied = (fieldsV1: Record<string, unknown>): ManagedFieldsEntry => ({ manager: me, operation: 'Apply', fieldsV1 });
const updated = (manager: string, fieldsV1: Record<string, unknown>): ManagedFieldsEntry => ({
  manager,
  operation: 'Update',
  fieldsV1,
});

const object = (
  name: string,
  data: Record<string, string>,
  managedFields: ManagedFieldsEntry[] = [],
): KubeObject & { data: unknown } => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default', uid: name, managedFields },
  data,
});

test('what was created goes in reverse order, what was changed comes back in reverse order', () => {
  const plan = planRevert(
    [
      { before: undefined, after: object('a', {}) },
      { before: object('b', {}), after: object('b', {}) },
      { before: undefined, after: object('c', {}) },
      { before: object('d', {}), after: object('d', {}) },
    ],
    me,
  );
  expect(plan.remove.map(({ metadata }) => metadata.name)).toEqual(['c', 'a']);
  expect(plan.restore.map(({ object: { metadata } }) => metadata.name)).toEqual(['d', 'b']);
});

test('what was deleted comes back as it had been applied, what others need first', () => {
  const fields = [applied({ 'f:data': { 'f:mine': {} } }), updated('edit', { 'f:data': { 'f:theirs': {} } })];
  const gone = { ...object('a', { mine: '1', theirs: 'x' }, fields), kind: 'Service', status: {} };
  const namespace: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
  const plan = planRevert(
    [
      { before: gone, after: undefined },
      { before: namespace, after: undefined },
    ],
    me,
  );
  expect(plan).toMatchObject({ remove: [], restore: [] });
  expect(plan.recreate.map(({ applied }) => applied)).toEqual([
    namespace,
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a', namespace: 'default' }, data: { mine: '1' } },
  ]);
});

test('what is applied again is what was applied before', () => {
  const before = object('a', { mine: '1', theirs: 'x' }, [
    applied({ 'f:data': { 'f:mine': {} } }),
    updated('edit', { 'f:data': { 'f:theirs': {} } }),
  ]);
  const after = object('a', { mine: '2', theirs: 'x', added: 'y' }, [
    applied({ 'f:data': { 'f:mine': {}, 'f:added': {} } }),
    updated('edit', { 'f:data': { 'f:theirs': {} } }),
  ]);
  const [restore] = planRevert([{ before, after }], me).restore;
  expect(restore?.applied).toMatchObject({ metadata: { name: 'a', namespace: 'default' }, data: { mine: '1' } });
  expect(Object.keys(restore?.applied['data'] as object)).toEqual(['mine']);
  expect(restore?.formerOwner).toBeUndefined();
});

test('a field that was taken over goes back to whom it was taken from', () => {
  const before = object('a', { theirs: 'x' }, [updated('edit', { 'f:data': { 'f:theirs': {} } })]);
  const after = object('a', { theirs: 'mine' }, [applied({ 'f:data': { 'f:theirs': {} } })]);
  const [restore] = planRevert([{ before, after }], me).restore;
  expect(restore?.formerOwner).toBe('edit');
  expect(restore?.applied).toEqual({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'default' } });
  expect(patchBack(object('a', {}), before)).toEqual({ data: { theirs: 'x' } });
});

test('nothing is patched where nothing differs but what the server keeps', () => {
  const now = { ...object('a', { k: 'v' }, [applied({})]), status: { phase: 'x' } };
  now.metadata = { ...now.metadata, resourceVersion: '9', generation: 4 };
  expect(patchBack(now, object('a', { k: 'v' }))).toBeUndefined();
  expect(patchBack(object('a', { k: 'v', new: 'x' }), object('a', { k: 'v' }))).toEqual({ data: { new: null } });
});
