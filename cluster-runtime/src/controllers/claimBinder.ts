/**
 * Gives every claim its volume: binds what fits, asks the class's provisioner for what does not exist, and says on the
 * claim what it waits for. The other half, what becomes of volumes, is volumeReclaimer.ts.
 *
 * Differs from Kubernetes: what a claim waits for is told when something changes, not again every 15 seconds.
 */
import { keyOf, keyText, type ObjectKey } from '#common/api/meta.ts';
import { PersistentVolume } from '#common/kinds/persistentVolume.ts';
import { PersistentVolumeClaim } from '#common/kinds/persistentVolumeClaim.ts';
import { Pod } from '#common/kinds/pod.ts';
import { StorageClass } from '#common/kinds/storageClass.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache, InformerEvent } from '../client/client.ts';
import { defineController, defineWatch, done, type ReconcileContext } from '../controller/controller.ts';
import { classOf } from '../controller/volumeMatch.ts';
import { bind } from './volumeBinding/bind.ts';
import { claimKeysOf } from './volumeBinding/claimsOfPod.ts';
import { betaStorageProvisioner, binderSource, storageProvisioner } from './volumeBinding/names.ts';
import { type ClaimPlan, type ClaimView, planClaim, type Told } from './volumeBinding/planClaim.ts';
import { defaultClassName } from './volumeBinding/defaultClass.ts';

const classIndex = 'binder/class';
const volumeNameIndex = 'binder/volumeName';
const unboundIndex = 'binder/unboundOfClass';
const podIndex = 'binder/claim';

const isUnbound = (claim: api.PersistentVolumeClaim): boolean => claim.status?.phase !== 'Bound';

export const claimBinderController = defineController<api.PersistentVolumeClaim>({
  name: 'persistentvolume-binder-controller',
  account: 'persistent-volume-binder',
  eventSource: binderSource,
  for: PersistentVolumeClaim,
  concurrency: 8,
  writes: [PersistentVolume, PersistentVolumeClaim],
  watches: [
    defineWatch<api.PersistentVolume>({ kind: PersistentVolume, keysFor: claimsForVolume }),
    defineWatch<api.StorageClass>({ kind: StorageClass, keysFor: claimsForClass }),
    defineWatch<api.Pod>({ kind: Pod, keysFor: claimsForPod }),
  ],
  setup({ cache }) {
    cache.informer(PersistentVolume).addIndex(classIndex, (volume) => [classOf(volume)]);
    const claims = cache.informer(PersistentVolumeClaim);
    claims.addIndex(volumeNameIndex, ({ spec }) => (spec?.volumeName ? [spec.volumeName] : []));
    claims.addIndex(unboundIndex, (claim) => (isUnbound(claim) ? [classOf(claim)] : []));
    cache.informer(Pod).addIndex(podIndex, (pod) => claimKeysOf(pod).map(keyText));
  },
  async reconcile(ctx, key) {
    const claim = ctx.cache.get(PersistentVolumeClaim, key);
    if (claim) await carryOut(ctx, claim, planClaim(claim, viewOf(ctx.cache, key)));
    return done;
  },
});

function viewOf(cache: Cache, key: ObjectKey): ClaimView {
  const volumes = cache.informer(PersistentVolume);
  return {
    volume: (name) => volumes.get({ namespace: '', name }),
    volumesOfClass: (name) => volumes.byIndex(classIndex, name),
    storageClass: (name) => cache.get(StorageClass, { namespace: '', name }),
    defaultClass: defaultClassName(cache.list(StorageClass)),
    waitingPods: () =>
      cache
        .informer(Pod)
        .byIndex(podIndex, keyText(key))
        .filter(({ spec }) => !spec?.nodeName)
        .map(({ metadata }) => metadata.name ?? ''),
  };
}

