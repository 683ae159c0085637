/** What the scheduler looks up besides nodes and pods. Plugins see only this, so that tests can bring their own. */
import type { Labels, Selector } from '#common/api/labelSelector.ts';
import type * as api from '#common/schema/generated/types.ts';

export interface Lookups {
  namespaceLabels(namespace: string): Labels | undefined;
  claim(namespace: string, name: string): api.PersistentVolumeClaim | undefined;
  volume(name: string): api.PersistentVolume | undefined;
  volumesOfClass(storageClass: string): readonly api.PersistentVolume[];
  storageClass(name: string): api.StorageClass | undefined;
  csiDriver(name: string): api.CSIDriver | undefined;
  csiNode(name: string): api.CSINode | undefined;
  capacitiesOf(storageClass: string): readonly api.CSIStorageCapacity[];
  disruptionBudgets(namespace: string): readonly api.PodDisruptionBudget[];
  /** What the Services and the controller of the pod select, all of it together; undefined when there are none. */
  siblings(pod: api.Pod): Selector | undefined;
}

/** A cluster that has none of it. */
export const noLookups: Lookups = {
  namespaceLabels: () => undefined,
  claim: () => undefined,
  volume: () => undefined,
  volumesOfClass: () => [],
  storageClass: () => undefined,
  csiDriver: () => undefined,
  csiNode: () => undefined,
  capacitiesOf: () => [],
  disruptionBudgets: () => [],
  siblings: () => undefined,
};
