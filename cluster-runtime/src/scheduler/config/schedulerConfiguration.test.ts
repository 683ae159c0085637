/** What a KubeSchedulerConfiguration makes of the scheduler, and what is said of a wrong one. */
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Random } from '#common/base/random.ts';
import { decide } from '../cycle.ts';
import { allPlugins } from '../plugins/allPlugins.ts';
import type { Profile, SchedulerSettings } from '../profile.ts';
import { asking, clusterOf, podOf } from '../testClusters.ts';
import { readSchedulerConfiguration } from './schedulerConfiguration.ts';

const head = 'apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n';
const read = (yaml: string): SchedulerSettings => readSchedulerConfiguration(parse(head + yaml));
const profile = (yaml: string): Profile => read(yaml).profiles[0] as Profile;
const scoring = ({ plugins }: Profile): [string, number][] =>
  plugins.flatMap(({ name, score, weight = 1 }) => (score ? [[name, weight] as [string, number]] : []));
const filtering = ({ plugins }: Profile): string[] => plugins.flatMap(({ name, planFilter }) => (planFilter ? [name] : []));

it('says nothing, and has the default profile', () => {
  const settings = read('');
  expect(settings).toMatchObject({ podInitialBackoff: 1, podMaxBackoff: 10 });
  const [only] = settings.profiles;
  expect(only).toMatchObject({ schedulerName: 'default-scheduler', percentageOfNodesToScore: 0, honorsGates: true });
  expect(only?.plugins.map(({ name, weight }) => [name, weight ?? 1])).toEqual(
    allPlugins.map(({ name, weight }) => [name, weight ?? 1]),
  );
});

it('takes profiles with names of their own, and what holds for all of them', () => {
  const settings = read(`
percentageOfNodesToScore: 30
podInitialBackoffSeconds: 2
podMaxBackoffSeconds: 60
leaderElection: { leaderElect: false }
profiles:
- {}
- { schedulerName: no-scoring, percentageOfNodesToScore: 5, plugins: { preScore: { disabled: [{ name: '*' }] }, score: { disabled: [{ name: '*' }] } } }
`);
  expect(settings).toMatchObject({ podInitialBackoff: 2, podMaxBackoff: 60 });
  expect(settings.profiles.map((one) => [one.schedulerName, one.percentageOfNodesToScore, scoring(one).length > 0])).toEqual([
    ['default-scheduler', 30, true],
    ['no-scoring', 5, false],
  ]);
});

describe('plugins', () => {
  it('are left out and given other weights, at one point or at all', () => {
    const changed = profile(`
profiles:
- plugins:
    multiPoint: { disabled: [{ name: ImageLocality }, { name: SchedulingGates }], enabled: [{ name: TaintToleration, weight: 7 }] }
    filter: { disabled: [{ name: NodePorts }] }
    score: { enabled: [{ name: NodeAffinity, weight: 50 }] }
    postFilter: { disabled: [{ name: DefaultPreemption }] }
`);
    expect(Object.fromEntries(scoring(changed))).toEqual({
      TaintToleration: 7,
      NodeAffinity: 50,
      NodeResourcesFit: 1,
      PodTopologySpread: 2,
      InterPodAffinity: 2,
      NodeResourcesBalancedAllocation: 1,
    });
    expect(filtering(changed)).not.toContain('NodePorts');
    expect(changed).toMatchObject({ honorsGates: false, preemption: undefined, looksAtClaims: true });
  });

  it('are only those named, in their order, after all were disabled', () => {
    const changed = profile(`
profiles:
- plugins:
    multiPoint:
      disabled: [{ name: '*' }]
      enabled: [{ name: PrioritySort }, { name: DefaultBinder }, { name: NodeResourcesFit }, { name: NodeName }, { name: ImageLocality }]
    filter: { enabled: [{ name: NodeName }] }
`);
    expect(filtering(changed)).toEqual(['NodeName', 'NodeResourcesFit']);
    expect(scoring(changed)).toEqual([
      ['NodeResourcesFit', 1],
      ['ImageLocality', 1],
    ]);
    expect(changed).toMatchObject({ preemption: undefined, looksAtClaims: false, bindsVolumes: false });
    const decision = decide(podOf(asking({ cpu: '9' })), clusterOf({ a: {} }), changed.plugins, new Random(1));
    expect(decision).toMatchObject({ message: '0/1 nodes are available: 1 Insufficient cpu.' });
  });
});