async function carryOut(ctx: ReconcileContext, claim: api.PersistentVolumeClaim, plan: ClaimPlan): Promise<void> {
  switch (plan.action) {
    case 'bind':
      return bind(ctx, plan.volume, claim);
    case 'pending':
      if (plan.tell) tell(ctx, claim, plan.tell);
      return setPhase(ctx, claim, 'Pending');
    case 'provision':
      return askProvisioner(ctx, claim, plan.provisioner, plan.tell);
    case 'assignClass': {
      if (!claim.spec) return;
      await ctx.client.update(PersistentVolumeClaim, { ...claim, spec: { ...claim.spec, storageClassName: plan.name } });
      return;
    }
    case 'lost':
      if (claim.status?.phase === 'Lost') return;
      tell(ctx, claim, plan.tell);
      return setPhase(ctx, claim, 'Lost');
  }
}

async function askProvisioner(
  ctx: ReconcileContext,
  claim: api.PersistentVolumeClaim,
  provisioner: string,
  told: Told,
): Promise<void> {
  const { annotations } = claim.metadata;
  if (annotations?.[storageProvisioner] === provisioner) return;
  tell(ctx, claim, told);
  const asked = { ...annotations, [storageProvisioner]: provisioner, [betaStorageProvisioner]: provisioner };
  await ctx.client.update(PersistentVolumeClaim, { ...claim, metadata: { ...claim.metadata, annotations: asked } });
}

async function setPhase(ctx: ReconcileContext, claim: api.PersistentVolumeClaim, phase: 'Pending' | 'Lost'): Promise<void> {
  if (claim.status?.phase === phase) return;
  const { accessModes: _modes, capacity: _capacity, ...rest } = claim.status ?? {};
  await ctx.client.updateStatus(PersistentVolumeClaim, { ...claim, status: { ...rest, phase } });
}

/** What was last told of each version of a claim, so that other objects' changes do not repeat it. */
const toldOf = new WeakMap<api.PersistentVolumeClaim, string>();

function tell(ctx: ReconcileContext, claim: api.PersistentVolumeClaim, { type, reason, message }: Told): void {
  if (toldOf.get(claim) === message) return;
  toldOf.set(claim, message);
  ctx.events.event(claim, type, reason, message);
}

/** The claim that has the volume, those that name it, and, when it is free, those that look for one. */
function claimsForVolume(event: InformerEvent<api.PersistentVolume>, cache: Cache): ObjectKey[] {
  const claims = cache.informer(PersistentVolumeClaim);
  const { metadata, spec, status } = event.object;
  const keys = claims.byIndex(volumeNameIndex, metadata.name ?? '').map(keyOf);
  if (spec?.claimRef) keys.push({ namespace: spec.claimRef.namespace ?? '', name: spec.claimRef.name ?? '' });
  if (event.type === 'updated' && event.old.spec?.claimRef) {
    const { namespace = '', name = '' } = event.old.spec.claimRef;
    keys.push({ namespace, name });
  }
  const isFree = event.type !== 'deleted' && !spec?.claimRef && status?.phase === 'Available';
  if (isFree)
    keys.push(
      ...claims
        .byIndex(unboundIndex, classOf(event.object))
        .filter((claim) => !claim.spec?.volumeName)
        .map(keyOf),
    );
  return keys;
}

/** Claims of the class that look for a volume; those without a class, when it has become the default. */
function claimsForClass({ type, object }: InformerEvent<api.StorageClass>, cache: Cache): ObjectKey[] {
  if (type === 'deleted') return [];
  const claims = cache.informer(PersistentVolumeClaim);
  return [object.metadata.name ?? '', ''].flatMap((name) => claims.byIndex(unboundIndex, name).map(keyOf));
}

/** A pod that comes, or is placed, changes what its waiting claims are said to wait for. */
function claimsForPod(event: InformerEvent<api.Pod>, cache: Cache): ObjectKey[] {
  if (event.type === 'updated' && event.old.spec?.nodeName === event.object.spec?.nodeName) return [];
  return claimKeysOf(event.object).filter((key) => {
    const claim = cache.get(PersistentVolumeClaim, key);
    return claim !== undefined && isUnbound(claim);
  });
}
