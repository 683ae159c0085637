/** Small clusters with a bit of everything that the scheduler looks at, for fast-check to make and to shrink. */
import fc from 'fast-check';
import type * as api from '#common/schema/generated/types.ts';

export interface GeneratedCluster {
  readonly nodes: api.Node[];
  readonly namespaces: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Selectors of the Services in each pod's own namespace. */
  readonly services: readonly { readonly namespace: string; readonly selector: Readonly<Record<string, string>> }[];
  /** In the order in which they come. */
  readonly running: readonly RunningPod[];
  readonly incoming: api.Pod;
}

export interface RunningPod {
  readonly pod: api.Pod;
  /** Index of its node. */
  readonly at: number;
  /** It has gone again by the time that the pod comes. */
  readonly gone: boolean;
}

const zone = 'topology.kubernetes.io/zone';
const hostname = 'kubernetes.io/hostname';
const apps = ['x', 'y', 'z'] as const;
const namespaces = { default: {}, red: { team: 'red' }, blue: { team: 'blue', old: 'yes' } };
const one = <T>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
/** Undefined once in `to + 1` times. */
const sometimes = <T>(value: fc.Arbitrary<T>, to = 4): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: to, arbitrary: value }, { weight: 1, arbitrary: fc.constant(undefined) });
/** Once in four times. */
const rarely = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 1, arbitrary: value }, { weight: 3, arbitrary: fc.constant(undefined) });
const few = <T>(value: fc.Arbitrary<T>, maxLength = 2): fc.Arbitrary<T[]> => fc.array(value, { maxLength, size: 'max' });
const mostlyNone = <T>(value: fc.Arbitrary<T[]>): fc.Arbitrary<T[]> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant<T[]>([]) }, { weight: 1, arbitrary: value });
/** Without the fields that are undefined. */
const record = <T extends object>(fields: { [K in keyof T]?: fc.Arbitrary<T[K] | undefined> }): fc.Arbitrary<T> =>
  fc
    .record<Record<string, unknown>>(fields as Record<string, fc.Arbitrary<unknown>>)
    .map((made) => Object.fromEntries(Object.entries(made).filter(([, value]) => value !== undefined)) as T);

const labels = record<Record<string, string>>({ app: one<string>(...apps), tier: sometimes(one('1', '2', '3')) });

const selector: fc.Arbitrary<api.LabelSelector> = fc.oneof(
  { weight: 4, arbitrary: one(...apps).map((app): api.LabelSelector => ({ matchLabels: { app } })) },
  {
    weight: 2,
    arbitrary: few(
      fc.oneof(
        record<api.LabelSelectorRequirement>({
          key: one('app', 'tier'),
          operator: one('In', 'NotIn'),
          values: fc.uniqueArray(one('x', 'y', '1', '2'), { minLength: 1, maxLength: 2 }),
        }),
        record<api.LabelSelectorRequirement>({ key: one('app', 'tier'), operator: one('Exists', 'DoesNotExist') }),
      ),
    ).map((matchExpressions): api.LabelSelector => ({ matchExpressions })),
  },
);

const taint = record<api.Taint>({
  key: one('k', 'l'),
  value: sometimes(one('1', '5')),
  effect: one('NoSchedule', 'NoExecute', 'PreferNoSchedule', 'PreferNoSchedule', 'PreferNoSchedule'),
});

const node = (i: number): fc.Arbitrary<api.Node> =>
  fc
    .record({
      zone: sometimes(one('a', 'b', 'c', ''), 8),
      disk: sometimes(one('ssd', '7', '12'), 6),
      taints: few(taint, 1),
      unschedulable: one(false, false, false, false, false, true),
      cpu: one('2', '3500m', '8', '16'),
      memory: one('2Gi', '8Gi', '16Gi'),
      pods: one('3', '110'),
      gpu: sometimes(one('1', '4'), 3),
      images: mostlyNone(
        few(
          record<api.ContainerImage>({
            names: one('i:latest', 'j:2', 'example.com:5000/k:latest').map((name) => [name]),
            sizeBytes: one(10_000_000, 300_000_000, 2_000_000_000),
          }),
        ),
      ),
    })
    .map(({ zone: inZone, disk, taints, unschedulable, cpu, memory, pods, gpu, images }) => ({
      metadata: {
        name: `n${i}`,
        labels: { [hostname]: `n${i}`, ...(inZone === undefined ? {} : { [zone]: inZone }), ...(disk ? { disk } : {}) },
      },
      spec: { ...(taints.length ? { taints } : {}), ...(unschedulable ? { unschedulable } : {}) },
      status: { allocatable: { cpu, memory, pods, ...(gpu ? { 'example.com/gpu': gpu } : {}) }, images },
    }));