const withArgs = (plugin: string, args: string): Profile =>
  profile(`profiles: [{ pluginConfig: [{ name: ${plugin}, args: ${args} }] }]`);
const chosen = (by: Profile, ...[pod, sketches]: [Parameters<typeof decide>[0], Parameters<typeof clusterOf>[0]]): string => {
  const decision = decide(pod, clusterOf(sketches), by.plugins, new Random(1));
  return decision.type === 'node' ? decision.node.name : decision.message;
};
const room = { cpu: '10', memory: '10Gi' };
const half = asking({ cpu: '5', memory: '5Gi' });

describe('arguments of plugins', () => {
  const oneEach = asking({ cpu: '1', memory: '1Gi' });
  const emptyAndHalf = { empty: room, half: { ...room, running: [podOf(half)] } };
  it.each<[string, string, string]>([
    ['the least used node', '{ scoringStrategy: { type: LeastAllocated } }', 'empty'],
    ['the most used node', '{ scoringStrategy: { type: MostAllocated } }', 'half'],
    [
      'what the shape prefers',
      '{ scoringStrategy: { type: RequestedToCapacityRatio, requestedToCapacityRatio: { shape: [{ utilization: 0, score: 0 }, { utilization: 100, score: 10 }] } } }',
      'half',
    ],
    [
      'and its opposite',
      '{ scoringStrategy: { type: RequestedToCapacityRatio, resources: [{ name: memory, weight: 3 }], requestedToCapacityRatio: { shape: [{ utilization: 0, score: 10 }, { utilization: 100, score: 0 }] } } }',
      'empty',
    ],
  ])('NodeResourcesFit prefers %s', (_, args, expected) => {
    expect(chosen(withArgs('NodeResourcesFit', args), podOf(oneEach), emptyAndHalf)).toBe(expected);
  });

  it('NodeResourcesFit leaves resources to others', () => {
    const pod = podOf(asking({ 'example.com/gpu': '1', 'other.example/x': '1' }));
    expect(chosen(withArgs('NodeResourcesFit', '{ ignoredResourceGroups: [example.com] }'), pod, { a: {} })).toBe(
      '0/1 nodes are available: 1 Insufficient other.example/x.',
    );
    const both = '{ ignoredResourceGroups: [example.com], ignoredResources: [other.example/x] }';
    expect(chosen(withArgs('NodeResourcesFit', both), pod, { a: {} })).toBe('a');
  });

  it('NodeAffinity adds an affinity to each pod', () => {
    const ssd = withArgs(
      'NodeAffinity',
      '{ addedAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: disk, operator: In, values: [ssd] }] }] } } }',
    );
    expect(chosen(ssd, podOf(), { a: {}, b: { labels: { disk: 'ssd' } } })).toBe('b');
    expect(chosen(ssd, podOf(), { a: {} })).toBe(
      "0/1 nodes are available: 1 node(s) didn't match scheduler-enforced node affinity.",
    );
  });

  it('PodTopologySpread spreads the pods of a Service as its list says', () => {
    const list = withArgs(
      'PodTopologySpread',
      '{ defaultingType: List, defaultConstraints: [{ maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule }] }',
    );
    const running = [podOf({}, { app: 'x' })];
    const siblings = (): ReturnType<NonNullable<Parameters<typeof clusterOf>[1]>['siblings'] & object> => ({
      requirements: [],
      isEmpty: false,
      matchesNothing: false,
      text: 'app=x',
      matches: (labels) => labels?.['app'] === 'x',
    });
    const sketches = { a: { labels: { zone: 'a' }, running }, b: { labels: { zone: 'b' }, cpu: '1' } };
    const decision = decide(
      podOf(asking({ cpu: '2' }), { app: 'x' }),
      clusterOf(sketches, { siblings }),
      list.plugins,
      new Random(1),
    );
    expect(decision).toMatchObject({
      message: "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't match pod topology spread constraints.",
    });
  });

  it('InterPodAffinity weighs what running pods require', () => {
    const running = [
      podOf({
        affinity: {
          podAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'x' } } },
            ],
          },
        },
      }),
    ];
    const sketches = { a: { ...room, running }, b: room };
    const pod = podOf({}, { app: 'x' });
    expect(chosen(withArgs('InterPodAffinity', '{ hardPodAffinityWeight: 100 }'), pod, sketches)).toBe('a');
    expect(chosen(withArgs('InterPodAffinity', '{ hardPodAffinityWeight: 0 }'), pod, sketches)).toBe('b');
  });
});

