/** `/scale` of the workloads that count pods in `spec.replicas` and find them by a LabelSelector. */
import { selectorText } from '#common/api/labelSelector.ts';
import type { LabelSelector } from '#common/api/meta.ts';
import type { ScaleSubresource } from '../defineKind.ts';

interface ReplicatedWorkload {
  spec?: { replicas?: number; selector?: LabelSelector };
  status?: { replicas?: number };
}

export const replicasScale: ScaleSubresource<ReplicatedWorkload> = {
  specReplicas: (object) => object.spec?.replicas,
  setSpecReplicas(object, replicas) {
    object.spec = { ...object.spec, replicas };
  },
  statusReplicas: (object) => object.status?.replicas ?? 0,
  selectorText: (object) => selectorText(object.spec?.selector),
};
