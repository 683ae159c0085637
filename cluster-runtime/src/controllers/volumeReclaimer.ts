/**
 * Keeps every volume's phase true, and carries out its reclaim policy when its claim is gone. What a provisioner made
 * is left for it to delete.
 *
 * Differs from Kubernetes: a hostPath volume with the policy Delete is on a node, whose folder stays; Kubernetes deletes
 * that folder on the control plane's own machine.
 */
import { keyOf, type ObjectKey } from '#common/api/meta.ts';
import { hasReason } from '#common/api/status.ts';
import { PersistentVolume } from '#common/kinds/persistentVolume.ts';
import { PersistentVolumeClaim } from '#common/kinds/persistentVolumeClaim.ts';
import { Pod } from '#common/kinds/pod.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache, InformerEvent } from '../client/client.ts';
import { defineController, defineWatch, done, type ReconcileContext, type ReconcileResult } from '../controller/controller.ts';
import { setVolumePhase } from './volumeBinding/bind.ts';
import { binderSource, provisionedBy } from './volumeBinding/names.ts';
import { deletionFailure, type Failure, planVolume, unboundVolume } from './volumeBinding/planVolume.ts';
import { recycle, volumeOfRecycler } from './volumeBinding/recycle.ts';

const claimIndex = 'reclaimer/claim';
const claimText = (key: ObjectKey): string => `${key.namespace}/${key.name}`;

export const volumeReclaimerController = defineController<api.PersistentVolume>({
  name: 'persistentvolume-reclaimer-controller',
  account: 'persistent-volume-binder',
  eventSource: binderSource,
  for: PersistentVolume,
  concurrency: 8,
  writes: [PersistentVolume, Pod],
  watches: [
    defineWatch<api.PersistentVolumeClaim>({ kind: PersistentVolumeClaim, keysFor: volumesForClaim }),
    defineWatch<api.Pod>({ kind: Pod, keysFor: ({ object }) => volumeOfRecycler(object) }),
  ],
  setup({ cache }) {
    cache.informer(PersistentVolume).addIndex(claimIndex, ({ spec }) => {
      const { claimRef } = spec ?? {};
      return claimRef ? [claimText({ namespace: claimRef.namespace ?? '', name: claimRef.name ?? '' })] : [];
    });
  },
  async reconcile(ctx, key): Promise<ReconcileResult> {
    const volume = ctx.cache.get(PersistentVolume, key);
    if (!volume) return done;
    const claim = await claimOf(ctx, volume);
    const plan = planVolume(volume, claim);
    switch (plan.action) {
      case 'phase':
        await setVolumePhase(ctx, volume, plan.phase);
        break;
      case 'unbind':
        await release(ctx, volume);
        break;
      case 'mismatch':
        ctx.events.event(volume, plan.volume.type, plan.volume.reason, plan.volume.message);
        if (claim) ctx.events.event(claim, plan.claim.type, plan.claim.reason, plan.claim.message);
        break;
      case 'reclaim':
        await reclaim(ctx, volume);
        break;
      case 'none':
        break;
    }
    return done;
  },
});

/** A cache that is late must cost nobody a volume: a claim that it does not know is asked for. */
async function claimOf(ctx: ReconcileContext, volume: api.PersistentVolume): Promise<api.PersistentVolumeClaim | undefined> {
  const { namespace = '', name = '', uid } = volume.spec?.claimRef ?? {};
  if (!name) return undefined;
  const known = ctx.cache.get(PersistentVolumeClaim, { namespace, name });
  if (!uid || known?.metadata.uid === uid) return known;
  try {
    return await ctx.client.get(PersistentVolumeClaim, { namespace, name });
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw error;
    return undefined;
  }
}

/** Free for the next claim. */
async function release(ctx: ReconcileContext, volume: api.PersistentVolume): Promise<void> {
  const free = await ctx.client.update(PersistentVolume, unboundVolume(volume));
  await setVolumePhase(ctx, free, 'Available');
}

async function reclaim(ctx: ReconcileContext, volume: api.PersistentVolume): Promise<void> {
  if (volume.spec?.persistentVolumeReclaimPolicy === 'Recycle') {
    const result = await recycle(ctx, volume);
    if (result === 'underWay') return;
    if (result !== 'done') return fail(ctx, volume, result);
    ctx.events.event(volume, 'Normal', 'VolumeRecycled', 'Volume recycled');
    return release(ctx, volume);
  }
  if (Object.hasOwn(volume.metadata.annotations ?? {}, provisionedBy)) return;
  const failure = deletionFailure(volume);
  if (failure) return fail(ctx, volume, failure);
  if (volume.metadata.deletionTimestamp) return;
  try {
    await ctx.client.delete(PersistentVolume, keyOf(volume), { preconditions: { uid: volume.metadata.uid ?? '' } });
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw error;
  }
}

async function fail(ctx: ReconcileContext, volume: api.PersistentVolume, { reason, message }: Failure): Promise<void> {
  await setVolumePhase(ctx, volume, 'Failed', message);
  ctx.events.event(volume, 'Warning', reason, message);
}

/** The volumes that the claim has, had, or is reserved. */
function volumesForClaim(event: InformerEvent<api.PersistentVolumeClaim>, cache: Cache): ObjectKey[] {
  return cache
    .informer(PersistentVolume)
    .byIndex(claimIndex, claimText(keyOf(event.object)))
    .map(keyOf);
}
