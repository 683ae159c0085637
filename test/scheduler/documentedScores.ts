/** What feasible nodes are worth to a pod, by the documentation of each plugin, with the weights of the default profile. */
import type * as api from '#common/schema/generated/types.ts';
import {
  amount,
  asks,
  asksTogether,
  domain,
  isAbout,
  isCounted,
  isLookedAt,
  keepsOff,
  type Machine,
  nodeMatches,
  selects,
  together,
  tolerates,
  type World,
} from './plainReading.ts';

type Scorer = (pod: api.Pod, machines: readonly Machine[], world: World) => number[];

const mebibyte = 2 ** 20;

/** The total of each machine. */
export function documentedScores(pod: api.Pod, machines: readonly Machine[], world: World): number[] {
  const totals = machines.map(() => 0);
  for (const [weight, score] of scorers) {
    const scores = score(pod, machines, world);
    scores.forEach((one, i) => (totals[i] = (totals[i] ?? 0) + weight * Math.min(100, one)));
  }
  return totals;
}

const upToHundred = (values: number[]): number[] => {
  const most = Math.max(...values);
  return values.map((value) => (most === 0 ? 0 : Math.floor((value * 100) / most)));
};

const fewTaints: Scorer = (pod, machines) =>
  upToHundred(
    machines.map(({ node }) => (node.spec?.taints ?? []).filter((taint) => !keepsOff(taint) && !tolerates(pod, taint)).length),
  ).map((share) => 100 - share);

const preferredNodes: Scorer = ({ spec }, machines) =>
  upToHundred(
    machines.map(({ node }) =>
      (spec?.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [])
        .filter(({ preference }) => nodeMatches(preference, node))
        .reduce((sum, { weight }) => sum + weight, 0),
    ),
  );

const leastAllocated: Scorer = (pod, machines) =>
  machines.map(({ node, pods }) => {
    const free = (resource: string, least: number, unit: number): number => {
      const room = Math.round(amount(node.status?.allocatable?.[resource]) * unit);
      const used = Math.round(asksTogether([...pods, pod], resource, least) * unit);
      return used > room ? 0 : Math.floor(((room - used) * 100) / room);
    };
    return Math.floor((free('cpu', 0.1, 1000) + free('memory', 200 * mebibyte, 1)) / 2);
  });

const balanced: Scorer = (pod, machines) => {
  if (asks(pod, 'cpu') === 0 && asks(pod, 'memory') === 0) return machines.map(() => 0);
  return machines.map(({ node, pods }) => {
    const balance = (those: readonly api.Pod[]): number => {
      const share = (resource: string, unit: number): number =>
        Math.min(
          1,
          Math.round(asksTogether(those, resource) * unit) / Math.round(amount(node.status?.allocatable?.[resource]) * unit),
        );
      return Math.trunc((1 - Math.abs(share('cpu', 1000) - share('memory', 1)) / 2) * 100);
    };
    return 50 + Math.trunc((50 + balance([...pods, pod]) - balance(pods)) / 2);
  });
};

const imageNames = ({ spec }: api.Pod): string[] =>
  [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].map(({ image = '' }) =>
    /:[^/]*$/.test(image) ? image : `${image}:latest`,
  );

const hasImages: Scorer = (pod, machines, world) => {
  const sizeOn = ({ node }: Machine, name: string): number | undefined =>
    (node.status?.images ?? []).filter(({ names }) => names?.includes(name)).at(-1)?.sizeBytes;
  return machines.map((machine) => {
    const sum = imageNames(pod).reduce((total, name) => {
      const share = world.machines.filter((m) => sizeOn(m, name) !== undefined).length / world.machines.length;
      return total + Math.floor((sizeOn(machine, name) ?? 0) * share);
    }, 0);
    const most = 1000 * mebibyte * imageNames(pod).length;
    const least = 23 * mebibyte;
    return Math.floor((100 * (Math.min(Math.max(sum, least), most) - least)) / (most - least));
  });
};

