/**
 * Random walks as data: what is done when, and what goes wrong in between. A walk with operations left out is a walk
 * too, which is how a failing one is made short.
 */
import { Random } from '#common/base/random.ts';
import { type FaultPlan, noFaults } from './faults.ts';
import { controllerNames, kubeletOf, schedulerName } from './simulatedCluster.ts';
import { appOf, traitsOf, type WorkloadKind, type WorkloadOptions } from './workloads.ts';

type Target = { readonly kind: WorkloadKind; readonly name: string };

/** What happens, at `at` seconds from the begin. A pod is chosen by its place among those that are there. */
export type Operation = { readonly at: number } & Deed;

export type Deed =
  | ({ readonly do: 'create'; readonly options: WorkloadOptions } & Target)
  | ({ readonly do: 'scale'; readonly replicas: number } & Target)
  | ({ readonly do: 'update'; readonly image: string } & Target)
  | ({ readonly do: 'delete'; readonly propagation: 'Background' | 'Foreground' | 'Orphan' } & Target)
  | ({ readonly do: 'pause' | 'resume' | 'undo' } & Target)
  | { readonly do: 'delete pod' | 'kill pod' | 'evict pod' | 'relabel pod'; readonly pod: number }
  | {
      readonly do: 'stop node' | 'shut down node' | 'start node' | 'add node' | 'remove node' | 'cordon' | 'uncordon';
      readonly node: string;
    }
  | ({ readonly do: 'load'; readonly cpu: string } & Target)
  | { readonly do: 'grow claim'; readonly claim: number; readonly size: number }
  | { readonly do: 'delete claim'; readonly claim: number }
  | { readonly do: 'crash'; readonly component: string; readonly writes: number; readonly down: number };

export interface Walk {
  readonly seed: number;
  readonly nodes: number;
  readonly faults: FaultPlan;
  /** How many of a hundred components have these faults. */
  readonly faulty: number;
  readonly operations: readonly Operation[];
}

const names = ['a', 'b'];
const kinds = Object.keys(traitsOf) as WorkloadKind[];
const scalable: readonly WorkloadKind[] = ['ReplicationController', 'ReplicaSet', 'Deployment', 'StatefulSet', 'Job'];
const scalableByLoad: readonly WorkloadKind[] = ['Deployment', 'Deployment', 'StatefulSet', 'ReplicaSet'];
const withTemplate: readonly WorkloadKind[] = ['ReplicationController', 'ReplicaSet', 'Deployment', 'StatefulSet', 'DaemonSet'];
const withPods: readonly WorkloadKind[] = [...withTemplate, 'Job', 'CronJob', 'Pod'];
const pausable: readonly WorkloadKind[] = ['Deployment', 'Job', 'CronJob'];
const operationsPerWalk = 36;

