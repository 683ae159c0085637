import { describe, expect, it } from 'vitest';
import { fieldErrorText } from '#common/api/fieldError.ts';
import type * as api from '#common/schema/generated/types.ts';
import { HorizontalPodAutoscaler } from '../horizontalPodAutoscaler.ts';
import { HorizontalPodAutoscalerV1 } from '../horizontalPodAutoscalerV1.ts';
import { fromV1, toV1 } from './v1Conversion.ts';

const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' };
const memory: api.MetricSpec = {
  type: 'Resource',
  resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '1Gi' } },
};
const cpu: api.MetricSpec = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } },
};

function created(spec: object): api.HorizontalPodAutoscaler {
  const object = { metadata: { name: 'h' }, spec: { maxReplicas: 3, scaleTargetRef, ...spec } } as api.HorizontalPodAutoscaler;
  HorizontalPodAutoscaler.applyDefaults?.(object);
  HorizontalPodAutoscaler.prepareForCreate?.(object);
  return object;
}
const problems = (spec: object): string[] => (HorizontalPodAutoscaler.validate?.(created(spec)) ?? []).map(fieldErrorText);

// Answers of Kubernetes 1.36.3.
it.each<[string, object, string[]]>([
  ['nothing but the bounds', {}, []],
  [
    'bounds that cross',
    { minReplicas: 5 },
    ['spec.maxReplicas: Invalid value: 3: must be greater than or equal to `minReplicas`'],
  ],
  [
    'a target without a group',
    { scaleTargetRef: { kind: 'D', name: 'd' } },
    ['spec.scaleTargetRef.apiVersion: Invalid value: "": apiVersion must specify API group'],
  ],
  [
    'a metric without its source',
    { metrics: [{ type: 'Pods' }] },
    ['spec.metrics[0].pods: Required value: must populate information for the given metric source'],
  ],
  [
    'a target of nothing',
    { metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization' } } }] },
    [
      'spec.metrics[0].resource.target.averageUtilization: Required value: must set either a target raw value or a target utilization',
    ],
  ],
  [
    'a window that is too long',
    { behavior: { scaleDown: { stabilizationWindowSeconds: 4000 } } },
    ['spec.behavior.scaleDown.stabilizationWindowSeconds: Invalid value: 4000: must be less than or equal to 3600'],
  ],
])('%s', (_, spec, expected) => expect(problems(spec)).toEqual(expected));

describe('autoscaling/v1', () => {
  it('sees the cpu metric as a field and carries the rest in annotations', () => {
    const v1 = toV1(created({ metrics: [cpu, memory], behavior: { scaleDown: { stabilizationWindowSeconds: 10 } } }));
    expect(v1.spec?.targetCPUUtilizationPercentage).toBe(50);
    expect(v1.metadata.annotations).toEqual({
      'autoscaling.alpha.kubernetes.io/metrics': '[{"type":"Resource","resource":{"name":"memory","targetAverageValue":"1Gi"}}]',
      'autoscaling.alpha.kubernetes.io/behavior':
        '{"ScaleUp":{"StabilizationWindowSeconds":0,"SelectPolicy":"Max","Policies":[{"Type":"Pods","Value":4,"PeriodSeconds":15},{"Type":"Percent","Value":100,"PeriodSeconds":15}],"Tolerance":null},"ScaleDown":{"StabilizationWindowSeconds":10,"SelectPolicy":"Max","Policies":[{"Type":"Percent","Value":100,"PeriodSeconds":15}],"Tolerance":null}}',
    });
  });

  it('loses nothing on the way there and back', () => {
    const metrics: api.MetricSpec[] = [
      memory,
      { type: 'Pods', pods: { metric: { name: 'q' }, target: { type: 'AverageValue', averageValue: '10' } } },
      {
        type: 'Object',
        object: {
          metric: { name: 'r' },
          describedObject: { kind: 'Service', name: 's' },
          target: { type: 'AverageValue', averageValue: '5' },
        },
      },
      {
        type: 'External',
        external: { metric: { name: 'e', selector: { matchLabels: { a: 'b' } } }, target: { type: 'Value', value: '3' } },
      },
      {
        type: 'ContainerResource',
        containerResource: { name: 'cpu', container: 'c', target: { type: 'Utilization', averageUtilization: 70 } },
      },
      cpu,
    ];
    const object = created({ metrics, behavior: {} });
    expect(fromV1(toV1(object)).spec).toEqual(object.spec);
    expect(fromV1(toV1(object)).metadata).toEqual(object.metadata);
  });

  it('takes annotations that are no JSON for absent', () => {
    const metadata = {
      name: 'h',
      annotations: { 'autoscaling.alpha.kubernetes.io/metrics': '{', 'autoscaling.alpha.kubernetes.io/behavior': '7' },
    };
    expect(fromV1({ metadata, spec: { maxReplicas: 1, scaleTargetRef } }).spec?.metrics).toHaveLength(1);
  });

  it('shows the same columns', () => {
    const v1 = toV1(created({ metrics: [cpu, memory, memory] }));
    expect(HorizontalPodAutoscalerV1.columns.slice(1, 6).map((column) => column.cell(v1, 0))).toEqual([
      'Deployment/d',
      'memory: <unknown>/1Gi, memory: <unknown>/1Gi + 1 more...',
      '1',
      3,
      0,
    ]);
  });
});
