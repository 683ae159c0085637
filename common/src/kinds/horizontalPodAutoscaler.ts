/** HorizontalPodAutoscaler (autoscaling/v2): keeps a workload's metrics near their targets by scaling it. */
import type { FieldError } from '#common/api/fieldError.ts';
import type * as api from '#common/schema/generated/types.ts';
import { autoscalerColumns } from './autoscaling/columns.ts';
import { applyAutoscalerDefaults } from './autoscaling/defaults.ts';
import { validateAutoscaler } from './autoscaling/validation.ts';
import { defineKind } from './defineKind.ts';
import { checkCounts } from './workloads/statusRules.ts';
import { keepStatus } from './workloads/strategies.ts';

export const HorizontalPodAutoscaler = defineKind<api.HorizontalPodAutoscaler>({
  group: 'autoscaling',
  version: 'v2',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  shortNames: ['hpa'],
  categories: ['all'],
  namespaced: true,
  subresources: { status: true },
  hasGeneration: false,
  applyDefaults: applyAutoscalerDefaults,
  prepareForCreate(object) {
    object.status = { desiredReplicas: 0, currentMetrics: null as never };
  },
  prepareForUpdate: keepStatus,
  validate: validateAutoscaler,
  validateStatusUpdate({ status }) {
    const errors: FieldError[] = [];
    if (status) checkCounts(status, ['currentReplicas', 'desiredReplicas'], errors);
    return errors;
  },
  columns: autoscalerColumns,
  references: [
    { type: 'object', path: 'spec.scaleTargetRef' },
    { type: 'object', path: 'spec.metrics[].object.describedObject' },
  ],
});