const requests = record<Record<string, string>>({
  cpu: sometimes(one('100m', '500m', '1'), 3),
  memory: sometimes(one('256Mi', '512Mi', '1Gi'), 3),
  'example.com/gpu': one(...Array.from({ length: 12 }, () => undefined), '1', '2'),
});

const port = record<api.ContainerPort>({
  containerPort: fc.constant(80),
  hostPort: one(80, 81),
  protocol: sometimes(one('TCP', 'UDP')),
  hostIP: sometimes(one('127.0.0.1', '0.0.0.0')),
});

const container = (restarts: boolean): fc.Arbitrary<api.Container> =>
  fc
    .record({ image: one('i', 'j:2', 'example.com:5000/k'), requests, ports: mostlyNone(few(port, 1)), sidecar: fc.boolean() })
    .map(({ image, requests: own, ports, sidecar }) => ({
      name: 'c',
      image,
      resources: { requests: own },
      ...(ports.length ? { ports } : {}),
      ...(restarts && sidecar ? { restartPolicy: 'Always' } : {}),
    }));

const term = record<api.PodAffinityTerm>({
  topologyKey: one(zone, hostname, 'disk'),
  labelSelector: sometimes(selector, 8),
  namespaces: sometimes(fc.uniqueArray(one('default', 'red', 'blue'), { minLength: 1, maxLength: 2 }), 1),
  namespaceSelector: sometimes(
    one<api.LabelSelector>({}, { matchLabels: { team: 'red' } }, { matchExpressions: [{ key: 'old', operator: 'Exists' }] }),
    1,
  ),
  matchLabelKeys: sometimes(one(['tier'], ['nothing']), 1),
  mismatchLabelKeys: sometimes(one(['tier']), 1),
});
const podAffinity = record<api.PodAffinity>({
  requiredDuringSchedulingIgnoredDuringExecution: sometimes(few(term), 1),
  preferredDuringSchedulingIgnoredDuringExecution: sometimes(
    few(record<api.WeightedPodAffinityTerm>({ weight: fc.integer({ min: 1, max: 100 }), podAffinityTerm: term })),
    1,
  ),
});

const nodeRequirement = fc.oneof(
  record<api.NodeSelectorRequirement>({
    key: one('disk', zone),
    operator: one('In', 'NotIn'),
    values: fc.uniqueArray(one('ssd', '7', 'a', 'b'), { minLength: 1, maxLength: 3 }),
  }),
  record<api.NodeSelectorRequirement>({ key: one('disk', zone), operator: one('Exists', 'DoesNotExist') }),
  record<api.NodeSelectorRequirement>({ key: fc.constant('disk'), operator: one('Gt', 'Lt'), values: one(['7'], ['9']) }),
);
const nodeTerm = record<api.NodeSelectorTerm>({
  matchExpressions: sometimes(few(nodeRequirement), 6),
  matchFields: sometimes(
    one(
      [{ key: 'metadata.name', operator: 'In', values: ['n0'] }],
      [{ key: 'metadata.name', operator: 'NotIn', values: ['n1'] }],
    ),
    1,
  ),
});
const nodeAffinity = record<api.NodeAffinity>({
  requiredDuringSchedulingIgnoredDuringExecution: sometimes(
    fc.array(nodeTerm, { minLength: 1, maxLength: 2, size: 'max' }).map((nodeSelectorTerms) => ({ nodeSelectorTerms })),
    1,
  ),
  preferredDuringSchedulingIgnoredDuringExecution: sometimes(
    few(record<api.PreferredSchedulingTerm>({ weight: fc.integer({ min: 1, max: 100 }), preference: nodeTerm })),
    1,
  ),
});

