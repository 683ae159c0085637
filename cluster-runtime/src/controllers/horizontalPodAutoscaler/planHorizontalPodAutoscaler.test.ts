import { describe, expect, test } from 'vitest';
import { formatTime } from '#common/api/time.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { AutoscalerHistory } from './history.ts';
import { type AutoscalerInput, type AutoscalerPlan, planHorizontalPodAutoscaler } from './planHorizontalPodAutoscaler.ts';
import type { Reading } from './planMetric.ts';

const now = Date.parse('2026-01-01T12:00:00Z');
const longAgo = formatTime(now - 3_600_000);

const cpu = (averageUtilization: number): api.MetricSpec => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
});
const memory = (averageValue: string): api.MetricSpec => ({
  type: 'Resource',
  resource: { name: 'memory', target: { type: 'AverageValue', averageValue } },
});

/** Pods that each request 100m of cpu; ready for an hour unless said. */
const pod = (name: string, changes: Partial<api.PodStatus> = {}): api.Pod => ({
  metadata: { name, namespace: 'test' },
  spec: { containers: [{ name: 'app', resources: { requests: { cpu: '100m' } } }] } as api.PodSpec,
  status: {
    phase: 'Running',
    startTime: longAgo,
    conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: longAgo }],
    ...changes,
  },
});
const pods = (count: number): api.Pod[] => Array.from({ length: count }, (_, i) => pod(`p${i}`));
/** Figures in thousandths for p0, p1 …; undefined: none. */
const figures = (...values: (number | undefined)[]): Reading => ({
  type: 'pods',
  values: new Map(
    values.flatMap((value, i) => (value === undefined ? [] : [[`p${i}`, { value, at: now, windowMs: 15_000 }] as const])),
  ),
});

interface Case {
  readonly spec?: Partial<api.HorizontalPodAutoscalerSpec>;
  readonly status?: api.HorizontalPodAutoscalerStatus;
  readonly replicas?: number;
  readonly pods?: readonly api.Pod[];
  readonly readings?: readonly Reading[];
  readonly history?: Partial<AutoscalerHistory>;
  readonly selectorProblem?: AutoscalerInput['selectorProblem'];
}

function plan({ spec, status, replicas = 2, readings = [], history, selectorProblem, ...given }: Case): AutoscalerPlan {
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
  return planHorizontalPodAutoscaler({
    autoscaler: {
      metadata: { name: 'web', namespace: 'test' },
      spec: { scaleTargetRef, minReplicas: 1, maxReplicas: 10, metrics: [cpu(50)], ...spec },
      ...(status ? { status } : {}),
    },
    scale: { replicas, statusReplicas: replicas, selector: 'app=web' },
    pods: given.pods ?? pods(replicas),
    readings,
    selectorProblem,
    history: { recommendations: [], added: [], removed: [], ...history },
    now,
  });
}

const reasonOf = ({ status }: AutoscalerPlan, type: string): string | undefined =>
  status.conditions?.find((condition) => condition.type === type)?.reason;