export function generateWalk(seed: number): Walk {
  const random = new Random(seed * 7919 + 13);
  const chance = (share: number): boolean => random.next() < share;
  const pick = <T>(from: readonly T[]): T => from[random.int(from.length)] as T;
  const nodes = 2 + random.int(2);
  const nodeNames = ['node-1', 'node-2', 'node-3', 'node-4'];
  // A few kinds at a time, so that much happens to each.
  const focus = new Set<WorkloadKind>();
  while (focus.size < 3) focus.add(pick(withPods));
  const targets: Target[] = [...focus].flatMap((kind) => names.map((name) => ({ kind, name })));
  const among = (allowed: readonly WorkloadKind[]): Target | undefined => {
    const fitting = targets.filter(({ kind }) => allowed.includes(kind));
    return fitting.length > 0 ? pick(fitting) : undefined;
  };
  const selected = (): string => {
    const { kind, name } = pick(targets);
    return appOf(kind, name);
  };
  const scaled = (): string => {
    const { kind, name } = among(scalableByLoad) ?? { kind: 'Deployment', name: pick(names) };
    return `${kind}/${name}`;
  };
  const optionsFor = (kind: WorkloadKind): WorkloadOptions => ({
    trait: chance(0.3) ? 'plain' : pick(traitsOf[kind]),
    replicas: 1 + random.int(4),
    version: 1,
    ...(kind === 'Service' || kind === 'PodDisruptionBudget'
      ? { target: selected() }
      : kind === 'HorizontalPodAutoscaler'
        ? { target: scaled() }
        : kind === 'Pod'
          ? { target: chance(0.5) ? appOf('Deployment', pick(names)) : pick(names) }
          : {}),
  });
  const create = (kind: WorkloadKind, name: string) => ({ do: 'create', kind, name, options: optionsFor(kind) }) as const;
  const crashable = [...controllerNames, schedulerName, ...nodeNames.map(kubeletOf)];

  const next = (): Deed => {
    for (;;) {
      const dice = random.int(100);
      if (dice < 18) {
        const { kind, name } = pick(targets);
        return create(kind, name);
      }
      if (dice < 24) return create(chance(0.6) ? 'Service' : 'PodDisruptionBudget', pick(names));
      if (dice < 32) {
        const target = among(scalableByLoad);
        const verb = pick([
          'autoscale',
          'autoscale',
          'load',
          'load',
          'claim',
          'claim',
          'volume',
          'grow claim',
          'delete claim',
        ] as const);
        if (verb === 'autoscale' && target) return create('HorizontalPodAutoscaler', pick(names));
        if (verb === 'load' && target) return { do: 'load', ...target, cpu: pick(['20m', '100m', '400m']) };
        if (verb === 'claim') return create('PersistentVolumeClaim', pick(names));
        if (verb === 'volume') return create('PersistentVolume', pick(names));
        if (verb === 'grow claim') return { do: verb, claim: random.int(8), size: 2 + random.int(3) };
        if (verb === 'delete claim') return { do: verb, claim: random.int(8) };
      }
      if (dice < 41) {
        const target = among(scalable);
        if (target) return { do: 'scale', ...target, replicas: random.int(6) };
      } else if (dice < 55) {
        const target = among(withTemplate);
        const missing = chance(0.1) && (target?.kind === 'Deployment' || target?.kind === 'DaemonSet');
        if (target) return { do: 'update', ...target, image: `sim/${missing ? 'missing' : 'serve'}:v${1 + random.int(4)}` };
      } else if (dice < 62) {
        const kind = chance(0.8) ? pick(targets).kind : pick(kinds);
        return { do: 'delete', kind, name: pick(names), propagation: pick(['Background', 'Foreground', 'Orphan'] as const) };
      } else if (dice < 66) {
        const target = among(pausable);
        if (target) return { do: pick(['pause', 'resume', 'undo'] as const), ...target };
      } else if (dice < 75) {
        const verb = pick(['delete pod', 'delete pod', 'kill pod', 'evict pod', 'evict pod', 'relabel pod'] as const);
        return { do: verb, pod: random.int(40) };
      } else if (dice < 86) {
        const verbs = [
          'stop node',
          'shut down node',
          'start node',
          'start node',
          'add node',
          'remove node',
          'cordon',
          'uncordon',
        ] as const;
        return { do: pick(verbs), node: pick(nodeNames) };
      } else {
        return { do: 'crash', component: pick(crashable), writes: 1 + random.int(4), down: 1 + random.int(30) };
      }
    }
  };

  const operations: Operation[] = [];
  let at = 0;
  const add = (operation: Deed): void => {
    operations.push({ at, ...operation });
    // Often at once, sometimes after so long that everything has calmed down.
    at += chance(0.35) ? 0 : chance(0.85) ? random.int(20) : random.int(150);
  };
  for (const { kind, name } of targets) if (chance(0.7)) add(create(kind, name));
  while (operations.length < operationsPerWalk) add(next());
  return { seed, nodes, ...faultsFor(random), operations };
}

/** One walk in five has no faults, so that what fails without them is found without them. */
function faultsFor(random: Random): { faults: FaultPlan; faulty: number } {
  if (random.next() < 0.2) return { faults: noFaults, faulty: 0 };
  const some = (most: number): number => (random.next() < 0.3 ? 0 : most * random.next());
  const lag = Math.round(some(3000));
  return {
    faulty: 20 + random.int(80),
    faults: {
      conflicts: some(0.4),
      slowWrites: Math.round(some(800)),
      lag,
      merges: lag > 0 ? some(0.6) : 0,
      repeats: some(0.3),
      breaks: some(0.06),
    },
  };
}

export const describeOperation = ({ at, ...operation }: Operation): string => {
  const { do: verb, ...details } = operation;
  const text = Object.entries(details).map(
    ([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : value}`,
  );
  return `${String(at).padStart(5)}s  ${verb} ${text.join(' ')}`;
};

export function describeWalk(walk: Walk): string {
  const faults = Object.entries(walk.faults).filter(([, value]) => value > 0);
  const wrong =
    faults.length > 0 && walk.faulty > 0 ? faults.map(([name, value]) => `${name} ${Number(value.toFixed(2))}`) : ['none'];
  return [
    `seed ${walk.seed}, ${walk.nodes} nodes; faults of ${walk.faulty} % of the components: ${wrong.join(', ')}`,
    ...walk.operations.map(describeOperation),
  ].join('\n');
}
