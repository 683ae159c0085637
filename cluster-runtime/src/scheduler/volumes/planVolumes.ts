/** Which volumes the claims of a pod would get on a node: bound ones, ones to bind, and ones to provision. Pure. */
import { isControlledBy } from './isControlledBy.ts';
import { selectorFromLabelSelector } from '#common/api/labelSelector.ts';
import { compareQuantities, parseQuantity } from '#common/api/quantity.ts';
import type * as api from '#common/schema/generated/types.ts';
import { findVolume } from '../../controller/volumeMatch.ts';
import type { ClusterModel } from '../clusterModel.ts';
import type { Lookups } from '../lookups.ts';
import type { NodeInfo } from '../nodeInfo.ts';
import { matchesTerm } from '../nodeSelection.ts';
import { type ClaimReference, claimsOf } from '../podVolumes.ts';

export const noVolume = "node(s) didn't find available persistent volumes to bind";
const wrongNode = "node(s) didn't match PersistentVolume's node affinity";
const noSpace = 'node(s) did not have enough free storage';
const volumeGone = 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)';

export const selectedNodeAnnotation = 'volume.kubernetes.io/selected-node';
const bindCompletedAnnotation = 'pv.kubernetes.io/bind-completed';
const noProvisioner = 'kubernetes.io/no-provisioner';

export interface SortedClaims {
  readonly bound: readonly api.PersistentVolumeClaim[];
  /** Waiting for their consumer. */
  readonly waiting: readonly api.PersistentVolumeClaim[];
  /** Neither: the pod has to wait for them. */
  readonly immediate: readonly api.PersistentVolumeClaim[];
}

export interface VolumePlan {
  readonly bindings: readonly { readonly claim: api.PersistentVolumeClaim; readonly volume: api.PersistentVolume }[];
  readonly provisions: readonly api.PersistentVolumeClaim[];
  /** Why the node cannot have them; empty when it can. */
  readonly reasons: readonly string[];
}

/** Why the pod cannot be placed anywhere because of this claim. */
export function claimProblem(pod: api.Pod, { namespace, name, ephemeral }: ClaimReference, lookups: Lookups): string | undefined {
  const claim = lookups.claim(namespace, name);
  const quoted = JSON.stringify(name);
  if (!claim) {
    return ephemeral
      ? `waiting for ephemeral volume controller to create the persistentvolumeclaim ${quoted}`
      : `persistentvolumeclaim ${quoted} not found`;
  }
  if (claim.status?.phase === 'Lost') {
    const volume = JSON.stringify(claim.spec?.volumeName ?? '');
    return `persistentvolumeclaim ${quoted} bound to non-existent persistentvolume ${volume}`;
  }
  if (claim.metadata.deletionTimestamp) return `persistentvolumeclaim ${quoted} is being deleted`;
  if (ephemeral && !isControlledBy(claim, pod)) {
    return `PVC ${namespace}/${name} was not created for pod ${namespace}/${pod.metadata.name} (pod is not owner)`;
  }
  return undefined;
}

export function sortClaims(pod: api.Pod, lookups: Lookups): SortedClaims {
  const bound: api.PersistentVolumeClaim[] = [];
  const waiting: api.PersistentVolumeClaim[] = [];
  const immediate: api.PersistentVolumeClaim[] = [];
  for (const { namespace, name } of claimsOf(pod)) {
    const claim = lookups.claim(namespace, name);
    if (!claim) continue;
    if (isBound(claim)) bound.push(claim);
    else if (!claim.spec?.volumeName && waitsForConsumer(claim, lookups)) waiting.push(claim);
    else immediate.push(claim);
  }
  return { bound, waiting, immediate };
}

export const isBound = (claim: api.PersistentVolumeClaim): boolean =>
  Boolean(claim.spec?.volumeName) && Object.hasOwn(claim.metadata.annotations ?? {}, bindCompletedAnnotation);

const waitsForConsumer = (claim: api.PersistentVolumeClaim, lookups: Lookups): boolean =>
  lookups.storageClass(claim.spec?.storageClassName ?? '')?.volumeBindingMode === 'WaitForFirstConsumer';

