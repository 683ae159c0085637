/** The steps by which a claim that asks for more gets it: the disk first, then the file system on it. Pure. */
import { compareQuantities, parseQuantity } from '#common/api/quantity.ts';
import type * as api from '#common/schema/generated/types.ts';
import { hasClaimCondition as hasCondition, otherConditions as others, resizedStatus } from '../../controller/claimExpansion.ts';

export interface ExpansionPlan {
  /** What the claim says while its disk grows; undefined when it says so already. */
  readonly starting: api.PersistentVolumeClaimStatus | undefined;
  /** The larger volume; undefined when it is large enough. */
  readonly volume: api.PersistentVolume | undefined;
  readonly ended: api.PersistentVolumeClaimStatus;
  /** A block device has no file system that would have to follow. */
  readonly isComplete: boolean;
}

const waitingForPod = 'Waiting for user to (re-)start a pod to finish file system resize of volume on node.';

/** Undefined when there is nothing for the resizer to do. */
export function planExpansion(
  claim: api.PersistentVolumeClaim,
  volume: api.PersistentVolume,
  now: string,
): ExpansionPlan | undefined {
  const { status } = claim;
  const storage = claim.spec?.resources?.requests?.['storage'] ?? '';
  const [wanted, had] = [parseQuantity(storage), parseQuantity(status?.capacity?.['storage'] ?? '')];
  if (status?.phase !== 'Bound' || !wanted || !had || compareQuantities(wanted, had) <= 0) return undefined;
  const size = parseQuantity(volume.spec?.capacity?.['storage'] ?? '');
  const isLarge = size !== undefined && compareQuantities(size, wanted) >= 0;
  if (isLarge && hasCondition(status, 'FileSystemResizePending')) return undefined;
  const isBlock = volume.spec?.volumeMode === 'Block';
  const condition = (type: string, message?: string): api.PersistentVolumeClaimCondition => ({
    lastProbeTime: null as unknown as string,
    lastTransitionTime: now,
    ...(message === undefined ? {} : { message }),
    status: 'True',
    type,
  });
  return {
    starting: hasCondition(status, 'Resizing')
      ? undefined
      : {
          ...status,
          allocatedResources: { storage },
          allocatedResourceStatuses: { storage: 'ControllerResizeInProgress' },
          conditions: [...others(status), condition('Resizing')],
        },
    volume: isLarge ? undefined : { ...volume, spec: { ...volume.spec, capacity: { ...volume.spec?.capacity, storage } } },
    ended: isBlock
      ? resizedStatus(status, storage)
      : {
          ...status,
          allocatedResources: { storage },
          allocatedResourceStatuses: { storage: 'NodeResizePending' },
          conditions: [...others(status), condition('FileSystemResizePending', waitingForPod)],
        },
    isComplete: isBlock,
  };
}
