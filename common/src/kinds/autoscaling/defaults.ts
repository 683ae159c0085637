/** What a HorizontalPodAutoscaler gets when its author leaves it out. */
import type * as api from '#common/schema/generated/types.ts';
import { withDefaults, withField } from '../podSpec/copyOnWrite.ts';

const defaultUtilization = 80;

export function applyAutoscalerDefaults(object: api.HorizontalPodAutoscaler): void {
  let spec = withDefaults(object.spec ?? ({} as api.HorizontalPodAutoscalerSpec), { minReplicas: 1 });
  if (!spec.metrics?.length) {
    const target = { type: 'Utilization', averageUtilization: defaultUtilization };
    spec = { ...spec, metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }] };
  }
  if (spec.behavior) spec = withField(spec, 'behavior', defaultedBehavior(spec.behavior));
  object.spec = spec;
}

/** Once a behavior is given, both directions have rules: growing is quick, shrinking waits for the controller's own window. */
function defaultedBehavior(behavior: api.HorizontalPodAutoscalerBehavior): api.HorizontalPodAutoscalerBehavior {
  const scaleUp = withDefaults(behavior.scaleUp ?? {}, {
    stabilizationWindowSeconds: 0,
    selectPolicy: 'Max',
    policies: [
      { type: 'Pods', value: 4, periodSeconds: 15 },
      { type: 'Percent', value: 100, periodSeconds: 15 },
    ],
  });
  const scaleDown = withDefaults(behavior.scaleDown ?? {}, {
    selectPolicy: 'Max',
    policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
  });
  return withField(withField(behavior, 'scaleUp', scaleUp), 'scaleDown', scaleDown);
}
