/**
 * Lets volumes grow with their claims. The control plane only says that somebody else has to do it; for the playground's
 * own disks the second controller here is that somebody. The last step, the file system, is the kubelet's.
 */
import { compareQuantities, parseQuantity } from '#common/api/quantity.ts';
import { formatTime } from '#common/api/time.ts';
import { PersistentVolume } from '#common/kinds/persistentVolume.ts';
import { PersistentVolumeClaim } from '#common/kinds/persistentVolumeClaim.ts';
import type * as api from '#common/schema/generated/types.ts';
import { defineController, done, type ReconcileContext } from '../controller/controller.ts';
import { simulatedDriver } from '../controller/simulatedDriver.ts';
import { planExpansion } from './volumeBinding/planExpansion.ts';

/** What was told of each version of a claim. */
const told = new WeakSet<api.PersistentVolumeClaim>();

export const volumeExpanderController = defineController<api.PersistentVolumeClaim>({
  name: 'persistentvolume-expander-controller',
  account: 'expand-controller',
  eventSource: 'volume_expand',
  for: PersistentVolumeClaim,
  writes: [],
  async reconcile(ctx, key) {
    const claim = ctx.cache.get(PersistentVolumeClaim, key);
    if (!claim || claim.status?.phase !== 'Bound' || !isAbove(requestOf(claim), claim.status.capacity?.['storage'])) return done;
    // Once the volume has grown, only its file system is left to do.
    if (claim.status.conditions?.some(({ type }) => type === 'FileSystemResizePending') || told.has(claim)) return done;
    told.add(claim);
    ctx.events.event(claim, 'Normal', 'ExternalExpanding', 'waiting for an external controller to expand this PVC');
    return done;
  },
});

export const volumeResizerController = defineController<api.PersistentVolumeClaim>({
  name: 'csi-resizer',
  eventSource: `external-resizer ${simulatedDriver}`,
  for: PersistentVolumeClaim,
  writes: [PersistentVolume, PersistentVolumeClaim],
  async reconcile(ctx, key) {
    const claim = ctx.cache.get(PersistentVolumeClaim, key);
    const name = claim?.spec?.volumeName;
    const volume = name ? ctx.cache.get(PersistentVolume, { namespace: '', name }) : undefined;
    if (claim && volume?.spec?.csi?.driver === simulatedDriver) await resize(ctx, claim, volume);
    return done;
  },
});

async function resize(ctx: ReconcileContext, claim: api.PersistentVolumeClaim, volume: api.PersistentVolume): Promise<void> {
  const plan = planExpansion(claim, volume, formatTime(ctx.clock.now()));
  if (!plan) return;
  let current = claim;
  if (plan.starting) {
    current = await ctx.client.updateStatus(PersistentVolumeClaim, { ...claim, status: plan.starting });
    const message = `External resizer is resizing volume ${volume.metadata.name}`;
    ctx.events.event(current, 'Normal', 'Resizing', message);
  }
  if (plan.volume) await ctx.client.update(PersistentVolume, plan.volume);
  current = await ctx.client.updateStatus(PersistentVolumeClaim, { ...current, status: plan.ended });
  if (plan.isComplete) ctx.events.event(current, 'Normal', 'VolumeResizeSuccessful', 'Resize volume succeeded');
  else ctx.events.event(current, 'Normal', 'FileSystemResizeRequired', 'Require file system resize of volume on node');
}

const requestOf = (claim: api.PersistentVolumeClaim): string | undefined => claim.spec?.resources?.requests?.['storage'];

function isAbove(a: string | undefined, b: string | undefined): boolean {
  const [left, right] = [parseQuantity(a ?? ''), parseQuantity(b ?? '')];
  return left !== undefined && right !== undefined && compareQuantities(left, right) > 0;
}
