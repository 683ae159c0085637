/** HorizontalPodAutoscaler (autoscaling/v1): the older view of the stored v2 objects. */
import type * as api from '#common/schema/generated/types.ts';
import { fromV1, toV1 } from './autoscaling/v1Conversion.ts';
import { defineKind } from './defineKind.ts';
import { HorizontalPodAutoscaler } from './horizontalPodAutoscaler.ts';
import { withDefaults } from './podSpec/copyOnWrite.ts';

type V1 = api.AutoscalingV1HorizontalPodAutoscaler;

export const HorizontalPodAutoscalerV1 = defineKind<V1>({
  group: 'autoscaling',
  version: 'v1',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  shortNames: ['hpa'],
  categories: ['all'],
  namespaced: true,
  subresources: { status: true },
  hasGeneration: false,
  applyDefaults(object) {
    object.spec = withDefaults(object.spec ?? ({} as NonNullable<V1['spec']>), { minReplicas: 1 });
  },
  columns: HorizontalPodAutoscaler.columns.map((column) => ({
    ...column,
    cell: (object: V1, now: number) => column.cell(fromV1(object), now),
  })),
  references: [{ type: 'object', path: 'spec.scaleTargetRef' }],
  storedAs: {
    kind: HorizontalPodAutoscaler,
    toStored: fromV1,
    fromStored: (object) => toV1(object as api.HorizontalPodAutoscaler),
  },
});
