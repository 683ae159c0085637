import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OwnerReference } from '#common/api/meta.ts';
import { ClusterRole } from '#common/kinds/clusterRole.ts';
import { ConfigMap } from '#common/kinds/configMap.ts';
import { Namespace } from '#common/kinds/namespace.ts';
import type * as api from '#common/schema/generated/types.ts';
import { garbageCollector } from '#runtime/controllers/garbageCollector.ts';
import { namespaceController } from '#runtime/controllers/namespace.ts';
import { ns, startTestCluster } from './testCluster.ts';

let cluster: Awaited<ReturnType<typeof startTestCluster>>;
beforeEach(async () => {
  cluster = await startTestCluster([garbageCollector, namespaceController]);
});
afterEach(() => cluster.stop());

const make = (name: string, owners: OwnerReference[] = [], finalizers: string[] = [], namespace = ns): Promise<api.ConfigMap> =>
  cluster.create(ConfigMap, {
    metadata: {
      name,
      namespace,
      ...(owners.length ? { ownerReferences: owners } : {}),
      ...(finalizers.length ? { finalizers } : {}),
    },
  });
const by = (owner: api.ConfigMap, blockOwnerDeletion = false): OwnerReference => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  name: owner.metadata.name ?? '',
  uid: owner.metadata.uid ?? '',
  blockOwnerDeletion,
});
const remove = async (name: string, propagationPolicy: 'Background' | 'Foreground' | 'Orphan'): Promise<void> => {
  await cluster.client.delete(ConfigMap, { namespace: ns, name }, { propagationPolicy });
  await cluster.settle();
};
const release = async (name: string): Promise<void> => {
  await cluster.client.patch(ConfigMap, { namespace: ns, name }, 'merge', { metadata: { finalizers: null } });
  await cluster.settle();
};
const names = (): string[] =>
  cluster.cache
    .list(ConfigMap, ns)
    .map((object) => object.metadata.name ?? '')
    .sort();

describe('garbage collector', () => {
  it('deletes a chain of dependents', async () => {
    const a = await make('a');
    const b = await make('b', [by(a)]);
    await make('c', [by(b)]);
    await remove('a', 'Background');
    expect(names()).toEqual([]);
  });

  it('keeps a dependent while one owner is left, and lets go of the other', async () => {
    const [a, b] = [await make('a'), await make('b')];
    await make('c', [by(a), by(b)]);
    await remove('a', 'Background');
    expect(cluster.cache.get(ConfigMap, { namespace: ns, name: 'c' })?.metadata.ownerReferences?.map((o) => o.name)).toEqual([
      'b',
    ]);
    await remove('b', 'Background');
    expect(names()).toEqual([]);
  });

  it('collects a dependent whose owner never was', async () => {
    await make('c', [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'never', uid: '11111111-2222-3333-4444-555555555555' }]);
    expect(names()).toEqual([]);
  });

  it.each([
    [true, ['a', 'b']],
    [false, ['b']],
  ])('in the foreground waits for dependents that block (%s)', async (blocks, left) => {
    const a = await make('a');
    await make('b', [by(a, blocks)], ['x.example/hold']);
    await remove('a', 'Foreground');
    expect(names()).toEqual(left);
    await release('b');
    expect(names()).toEqual([]);
  });

  it('orphans dependents', async () => {
    const a = await make('a');
    await make('b', [by(a)]);
    await remove('a', 'Orphan');
    expect(cluster.cache.list(ConfigMap, ns).map((o) => [o.metadata.name, o.metadata.ownerReferences])).toEqual([
      ['b', undefined],
    ]);
  });

  it('deletes a dependent of an owner in another namespace, and keeps a cluster-scoped one of a namespaced owner; both are told', async () => {
    await cluster.create(Namespace, { metadata: { name: 'other' } });
    const a = await make('a', [], [], 'other');
    await make('b', [by(a)]);
    await cluster.create(ClusterRole, { metadata: { name: 'role', ownerReferences: [by(a)] }, rules: [] } as never);
    expect(names()).toEqual([]);
    expect(cluster.cache.list(ClusterRole)).toHaveLength(1);
    const uid = a.metadata.uid;
    expect(await cluster.events('b')).toEqual([
      [
        'OwnerRefInvalidNamespace',
        `ownerRef [v1/ConfigMap, namespace: test, name: a, uid: ${uid}] does not exist in namespace "test"`,
      ],
    ]);
    expect(await cluster.events('role', 'default')).toEqual([
      ['OwnerRefInvalidNamespace', `ownerRef [v1/ConfigMap, namespace: , name: a, uid: ${uid}] does not exist in namespace ""`],
    ]);
  });
});

describe('namespace controller', () => {
  it('empties a namespace, tells what holds it and lets it go', async () => {
    await make('a');
    await make('b', [], ['x.example/hold']);
    await cluster.client.delete(Namespace, { namespace: '', name: ns });
    await cluster.settle();
    expect(names()).toEqual(['b']);
    const held = cluster.cache.get(Namespace, { namespace: '', name: ns });
    expect(held?.status?.conditions?.slice(3).map((c) => [c.status, c.message])).toEqual([
      ['True', 'Some resources are remaining: configmaps. has 1 resource instances'],
      ['True', 'Some content in the namespace has finalizers remaining: x.example/hold in 1 resource instances'],
    ]);
    await release('b');
    expect(cluster.cache.get(Namespace, { namespace: '', name: ns })).toBeUndefined();
    expect(cluster.problems).toEqual([]);
  });
});
