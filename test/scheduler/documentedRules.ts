/** Which nodes can take a pod, by the documentation: each rule looks at everything, for each node anew. */
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
  together,
  tolerates,
  wantsNode,
  type World,
} from './plainReading.ts';

export const isFeasible = (pod: api.Pod, machine: Machine, world: World): boolean =>
  rules.every((rule) => rule(pod, machine, world));

type Rule = (pod: api.Pod, machine: Machine, world: World) => boolean;

const isOpen: Rule = (pod, { node }) =>
  !node.spec?.unschedulable || tolerates(pod, { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' });

const isTolerated: Rule = (pod, { node }) => (node.spec?.taints ?? []).filter(keepsOff).every((taint) => tolerates(pod, taint));

const isWanted: Rule = (pod, { node }) => wantsNode(pod, node);

const hasRoom: Rule = (pod, { node, pods }) => {
  const room = node.status?.allocatable ?? {};
  if (pods.length + 1 > amount(room['pods'])) return false;
  return ['cpu', 'memory', 'example.com/gpu'].every((resource) => {
    const asked = asks(pod, resource);
    return asked === 0 || asked + asksTogether(pods, resource) <= amount(room[resource]) + 1e-9;
  });
};

const hasPorts: Rule = (pod, { pods }) => {
  const clash = (a: api.ContainerPort, b: api.ContainerPort): boolean => {
    const ips = [a.hostIP ?? '0.0.0.0', b.hostIP ?? '0.0.0.0'];
    const overlap = ips[0] === ips[1] || ips.includes('0.0.0.0');
    return a.hostPort === b.hostPort && (a.protocol ?? 'TCP') === (b.protocol ?? 'TCP') && overlap;
  };
  return !hostPorts(pod).some((own) => pods.some((other) => hostPorts(other).some((theirs) => clash(own, theirs))));
};

/** Init containers have ended when the pod runs, but for sidecars. */
const hostPorts = ({ spec }: api.Pod): api.ContainerPort[] =>
  [
    ...(spec?.containers ?? []),
    ...(spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always'),
  ].flatMap(({ ports = [] }) => ports.filter(({ hostPort }) => hostPort));

const isWithFriends: Rule = (pod, machine, world) => {
  const terms = pod.spec?.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  if (terms.length === 0) return true;
  const isFriend = (other: api.Pod): boolean => terms.every((term) => isAbout(term, pod, other, world));
  if (!terms.every((term) => domain(machine, term.topologyKey) !== undefined)) return false;
  const finds = (term: api.PodAffinityTerm, where: (m: Machine) => boolean): boolean =>
    world.machines.some((m) => domain(m, term.topologyKey) !== undefined && where(m) && m.pods.some(isFriend));
  if (terms.every((term) => finds(term, (m) => together(m, machine, term.topologyKey)))) return true;
  // The first of a group may begin it anywhere.
  return isFriend(pod) && !terms.some((term) => finds(term, () => true));
};

const antiAffinity = ({ spec }: api.Pod): api.PodAffinityTerm[] =>
  spec?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];

const isAwayFromOthers: Rule = (pod, machine, world) =>
  world.machines.every((m) =>
    m.pods.every((other) => {
      const avoids = (a: api.Pod, b: api.Pod): boolean =>
        antiAffinity(a).some((term) => together(m, machine, term.topologyKey) && isAbout(term, a, b, world));
      return !avoids(pod, other) && !avoids(other, pod);
    }),
  );

const isSpread: Rule = (pod, machine, world) => {
  const constraints = (pod.spec?.topologySpreadConstraints ?? []).filter((c) => c.whenUnsatisfiable === 'DoNotSchedule');
  return constraints.every((constraint) => {
    const here = domain(machine, constraint.topologyKey);
    if (here === undefined) return false;
    const counts = new Map<string, number>();
    for (const m of world.machines) {
      const at = domain(m, constraint.topologyKey) ?? '';
      const hasAllKeys = constraints.every(({ topologyKey }) => domain(m, topologyKey) !== undefined);
      if (!hasAllKeys || !isLookedAt(constraint, pod, m)) continue;
      counts.set(at, (counts.get(at) ?? 0) + m.pods.filter((other) => isCounted(constraint, pod, other)).length);
    }
    const fewest = counts.size < (constraint.minDomains ?? 1) ? 0 : Math.min(...counts.values());
    const own = isCounted(constraint, pod, pod) ? 1 : 0;
    return (counts.get(here) ?? 0) + own - fewest <= constraint.maxSkew;
  });
};

const rules: readonly Rule[] = [isOpen, isTolerated, isWanted, hasRoom, hasPorts, isWithFriends, isAwayFromOthers, isSpread];