const constraint = record<api.TopologySpreadConstraint>({
  maxSkew: one(1, 2, 3),
  topologyKey: one(zone, hostname, 'disk'),
  whenUnsatisfiable: one('DoNotSchedule', 'ScheduleAnyway'),
  labelSelector: sometimes(selector, 8),
  minDomains: sometimes(one(1, 2, 4), 1),
  nodeAffinityPolicy: sometimes(one('Honor', 'Ignore'), 1),
  nodeTaintsPolicy: sometimes(one('Honor', 'Ignore'), 1),
  matchLabelKeys: sometimes(one(['tier']), 1),
});

const toleration = record<api.Toleration>({
  key: sometimes(one('k', 'l', 'node.kubernetes.io/unschedulable'), 6),
  operator: one('Exists', 'Equal'),
  value: sometimes(one('1', '5'), 1),
  effect: sometimes(one('NoSchedule', 'PreferNoSchedule'), 1),
}).map((made) => {
  // What the API refuses: without a key only Exists, with Exists no value.
  if (made.key === undefined) made.operator = 'Exists';
  if (made.operator === 'Exists') delete made.value;
  return made;
});

const spec: fc.Arbitrary<api.PodSpec> = record<api.PodSpec>({
  containers: fc.array(container(false), { minLength: 1, maxLength: 2, size: 'max' }),
  initContainers: rarely(few(container(true))),
  overhead: rarely(fc.constant({ cpu: '250m', memory: '100Mi' })),
  resources: rarely(one<api.ResourceRequirements>({ requests: { cpu: '1500m' } }, { requests: { cpu: '1', memory: '1Gi' } })),
  nodeSelector: fc.oneof(
    { weight: 1, arbitrary: one<Record<string, string>>({ disk: 'ssd' }, { [zone]: 'a' }) },
    { weight: 9, arbitrary: fc.constant(undefined) },
  ),
  tolerations: mostlyNone(few(toleration)),
  affinity: sometimes(
    record<api.Affinity>({
      nodeAffinity: rarely(nodeAffinity),
      podAffinity: sometimes(podAffinity, 1),
      podAntiAffinity: rarely(podAffinity),
    }),
    2,
  ),
  topologySpreadConstraints: sometimes(
    fc.uniqueArray(constraint, {
      minLength: 1,
      maxLength: 2,
      size: 'max',
      selector: ({ topologyKey, whenUnsatisfiable }) => `${topologyKey} ${whenUnsatisfiable}`,
    }),
    1,
  ),
});

const pod = (name: string): fc.Arbitrary<api.Pod> =>
  fc
    .record({
      namespace: one('default', 'default', 'red', 'blue'),
      labels,
      spec,
      terminating: one(false, false, false, false, true),
    })
    .map((made) => ({
      metadata: {
        name,
        uid: name,
        namespace: made.namespace,
        labels: made.labels,
        ...(terminatingStamp(name, made.terminating) ?? {}),
      },
      spec: made.spec,
    }));

/** The pod that is to be scheduled is never on its way out. */
const terminatingStamp = (name: string, terminating: boolean): Partial<api.ObjectMeta> | undefined =>
  terminating && name !== 'incoming' ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : undefined;

export const generatedCluster: fc.Arbitrary<GeneratedCluster> = fc
  .record({ nodes: fc.integer({ min: 1, max: 6 }), running: fc.integer({ min: 0, max: 10 }) })
  .chain(({ nodes, running }) =>
    fc.record({
      nodes: fc.tuple(...Array.from({ length: nodes }, (_, i) => node(i))),
      namespaces: fc.constant(namespaces),
      services: mostlyNone(few(fc.record({ namespace: one('default', 'red'), selector: one(...apps).map((app) => ({ app })) }))),
      running: fc.tuple(
        ...Array.from({ length: running }, (_, i) =>
          fc.record({ pod: pod(`r${i}`), at: fc.integer({ min: 0, max: nodes - 1 }), gone: one(false, false, true) }),
        ),
      ),
      incoming: pod('incoming'),
    }),
  );
