/**
 * Binds a volume and a claim to each other: four writes, each left out where it has been made before, so that a binder
 * that stopped in between carries on. The volume comes first; it alone decides who has it.
 */
import { keyOf } from '#common/api/meta.ts';
import { PersistentVolume } from '#common/kinds/persistentVolume.ts';
import { PersistentVolumeClaim } from '#common/kinds/persistentVolumeClaim.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { ReconcileContext } from '../../controller/controller.ts';
import { isReservedFor } from '../../controller/volumeMatch.ts';
import { bindCompleted, boundByController } from './names.ts';

const yes = 'yes';

export async function bind(ctx: ReconcileContext, volume: api.PersistentVolume, claim: api.PersistentVolumeClaim): Promise<void> {
  const reserved = reservedVolume(volume, claim);
  const held = reserved === volume ? volume : await ctx.client.update(PersistentVolume, reserved);
  await setVolumePhase(ctx, held, 'Bound');
  const named = namedClaim(claim, keyOf(volume).name);
  const bound = named === claim ? claim : await ctx.client.update(PersistentVolumeClaim, named);
  const status = boundStatus(bound, volume);
  if (status !== bound.status) await ctx.client.updateStatus(PersistentVolumeClaim, { ...bound, status });
}

export async function setVolumePhase(
  ctx: ReconcileContext,
  volume: api.PersistentVolume,
  phase: string,
  message?: string,
): Promise<void> {
  if (volume.status?.phase === phase && volume.status.message === message) return;
  const { message: _message, reason: _reason, ...rest } = volume.status ?? {};
  const status = { ...rest, phase, ...(message === undefined ? {} : { message }) };
  await ctx.client.updateStatus(PersistentVolume, { ...volume, status });
}

/** The volume with its claimRef; the same object when it has it. */
function reservedVolume(volume: api.PersistentVolume, claim: api.PersistentVolumeClaim): api.PersistentVolume {
  const { namespace, name, uid, resourceVersion } = claim.metadata;
  const { claimRef } = volume.spec ?? {};
  if (claimRef?.uid === uid && claimRef?.name === name && claimRef?.namespace === namespace) return volume;
  const reference: api.ObjectReference = {
    kind: 'PersistentVolumeClaim',
    apiVersion: 'v1',
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
  const spec = { ...volume.spec, claimRef: reference };
  // Who wrote the claimRef by hand keeps it.
  if (claimRef && isReservedFor(volume, claim)) return { ...volume, spec };
  const annotations = { ...volume.metadata.annotations, [boundByController]: yes };
  return { ...volume, metadata: { ...volume.metadata, annotations }, spec };
}

/** The claim with its volume's name and the marks of a binding; the same object when it has them. */
function namedClaim(claim: api.PersistentVolumeClaim, volumeName: string): api.PersistentVolumeClaim {
  const { annotations = {} } = claim.metadata;
  const isNamed = claim.spec?.volumeName === volumeName;
  if (isNamed && Object.hasOwn(annotations, bindCompleted)) return claim;
  const marks = { ...(isNamed ? {} : { [boundByController]: yes }), [bindCompleted]: yes };
  return {
    ...claim,
    metadata: { ...claim.metadata, annotations: { ...annotations, ...marks } },
    ...(claim.spec && !isNamed ? { spec: { ...claim.spec, volumeName } } : {}),
  };
}

/** The capacity is taken over once: later it may differ, while a volume grows. */
function boundStatus(claim: api.PersistentVolumeClaim, { spec }: api.PersistentVolume): api.PersistentVolumeClaimStatus {
  const { status } = claim;
  if (status?.phase === 'Bound') return status;
  const storage = spec?.capacity?.['storage'];
  return {
    ...status,
    phase: 'Bound',
    ...(spec?.accessModes ? { accessModes: spec.accessModes } : {}),
    ...(storage === undefined ? {} : { capacity: { ...status?.capacity, storage } }),
    ...(spec?.volumeAttributesClassName ? { currentVolumeAttributesClassName: spec.volumeAttributesClassName } : {}),
  };
}
