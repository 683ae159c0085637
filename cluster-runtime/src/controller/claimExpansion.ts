/** What a claim says of itself while it grows, and once it has. The disk is the resizer's work, the file system the kubelet's. */
import type * as api from '#common/schema/generated/types.ts';

/** The claim's status once everything has grown. */
export function resizedStatus(status: api.PersistentVolumeClaimStatus, storage: string): api.PersistentVolumeClaimStatus {
  const { conditions: _conditions, allocatedResourceStatuses: _steps, ...rest } = status;
  const kept = otherConditions(status);
  return {
    ...rest,
    allocatedResources: { storage },
    capacity: { ...status.capacity, storage },
    ...(kept.length > 0 ? { conditions: kept } : {}),
  };
}

export const hasClaimCondition = (status: api.PersistentVolumeClaimStatus, type: string): boolean =>
  status.conditions?.some((one) => one.type === type) ?? false;

export const otherConditions = ({ conditions = [] }: api.PersistentVolumeClaimStatus): api.PersistentVolumeClaimCondition[] =>
  conditions.filter(({ type }) => type !== 'Resizing' && type !== 'FileSystemResizePending');