export function planVolumes(claims: SortedClaims, node: NodeInfo, cluster: ClusterModel): VolumePlan {
  const { lookups } = cluster;
  const reasons = new Set<string>();
  for (const claim of claims.bound) {
    const volume = lookups.volume(claim.spec?.volumeName ?? '');
    if (!volume) reasons.add(volumeGone);
    else if (!isUsableOn(volume, node)) reasons.add(wrongNode);
  }
  const bindings: { claim: api.PersistentVolumeClaim; volume: api.PersistentVolume }[] = [];
  const provisions: api.PersistentVolumeClaim[] = [];
  // Smaller claims choose first, so that they leave the larger volumes to the others.
  for (const claim of [...claims.waiting].sort(bySize)) {
    const selected = claim.metadata.annotations?.[selectedNodeAnnotation];
    if (selected !== undefined) {
      // Its volume is being provisioned for that node.
      if (selected === node.name) provisions.push(claim);
      else reasons.add(noVolume);
      continue;
    }
    const taken = new Set(bindings.map(({ volume }) => volume.metadata.name));
    const candidates = lookups
      .volumesOfClass(claim.spec?.storageClassName ?? '')
      .filter((volume) => !taken.has(volume.metadata.name) && isUsableOn(volume, node) && isUnassumed(volume, claim, cluster));
    const volume = findVolume(claim, candidates);
    if (volume) bindings.push({ claim, volume });
    else {
      const reason = provisionProblem(claim, node, lookups);
      if (reason === undefined) provisions.push(claim);
      else reasons.add(reason);
    }
  }
  return { bindings, provisions, reasons: [...reasons].sort() };
}

const sizeOf = (claim: api.PersistentVolumeClaim) => parseQuantity(claim.spec?.resources?.requests?.['storage'] ?? '');

function bySize(a: api.PersistentVolumeClaim, b: api.PersistentVolumeClaim): number {
  const [left, right] = [sizeOf(a), sizeOf(b)];
  return left && right ? compareQuantities(left, right) : 0;
}

/** Another pod that is on its way to its node may be about to bind the volume. */
function isUnassumed({ metadata }: api.PersistentVolume, claim: api.PersistentVolumeClaim, cluster: ClusterModel): boolean {
  const assumed = cluster.assumedVolumes.get(metadata.name ?? '');
  return assumed === undefined || assumed === `${claim.metadata.namespace}/${claim.metadata.name}`;
}

function isUsableOn(volume: api.PersistentVolume, { node }: NodeInfo): boolean {
  const required = volume.spec?.nodeAffinity?.required;
  return !required || (node !== undefined && required.nodeSelectorTerms.some((term) => matchesTerm(term, node)));
}

function provisionProblem(claim: api.PersistentVolumeClaim, node: NodeInfo, lookups: Lookups): string | undefined {
  const storageClass = lookups.storageClass(claim.spec?.storageClassName ?? '');
  if (!storageClass?.provisioner || storageClass.provisioner === noProvisioner) return noVolume;
  if (!allowsTopology(storageClass, node)) return noVolume;
  if (!lookups.csiDriver(storageClass.provisioner)?.spec?.storageCapacity) return undefined;
  const size = sizeOf(claim);
  const hasRoom = lookups.capacitiesOf(storageClass.metadata.name ?? '').some(({ capacity, maximumVolumeSize, nodeTopology }) => {
    const room = parseQuantity(maximumVolumeSize ?? capacity ?? '');
    const isHere = nodeTopology !== undefined && selectorFromLabelSelector(nodeTopology).matches(node.labels);
    return isHere && room !== undefined && (!size || compareQuantities(room, size) >= 0);
  });
  return hasRoom ? undefined : noSpace;
}

function allowsTopology({ allowedTopologies = [] }: api.StorageClass, node: NodeInfo): boolean {
  return (
    allowedTopologies.length === 0 ||
    allowedTopologies.some(({ matchLabelExpressions = [] }) =>
      matchLabelExpressions.every(({ key, values }) => values.includes(node.label(key) ?? '')),
    )
  );
}
