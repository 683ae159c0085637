import { requirementsOf, type Resources } from '../podRequirements.ts';
import type { NodeInfo } from '../nodeInfo.ts';
import type { Plugin, Rejection } from '../plugin.ts';
import { cpuAndMemory, scorerOf, type ScoringStrategy } from '../resourceScoring.ts';

export interface NodeResourcesFitArgs {
  /** Extended resources that somebody else manages: by name, or by what comes before the slash. */
  readonly ignoredResources: readonly string[];
  readonly ignoredResourceGroups: readonly string[];
  readonly scoringStrategy: ScoringStrategy;
}

export const defaultFitArgs: NodeResourcesFitArgs = {
  ignoredResources: [],
  ignoredResourceGroups: [],
  scoringStrategy: { type: 'LeastAllocated', resources: cpuAndMemory },
};

/** The pod's requests must fit into what the node has left; the strategy says whether full or empty nodes score higher. */
export function createNodeResourcesFit(args: NodeResourcesFitArgs = defaultFitArgs): Plugin {
  const ignores = ignoring(args);
  const score = scorerOf(args.scoringStrategy);
  return {
    name: 'NodeResourcesFit',
    weight: 1,
    planFilter(pod) {
      const requests = without(ignores, requirementsOf(pod).requests);
      return { filter: (node) => (fits(requests, node) ? undefined : rejectionOf(requests, node)) };
    },
    score(pod, nodes) {
      const requirements = requirementsOf(pod);
      const scores = new Float64Array(nodes.length);
      for (let i = 0; i < nodes.length; i++) scores[i] = score(requirements, nodes[i] as NodeInfo);
      return scores;
    },
    mayHelp(pod, change) {
      const { requests } = requirementsOf(pod);
      switch (change.type) {
        case 'podGone':
          return true;
        case 'podChanged':
          return requirementsOf(change.pod) !== requirementsOf(change.old);
        case 'node': {
          const room = new Map(Object.entries(change.node.status?.allocatable ?? change.node.status?.capacity ?? {}));
          return [...requests.others.keys()].every((name) => room.has(name) || ignores(name));
        }
        default:
          return false;
      }
    },
  };
}

export const nodeResourcesFit = createNodeResourcesFit();

function ignoring({ ignoredResources, ignoredResourceGroups }: NodeResourcesFitArgs): (name: string) => boolean {
  const names = new Set(ignoredResources);
  const groups = new Set(ignoredResourceGroups);
  return (name) => names.has(name) || (name.includes('/') && groups.has(name.slice(0, name.indexOf('/'))));
}

function without(ignores: (name: string) => boolean, requests: Resources): Resources {
  if (requests.others.size === 0 || ![...requests.others.keys()].some(ignores)) return requests;
  return { ...requests, others: new Map([...requests.others].filter(([name]) => !ignores(name))) };
}

function fits({ milliCpu, memory, ephemeralStorage, others }: Resources, node: NodeInfo): boolean {
  const { allocatable, requested } = node;
  return (
    node.pods.size < node.allowedPods &&
    (milliCpu === 0 || milliCpu <= allocatable.milliCpu - requested.milliCpu) &&
    (memory === 0 || memory <= allocatable.memory - requested.memory) &&
    (ephemeralStorage === 0 || ephemeralStorage <= allocatable.ephemeralStorage - requested.ephemeralStorage) &&
    (others.size === 0 || othersFit(others, node))
  );
}

function othersFit(others: ReadonlyMap<string, number>, { allocatable, requested }: NodeInfo): boolean {
  for (const [name, want] of others) {
    if (want > 0 && want > (allocatable.others.get(name) ?? 0) - (requested.others.get(name) ?? 0)) return false;
  }
  return true;
}

function rejectionOf(requests: Resources, { allocatable, requested, pods, allowedPods }: NodeInfo): Rejection {
  const reasons: string[] = [];
  let unresolvable = false;
  const check = (name: string, want: number, used: number, room: number): void => {
    if (want <= 0 || want <= room - used) return;
    reasons.push(`Insufficient ${name}`);
    // More than the whole node has: emptying it would not help.
    if (want > room) unresolvable = true;
  };
  if (pods.size + 1 > allowedPods) reasons.push('Too many pods');
  check('cpu', requests.milliCpu, requested.milliCpu, allocatable.milliCpu);
  check('memory', requests.memory, requested.memory, allocatable.memory);
  check('ephemeral-storage', requests.ephemeralStorage, requested.ephemeralStorage, allocatable.ephemeralStorage);
  for (const [name, want] of requests.others)
    check(name, want, requested.others.get(name) ?? 0, allocatable.others.get(name) ?? 0);
  return { reasons, unresolvable };
}
