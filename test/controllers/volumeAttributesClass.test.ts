import { expect, it } from 'vitest';
import { PersistentVolumeClaim } from '#common/kinds/persistentVolumeClaim.ts';
import { VolumeAttributesClass } from '#common/kinds/volumeAttributesClass.ts';
import { volumeAttributesClassProtectionController } from '#runtime/controllers/volumeAttributesClassProtection.ts';
import { ns, startTestCluster } from './testCluster.ts';

it('a VolumeAttributesClass stays while a claim names it, and goes when the last one does', async () => {
  const cluster = await startTestCluster([volumeAttributesClassProtectionController]);
  const make = (name: string) =>
    cluster.create(VolumeAttributesClass, { metadata: { name }, driverName: 'd.example', parameters: { iops: '1' } });
  const remove = async (name: string) => {
    await cluster.client.delete(VolumeAttributesClass, { namespace: '', name });
    await cluster.settle();
  };
  const there = () => cluster.cache.list(VolumeAttributesClass).map(({ metadata }) => metadata.name);
  await make('used');
  await make('free');
  await cluster.create(PersistentVolumeClaim, {
    metadata: { name: 'c', namespace: ns },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
      volumeAttributesClassName: 'used',
      storageClassName: 'x',
    },
  });
  await remove('used');
  await remove('free');
  expect(there()).toEqual(['used']);
  const claim = await cluster.client.get(PersistentVolumeClaim, { namespace: ns, name: 'c' });
  await cluster.client.update(PersistentVolumeClaim, { ...claim, metadata: { ...claim.metadata, finalizers: [] } });
  await cluster.client.delete(PersistentVolumeClaim, { namespace: ns, name: 'c' });
  await cluster.settle();
  expect(there()).toEqual([]);
  await cluster.stop();
});
