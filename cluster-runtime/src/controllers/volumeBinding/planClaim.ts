/** What is to be done about one claim: bind it, ask for a volume, wait, or say that its volume is lost. Pure. */
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from '#common/schema/generated/types.ts';
import { classOf, findVolume, isReservedFor, mismatchOf } from '../../controller/volumeMatch.ts';
import { bindCompleted, boundByController, noProvisioner, selectedNode } from './names.ts';

export interface Told {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

/** What a claim's fate depends on. */
export interface ClaimView {
  volume(name: string): PersistentVolume | undefined;
  /** Those of a class, reserved ones included. */
  volumesOfClass(name: string): readonly PersistentVolume[];
  storageClass(name: string): StorageClass | undefined;
  /** The class that claims without one get. */
  readonly defaultClass: string | undefined;
  /** Names of pods that use the claim and have no node. */
  waitingPods(): readonly string[];
}

export type ClaimPlan =
  | { readonly action: 'bind'; readonly volume: PersistentVolume }
  | { readonly action: 'pending'; readonly tell?: Told }
  | { readonly action: 'provision'; readonly provisioner: string; readonly tell: Told }
  | { readonly action: 'assignClass'; readonly name: string }
  | { readonly action: 'lost'; readonly tell: Told };

const normal = (reason: string, message: string): Told => ({ type: 'Normal', reason, message });
const warning = (reason: string, message: string): Told => ({ type: 'Warning', reason, message });

export function planClaim(claim: PersistentVolumeClaim, view: ClaimView): ClaimPlan {
  if (Object.hasOwn(claim.metadata.annotations ?? {}, bindCompleted)) return planBound(claim, view);
  // What is on its way out does not take a volume with it.
  if (claim.metadata.deletionTimestamp) return { action: 'pending' };
  return claim.spec?.volumeName ? planNamed(claim, claim.spec.volumeName, view) : planFree(claim, view);
}

function planFree(claim: PersistentVolumeClaim, view: ClaimView): ClaimPlan {
  const className = classOf(claim);
  const storageClass = view.storageClass(className);
  const waits = storageClass?.volumeBindingMode === 'WaitForFirstConsumer' && !hasSelectedNode(claim);
  const volume = findVolume(claim, view.volumesOfClass(className), waits);
  if (volume) return { action: 'bind', volume };
  if (namesNoClass(claim) && view.defaultClass) return { action: 'assignClass', name: view.defaultClass };
  if (waits) return { action: 'pending', tell: waitingFor(view.waitingPods()) };
  if (!className) {
    const message = 'no persistent volumes available for this claim and no storage class is set';
    return { action: 'pending', tell: normal('FailedBinding', message) };
  }
  if (!storageClass) {
    const message = `storageclass.storage.k8s.io ${JSON.stringify(className)} not found`;
    return { action: 'pending', tell: warning('ProvisioningFailed', message) };
  }
  const { provisioner } = storageClass;
  if (provisioner === noProvisioner) {
    return { action: 'pending', tell: warning('ProvisioningFailed', `no volume plugin matched name: ${provisioner}`) };
  }
  const message =
    `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system ` +
    'administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.';
  return { action: 'provision', provisioner, tell: normal('ExternalProvisioning', message) };
}

export const hasSelectedNode = ({ metadata }: PersistentVolumeClaim): boolean =>
  Object.hasOwn(metadata.annotations ?? {}, selectedNode);

/** Neither a class nor, with an empty one, none on purpose. */
const namesNoClass = (claim: PersistentVolumeClaim): boolean =>
  claim.spec?.storageClassName === undefined && classOf(claim) === '';

function waitingFor(pods: readonly string[]): Told {
  if (pods.length === 0) {
    return normal('WaitForFirstConsumer', 'waiting for first consumer to be created before binding');
  }
  const [noun, names] = pods.length === 1 ? ['pod', pods[0]] : ['pods', [...pods].sort().join(',')];
  return normal('WaitForPodScheduled', `waiting for ${noun} ${names} to be scheduled`);
}

/** The claim names its volume. */
function planNamed(claim: PersistentVolumeClaim, name: string, view: ClaimView): ClaimPlan {
  const volume = view.volume(name);
  if (!volume) return { action: 'pending' };
  if (!volume.spec?.claimRef) {
    const mismatch = mismatchOf(volume, claim);
    if (mismatch === undefined) return { action: 'bind', volume };
    const message = `Cannot bind to requested volume ${JSON.stringify(name)}: ${mismatch}`;
    return { action: 'pending', tell: warning('VolumeMismatch', message) };
  }
  if (isReservedFor(volume, claim)) return { action: 'bind', volume };
  if (Object.hasOwn(claim.metadata.annotations ?? {}, boundByController)) return { action: 'pending' };
  const message = `volume ${JSON.stringify(name)} already bound to a different claim.`;
  return { action: 'pending', tell: warning('FailedBinding', message) };
}

function planBound(claim: PersistentVolumeClaim, view: ClaimView): ClaimPlan {
  const lost = (reason: string, message: string): ClaimPlan => ({ action: 'lost', tell: warning(reason, message) });
  if (!claim.spec?.volumeName) {
    return lost('ClaimLost', 'Bound claim has lost reference to PersistentVolume. Data on the volume is lost!');
  }
  const volume = view.volume(claim.spec.volumeName);
  if (!volume) return lost('ClaimLost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!');
  const { claimRef } = volume.spec ?? {};
  if (!claimRef || claimRef.uid === claim.metadata.uid) return { action: 'bind', volume };
  return lost('ClaimMisbound', 'Two claims are bound to the same volume, this one is bound incorrectly');
}