it.each([
  ['profiles: 3', 'profiles: expected a list, found 3.'],
  ['percentageOfNodesToScore: 200', 'percentageOfNodesToScore: 200 is not in the range 0-100.'],
  ['podInitialBackoffSeconds: 20', 'podMaxBackoffSeconds: must be greater than or equal to podInitialBackoffSeconds.'],
  ['parallelism: 0', 'parallelism: 0 is not in the range 1-2147483647.'],
  ['extenders: [{ urlPrefix: http://x }]', 'extenders[0]: extenders are programs elsewhere, which are not called here.'],
  ['nodes: 3', 'nodes: there is no such field.'],
  ['__proto__: {}', '__proto__: there is no such field.'],
  ['profiles: [{ schedulerName: a }, { schedulerName: a }]', 'profiles[1].schedulerName: there are two profiles of the name a.'],
  [
    'profiles: [{ plugins: { filter: { enabled: [{ name: ImageLocality }] } } }]',
    'profiles[0].plugins.filter.enabled[0].name: plugin "ImageLocality" does not extend filter.',
  ],
  [
    'profiles: [{ plugins: { score: { enabled: [{ name: Mine }] } } }]',
    /^profiles\[0\]\.plugins\.score\.enabled\[0\]\.name: there is no plugin "Mine"; there are SchedulingGates, /,
  ],
  [
    "profiles: [{ plugins: { multiPoint: { disabled: [{ name: '*' }] } } }]",
    'profiles[0].plugins.queueSort: no queue sort plugin is enabled.',
  ],
  [
    'profiles: [{ pluginConfig: [{ name: NodeResourcesFit, args: { scoringStrategy: { type: Most } } }] }]',
    'profiles[0].pluginConfig[0].args.scoringStrategy.type: "Most" is none of LeastAllocated, MostAllocated, RequestedToCapacityRatio.',
  ],
  [
    'profiles: [{ pluginConfig: [{ name: NodeResourcesFit, args: { kind: InterPodAffinityArgs } }] }]',
    'profiles[0].pluginConfig[0].args.kind: expected NodeResourcesFitArgs, found InterPodAffinityArgs.',
  ],
  [
    'profiles: [{ pluginConfig: [{ name: InterPodAffinity, args: { hardPodAffinityWeight: 101 } }] }]',
    'profiles[0].pluginConfig[0].args.hardPodAffinityWeight: 101 is not in the range 0-100.',
  ],
  [
    'profiles: [{ pluginConfig: [{ name: ImageLocality, args: { x: 1 } }] }]',
    'profiles[0].pluginConfig[0].args.x: there is no such field.',
  ],
  [
    'profiles: [{ pluginConfig: [{ name: DefaultPreemption, args: { minCandidateNodesPercentage: 0, minCandidateNodesAbsolute: 0 } }] }]',
    'profiles[0].pluginConfig[0].args.minCandidateNodesPercentage: cannot be zero together with minCandidateNodesAbsolute.',
  ],
  [
    'profiles: [{ pluginConfig: [{ name: PodTopologySpread, args: { defaultConstraints: [{ maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule }] } }] }]',
    'profiles[0].pluginConfig[0].args.defaultConstraints: needs the defaultingType List.',
  ],
  [
    'profiles: [{ pluginConfig: [{ name: PodTopologySpread, args: { defaultingType: List, defaultConstraints: [{ maxSkew: 0, topologyKey: a, whenUnsatisfiable: DoNotSchedule }] } }] }]',
    'profiles[0].pluginConfig[0].args.defaultConstraints[0].maxSkew: Invalid value: 0: must be greater than zero.',
  ],
  [
    'profiles: [{ pluginConfig: [{ name: NodeAffinity, args: { addedAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } } }] }]',
    'profiles[0].pluginConfig[0].args.addedAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have at least one node selector term.',
  ],
])('%s is refused', (yaml, message) => expect(() => read(yaml)).toThrow(message));

it('wants the kind and version that it knows', () => {
  const old = parse(head.replace('/v1', '/v1beta3')) as unknown;
  expect(() => readSchedulerConfiguration(old)).toThrow(
    'apiVersion: expected kubescheduler.config.k8s.io/v1, found kubescheduler.config.k8s.io/v1beta3.',
  );
  expect(() => readSchedulerConfiguration('text')).toThrow('expected fields, found "text".');
});