const affinity: Scorer = (pod, machines, world) => {
  const preferred = (p: api.Pod): [number, api.PodAffinityTerm][] => [
    ...(p.spec?.affinity?.podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(
      ({ weight, podAffinityTerm }): [number, api.PodAffinityTerm] => [weight, podAffinityTerm],
    ),
    ...(p.spec?.affinity?.podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(
      ({ weight, podAffinityTerm }): [number, api.PodAffinityTerm] => [-weight, podAffinityTerm],
    ),
  ];
  const required = (p: api.Pod): [number, api.PodAffinityTerm][] =>
    (p.spec?.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map((term) => [1, term]);
  const sums = machines.map((machine) => {
    let sum = 0;
    for (const m of world.machines) {
      for (const other of m.pods) {
        for (const [weight, term] of preferred(pod))
          if (together(m, machine, term.topologyKey) && isAbout(term, pod, other, world)) sum += weight;
        for (const [weight, term] of [...preferred(other), ...required(other)])
          if (together(m, machine, term.topologyKey) && isAbout(term, other, pod, world)) sum += weight;
      }
    }
    return sum;
  });
  const range = Math.max(...sums) - Math.min(...sums);
  return sums.map((sum) => (range === 0 ? 0 : Math.floor((100 * (sum - Math.min(...sums))) / range)));
};

const hostname = 'kubernetes.io/hostname';

/** The system's own, for pods of a Service that say nothing of it: all Services' selectors hold together. */
function systemConstraints(pod: api.Pod, world: World): api.TopologySpreadConstraint[] {
  const own = world.services.filter(
    ({ namespace, selector }) =>
      namespace === pod.metadata.namespace && selects({ matchLabels: selector }, pod.metadata.labels ?? {}),
  );
  if (own.length === 0) return [];
  const labelSelector = { matchLabels: Object.assign({}, ...own.map(({ selector }) => selector)) as Record<string, string> };
  return [
    { topologyKey: hostname, maxSkew: 3, whenUnsatisfiable: 'ScheduleAnyway', labelSelector },
    { topologyKey: 'topology.kubernetes.io/zone', maxSkew: 5, whenUnsatisfiable: 'ScheduleAnyway', labelSelector },
  ];
}

const spread: Scorer = (pod, machines, world) => {
  const own = pod.spec?.topologySpreadConstraints ?? [];
  const isOwn = own.length > 0;
  const constraints = isOwn ? own.filter((c) => c.whenUnsatisfiable === 'ScheduleAnyway') : systemConstraints(pod, world);
  if (constraints.length === 0) return machines.map(() => 0);
  const hasAll = (m: Machine): boolean => constraints.every(({ topologyKey }) => domain(m, topologyKey) !== undefined);
  const isCompared = (m: Machine): boolean => !isOwn || hasAll(m);
  const compared = machines.filter(isCompared);
  const sums = machines.map((machine) => {
    let sum = 0;
    for (const constraint of constraints) {
      const { topologyKey, maxSkew } = constraint;
      const here = domain(machine, topologyKey);
      if (here === undefined) continue;
      const perNode = topologyKey === hostname;
      const domains = perNode ? compared.length : new Set(compared.map((m) => domain(m, topologyKey) ?? '')).size;
      const counted = world.machines.filter((m) =>
        perNode ? m === machine : domain(m, topologyKey) === here && (!isOwn || hasAll(m)) && isLookedAt(constraint, pod, m),
      );
      const count = counted.flatMap(({ pods }) => pods).filter((other) => isCounted(constraint, pod, other)).length;
      sum += count * Math.log(domains + 2) + (maxSkew - 1);
    }
    return Math.round(sum);
  });
  const valid = sums.filter((_, i) => isCompared(machines[i] as Machine));
  const most = Math.max(0, ...valid);
  const least = Math.min(...valid);
  return machines.map((machine, i) => {
    if (!isCompared(machine)) return 0;
    return most === 0 ? 100 : Math.floor((100 * (most + least - (sums[i] ?? 0))) / most);
  });
};

const scorers: readonly [weight: number, score: Scorer][] = [
  [3, fewTaints],
  [2, preferredNodes],
  [1, leastAllocated],
  [1, balanced],
  [1, hasImages],
  [2, affinity],
  [2, spread],
];
