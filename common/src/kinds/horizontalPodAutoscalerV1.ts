/** Minimal, to be replaced: HorizontalPodAutoscaler (autoscaling/v1). */
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';

export const HorizontalPodAutoscalerV1 = defineKind<api.AutoscalingV1HorizontalPodAutoscaler>({
  group: 'autoscaling',
  version: 'v1',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  shortNames: ['hpa'],
  categories: ['all'],
  namespaced: true,
  subresources: { status: true },
  columns: [nameColumn, ageColumn],
});