describe('the size that metrics ask for', () => {
  test.each<[string, Case, number]>([
    ['twice the target doubles', { readings: [figures(100, 100)] }, 4],
    ['half of it halves', { replicas: 4, readings: [figures(25, 25, 25, 25)] }, 2],
    ['a tenth more changes nothing', { replicas: 10, readings: [figures(...Array.from({ length: 10 }, () => 55))] }, 10],
    ['more than that does', { replicas: 5, readings: [figures(56, 56, 56, 56, 56)] }, 6],
    [
      'a tolerance of its own',
      {
        spec: { behavior: { scaleUp: { tolerance: '0', policies: [{ type: 'Pods', value: 4, periodSeconds: 15 }] } } },
        readings: [figures(52, 52)],
      },
      3,
    ],
    ['fractions are rounded up', { replicas: 3, readings: [figures(60, 60, 60)] }, 4],
    [
      'the metric that asks for most decides',
      {
        spec: { metrics: [cpu(50), memory('10')] },
        readings: [figures(50, 50), figures(15_000, 15_000)],
      },
      3,
    ],
    ['a missing pod counts as idle when there is too much', { replicas: 3, readings: [figures(100, 100, undefined)] }, 4],
    ['and as busy when there is too little', { replicas: 3, readings: [figures(20, 20, undefined)] }, 3],
    ['guesses never turn the direction around', { replicas: 4, readings: [figures(60, undefined, undefined, undefined)] }, 4],
    [
      'pods that are being deleted do not count',
      {
        replicas: 1,
        pods: [pod('p0'), { ...pod('p1'), metadata: { name: 'p1', deletionTimestamp: longAgo } }],
        readings: [figures(50, 500)],
      },
      1,
    ],
    [
      'a starting pod counts as idle',
      {
        pods: [pod('p0'), pod('p1', { startTime: formatTime(now - 20_000), conditions: [{ type: 'Ready', status: 'False' }] })],
        readings: [figures(100, 900)],
      },
      2,
    ],
    [
      'so does one that has just become ready',
      {
        pods: [
          pod('p0'),
          pod('p1', {
            startTime: formatTime(now - 20_000),
            conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: formatTime(now - 5000) }],
          }),
        ],
        readings: [figures(100, 900)],
      },
      2,
    ],
    [
      'memory does not wait for readiness',
      {
        spec: { metrics: [memory('10')] },
        pods: [pod('p0'), pod('p1', { startTime: formatTime(now - 5000), conditions: [{ type: 'Ready', status: 'False' }] })],
        readings: [figures(20_000, 20_000)],
      },
      4,
    ],
    [
      'pods by an average',
      {
        spec: {
          metrics: [{ type: 'Pods', pods: { metric: { name: 'rps' }, target: { type: 'AverageValue', averageValue: '10' } } }],
        },
        replicas: 4,
        readings: [figures(11_000, 14_000, 12_000, 13_000)],
      },
      5,
    ],
    [
      'an object by its value',
      {
        spec: {
          metrics: [
            {
              type: 'Object',
              object: {
                describedObject: { kind: 'Service', name: 's' },
                metric: { name: 'rps' },
                target: { type: 'Value', value: '10' },
              },
            },
          ],
        },
        replicas: 4,
        readings: [{ type: 'value', value: 15_000 }],
      },
      6,
    ],
    [
      'a queue by the share of each replica',
      {
        spec: {
          metrics: [
            { type: 'External', external: { metric: { name: 'q' }, target: { type: 'AverageValue', averageValue: '30' } } },
          ],
        },
        replicas: 4,
        readings: [{ type: 'value', value: 200_000 }],
      },
      7,
    ],
  ])('%s', (_, input, replicas) =>
    expect(plan({ ...input, spec: { maxReplicas: 100, ...input.spec } }).status.desiredReplicas).toBe(replicas),
  );
});

