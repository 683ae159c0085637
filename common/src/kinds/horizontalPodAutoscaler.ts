/** Minimal, to be replaced: HorizontalPodAutoscaler (autoscaling/v2). */
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';

export const HorizontalPodAutoscaler = defineKind<api.HorizontalPodAutoscaler>({
  group: 'autoscaling',
  version: 'v2',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  shortNames: ['hpa'],
  categories: ['all'],
  namespaced: true,
  subresources: { status: true },
  columns: [nameColumn, ageColumn],
});