describe('what limits a change', () => {
  const busy = figures(500, 500);
  const quiet = (count: number): Reading => figures(...Array.from({ length: count }, () => 1));
  const hourAgo = { replicas: 8, at: now - 3_600_000 };
  test.each<[string, Case, number, string, string]>([
    ['nothing', { readings: [figures(75, 75)] }, 3, 'ReadyForNewScale', 'DesiredWithinRange'],
    ['the maximum', { spec: { maxReplicas: 3 }, readings: [busy] }, 3, 'ReadyForNewScale', 'TooManyReplicas'],
    ['the minimum', { spec: { minReplicas: 2 }, replicas: 4, readings: [quiet(4)] }, 2, 'ReadyForNewScale', 'TooFewReplicas'],
    ['twice the size, or four', { spec: { maxReplicas: 100 }, readings: [busy] }, 4, 'ReadyForNewScale', 'ScaleUpLimit'],
    [
      'what was asked for five minutes ago',
      { replicas: 8, readings: [quiet(8)], history: { recommendations: [hourAgo, { replicas: 6, at: now - 299_000 }] } },
      6,
      'ScaleDownStabilized',
      'DesiredWithinRange',
    ],
    [
      'a policy by pods',
      { spec: { maxReplicas: 100, behavior: rules('scaleUp', { type: 'Pods', value: 3, periodSeconds: 60 }) }, readings: [busy] },
      5,
      'ReadyForNewScale',
      'ScaleUpLimit',
    ],
    [
      'what the period has had already',
      {
        spec: { maxReplicas: 100, behavior: rules('scaleUp', { type: 'Pods', value: 3, periodSeconds: 60 }) },
        readings: [busy],
        history: {
          added: [
            { change: 1, at: now - 30_000 },
            { change: 9, at: now - 61_000 },
          ],
        },
      },
      4,
      'ReadyForNewScale',
      'ScaleUpLimit',
    ],
    [
      'a policy by percent, downwards',
      {
        spec: { behavior: rules('scaleDown', { type: 'Percent', value: 25, periodSeconds: 60 }) },
        replicas: 8,
        readings: [quiet(8)],
      },
      6,
      'ReadyForNewScale',
      'ScaleDownLimit',
    ],
    [
      'a direction that is switched off',
      {
        spec: { behavior: { scaleDown: { selectPolicy: 'Disabled', stabilizationWindowSeconds: 0 } } },
        replicas: 8,
        readings: [quiet(8)],
      },
      8,
      'ReadyForNewScale',
      'ScaleDownLimit',
    ],
    [
      'a window upwards',
      {
        spec: { behavior: rules('scaleUp', { type: 'Pods', value: 10, periodSeconds: 60 }, 60) },
        readings: [busy],
        history: { recommendations: [{ replicas: 3, at: now - 50_000 }] },
      },
      3,
      'ScaleUpStabilized',
      'DesiredWithinRange',
    ],
  ])('%s', (_, input, replicas, able, limited) => {
    const result = plan(input);
    expect(result.status.desiredReplicas).toBe(replicas);
    expect(reasonOf(result, 'AbleToScale')).toBe(able);
    expect(reasonOf(result, 'ScalingLimited')).toBe(limited);
  });

  test('of several policies the boldest counts, or the most careful', () => {
    const policies = [
      { type: 'Pods', value: 1, periodSeconds: 60 },
      { type: 'Percent', value: 200, periodSeconds: 60 },
    ];
    const sizeWith = (selectPolicy: string): number =>
      plan({ spec: { behavior: { scaleUp: { policies, selectPolicy } } }, readings: [busy] }).status.desiredReplicas;
    expect([sizeWith('Max'), sizeWith('Min')]).toEqual([6, 3]);
  });
});

function rules(
  direction: 'scaleUp' | 'scaleDown',
  policy: api.HPAScalingPolicy,
  stabilizationWindowSeconds = 0,
): api.HorizontalPodAutoscalerBehavior {
  return { [direction]: { policies: [policy], selectPolicy: 'Max', stabilizationWindowSeconds } };
}

describe('without figures', () => {
  const gone: Reading = { type: 'problem', problem: 'unable to fetch metrics from resource metrics API: gone' };
  test('the size stays, and everybody is told why', () => {
    const { status, rescale, warnings } = plan({ readings: [gone], status: { desiredReplicas: 2 } });
    const text =
      'failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: gone';
    expect(rescale).toBeUndefined();
    expect(status).toMatchObject({ currentReplicas: 2, desiredReplicas: 2, currentMetrics: [{ type: '' }] });
    expect(status.conditions?.at(-1)).toMatchObject({
      type: 'ScalingActive',
      status: 'False',
      reason: 'FailedGetResourceMetric',
      message: `the HPA was unable to compute the replica count: ${text}`,
    });
    expect(warnings).toEqual([
      { reason: 'FailedGetResourceMetric', message: text },
      {
        reason: 'FailedComputeMetricsReplicas',
        message: `invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric value: ${text}`,
      },
    ]);
  });

  test.each<[string, number, number, string]>([
    ['grows with what it has', 100, 4, 'ValidMetricFound'],
    ['does not shrink', 10, 2, 'FailedGetResourceMetric'],
  ])('of one of two metrics it %s', (_, used, replicas, reason) => {
    const result = plan({
      spec: { metrics: [memory('10'), cpu(50)] },
      readings: [gone, figures(used, used)],
      status: { desiredReplicas: 2 },
    });
    expect(result.status.desiredReplicas).toBe(replicas);
    expect(reasonOf(result, 'ScalingActive')).toBe(reason);
  });

  test.each<[string, Case, string]>([
    ['no pods', { pods: [], readings: [figures()] }, 'no pods returned by selector while calculating replica count'],
    ['no pod that counts', { readings: [figures()] }, 'did not receive metrics for targeted pods (pods might be unready)'],
    [
      'a pod that requests nothing',
      { pods: [{ ...pod('p0'), spec: { containers: [{ name: 'app' }] } as api.PodSpec }], readings: [figures(1)] },
      'missing request for cpu in container app of Pod p0',
    ],
  ])('%s', (_, input, text) => {
    expect(plan(input).warnings[0]).toEqual({
      reason: 'FailedGetResourceMetric',
      message: `failed to get cpu utilization: ${text}`,
    });
  });

  test.each<[api.MetricSpec, string, string]>([
    [
      {
        type: 'Object',
        object: {
          describedObject: { kind: 'Service', name: 'web' },
          metric: { name: 'rps' },
          target: { type: 'Value', value: '1' },
        },
      },
      'FailedGetObjectMetric',
      'unable to get metric rps: Service on test web/gone',
    ],
    [
      {
        type: 'External',
        external: { metric: { name: 'q', selector: { matchLabels: { b: '2', a: '1' } } }, target: { type: 'Value', value: '1' } },
      },
      'FailedGetExternalMetric',
      'unable to get external metric test/q/&LabelSelector{MatchLabels:map[string]string{a: 1,b: 2,},MatchExpressions:[]LabelSelectorRequirement{},}: gone',
    ],
  ])('the words are those of each kind of metric %#', (metric, reason, message) => {
    expect(plan({ spec: { metrics: [metric] }, readings: [{ type: 'problem', problem: 'gone' }] }).warnings[0]).toEqual({
      reason,
      message,
    });
  });
});

describe('without looking at metrics', () => {
  test.each<[string, Case, AutoscalerPlan['rescale']]>([
    [
      'below the minimum',
      { spec: { minReplicas: 3 } },
      { replicas: 3, reason: 'Current number of replicas below Spec.MinReplicas' },
    ],
    ['above the maximum', { replicas: 20 }, { replicas: 10, reason: 'Current number of replicas above Spec.MaxReplicas' }],
    ['switched off by a size of zero', { replicas: 0 }, undefined],
  ])('%s', (_, input, rescale) => {
    const result = plan(input);
    expect(result.rescale).toEqual(rescale);
    expect(result.status.currentMetrics).toBeNull();
  });

  test('a size of zero is said', () => expect(reasonOf(plan({ replicas: 0 }), 'ScalingActive')).toBe('ScalingDisabled'));

  test('pods that several autoscalers count are left alone', () => {
    const message = 'pods by selector app=web are controlled by multiple HPAs: [test/web test/other]';
    const condition = { reason: 'AmbiguousSelector', message };
    const result = plan({ selectorProblem: { ...condition, condition } });
    expect(result.rescale).toBeUndefined();
    expect(result.warnings).toEqual([condition, { reason: 'FailedComputeMetricsReplicas', message }]);
  });
});

test('a condition keeps its time as long as its status, and its place', () => {
  const conditions = [
    { type: 'ScalingActive', status: 'False', reason: 'ScalingDisabled', message: 'off', lastTransitionTime: longAgo },
    { type: 'AbleToScale', status: 'True', reason: 'SucceededRescale', message: 'done', lastTransitionTime: longAgo },
  ];
  const result = plan({ status: { desiredReplicas: 2, conditions }, readings: [figures(50, 50)] });
  expect(result.status.conditions?.map(({ type, reason, lastTransitionTime }) => [type, reason, lastTransitionTime])).toEqual([
    ['ScalingActive', 'ValidMetricFound', formatTime(now)],
    ['AbleToScale', 'ReadyForNewScale', longAgo],
    ['ScalingLimited', 'DesiredWithinRange', formatTime(now)],
  ]);
});
