/** Generated clusters: the indexed, incremental scheduler finds exactly the nodes that a naive reading of the rules finds. */
import { expect, it } from 'vitest';
import { Random } from '#common/base/random.ts';
import type * as api from '#common/schema/generated/types.ts';
import { decide } from './cycle.ts';
import { objectionNow } from './feasibility.ts';
import { allPlugins } from './plugins/allPlugins.ts';
import { clusterOf, type NodeSketch, podOf } from './testClusters.ts';

type Labels = Record<string, string>;
const pick = <T>(random: Random, values: readonly T[]): T => values[random.int(values.length)] as T;
const chance = (random: Random, percent: number): boolean => random.int(100) < percent;
const apps = ['x', 'y', 'z'];
const keys = ['zone', 'kubernetes.io/hostname'];
const someNamespace = (random: Random): string => pick(random, ['default', 'default', 'other']);

function randomTerm(random: Random): api.PodAffinityTerm {
  return {
    topologyKey: pick(random, keys),
    labelSelector: { matchLabels: { app: pick(random, apps) } },
    ...(chance(random, 20) ? { namespaces: ['other'] } : {}),
    ...(chance(random, 20) ? { namespaceSelector: { matchLabels: { team: 'o' } } } : {}),
  };
}

function randomPod(random: Random): api.Pod {
  const terms = (percent: number): { requiredDuringSchedulingIgnoredDuringExecution?: api.PodAffinityTerm[] } =>
    chance(random, percent) ? { requiredDuringSchedulingIgnoredDuringExecution: [randomTerm(random)] } : {};
  const spec: Partial<api.PodSpec> = {
    containers: [
      {
        name: 'c',
        image: 'i',
        resources: { requests: { cpu: `${random.int(4)}` } },
        ports: chance(random, 15) ? [{ containerPort: 80, hostPort: 80 + random.int(2) }] : [],
      },
    ],
    ...(chance(random, 20) ? { nodeSelector: { disk: 'ssd' } } : {}),
    ...(chance(random, 50) ? { tolerations: [{ key: 'k', operator: 'Exists' }] } : {}),
    affinity: { podAffinity: terms(25), podAntiAffinity: terms(25) },
    ...(chance(random, 35)
      ? {
          topologySpreadConstraints: [
            {
              maxSkew: 1 + random.int(2),
              topologyKey: pick(random, keys),
              whenUnsatisfiable: 'DoNotSchedule',
              labelSelector: { matchLabels: { app: pick(random, apps) } },
              ...(chance(random, 20) ? { minDomains: 3 } : {}),
              ...(chance(random, 20) ? { nodeTaintsPolicy: 'Honor' } : {}),
              ...(chance(random, 20) ? { nodeAffinityPolicy: 'Ignore' } : {}),
            },
          ],
        }
      : {}),
  };
  return podOf(spec, { app: pick(random, apps) }, { namespace: someNamespace(random) });
}

interface Machine {
  readonly name: string;
  readonly labels: Labels;
  readonly sketch: NodeSketch;
  readonly pods: api.Pod[];
}

/** The documented rules, word for word, looking at everything each time. */
function isFeasible(pod: api.Pod, machine: Machine, all: readonly Machine[]): boolean {
  const { spec } = pod;
  const cpu = (p: api.Pod): number => Number(p.spec?.containers[0]?.resources?.requests?.['cpu'] ?? 0);
  const port = (p: api.Pod): number | undefined => p.spec?.containers[0]?.ports?.[0]?.hostPort;
  const used = machine.pods.reduce((sum, p) => sum + cpu(p), 0);
  const tolerates = (m: Machine): boolean => !m.sketch.taints || spec?.tolerations !== undefined;
  const selects = (m: Machine): boolean => !spec?.nodeSelector || m.labels['disk'] === 'ssd';
  if (machine.sketch.unschedulable || !tolerates(machine) || !selects(machine)) return false;
  if (cpu(pod) > 0 && used + cpu(pod) > Number(machine.sketch.cpu)) return false;
  if (port(pod) !== undefined && machine.pods.some((p) => port(p) === port(pod))) return false;

  const means = (owner: api.Pod, term: api.PodAffinityTerm, other: api.Pod): boolean => {
    if (other.metadata.labels?.['app'] !== term.labelSelector?.matchLabels?.['app']) return false;
    const namespace = other.metadata.namespace ?? '';
    if (!term.namespaces && !term.namespaceSelector) return namespace === owner.metadata.namespace;
    return (term.namespaces?.includes(namespace) ?? false) || (term.namespaceSelector !== undefined && namespace === 'other');
  };
  const together = (m: Machine, key: string): boolean => m.labels[key] !== undefined && m.labels[key] === machine.labels[key];
  const wanted = spec?.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  for (const term of wanted) {
    if (machine.labels[term.topologyKey] === undefined) return false;
    const partners = all.filter((m) => m.labels[term.topologyKey] !== undefined && m.pods.some((p) => means(pod, term, p)));
    if (partners.length === 0 ? !means(pod, term, pod) : !partners.some((m) => together(m, term.topologyKey))) return false;
  }
  const avoided = (p: api.Pod): api.PodAffinityTerm[] =>
    p.spec?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  for (const m of all) {
    for (const other of m.pods) {
      if (avoided(pod).some((term) => together(m, term.topologyKey) && means(pod, term, other))) return false;
      if (avoided(other).some((term) => together(m, term.topologyKey) && means(other, term, pod))) return false;
    }
  }
  for (const {
    maxSkew,
    topologyKey,
    labelSelector,
    minDomains,
    nodeTaintsPolicy,
    nodeAffinityPolicy,
  } of spec?.topologySpreadConstraints ?? []) {
    const domain = machine.labels[topologyKey];
    if (domain === undefined) return false;
    const counts = new Map<string, number>();
    const matches = (p: api.Pod): boolean =>
      p.metadata.namespace === pod.metadata.namespace && p.metadata.labels?.['app'] === labelSelector?.matchLabels?.['app'];
    for (const m of all) {
      const at = m.labels[topologyKey];
      if (at === undefined || (nodeAffinityPolicy !== 'Ignore' && !selects(m)) || (nodeTaintsPolicy === 'Honor' && !tolerates(m)))
        continue;
      counts.set(at, (counts.get(at) ?? 0) + m.pods.filter(matches).length);
    }
    const fewest = counts.size < (minDomains ?? 1) ? 0 : Math.min(...counts.values());
    if ((counts.get(domain) ?? 0) + (matches(pod) ? 1 : 0) - fewest > maxSkew) return false;
  }
  return true;
}

it('agrees with the rules on 2,000 clusters, while pods come and go', () => {
  const random = new Random(20_26);
  let feasible = 0;
  let refused = 0;
  for (let round = 0; round < 2_000; round++) {
    const machines: Machine[] = Array.from({ length: 2 + random.int(6) }, (_, i) => {
      const labels: Labels = {
        'kubernetes.io/hostname': `n${i}`,
        ...(chance(random, 85) ? { zone: pick(random, ['a', 'b', 'c']) } : {}),
        ...(chance(random, 60) ? { disk: 'ssd' } : {}),
      };
      const sketch: NodeSketch = {
        cpu: `${2 + random.int(8)}`,
        labels,
        ...(chance(random, 20) ? { taints: [{ key: 'k', effect: 'NoSchedule' }] } : {}),
        ...(chance(random, 10) ? { unschedulable: true } : {}),
      };
      return { name: `n${i}`, labels, sketch, pods: [] };
    });
    const cluster = clusterOf(Object.fromEntries(machines.map(({ name, sketch }) => [name, sketch])), {
      namespaceLabels: (namespace) => (namespace === 'other' ? { team: 'o' } : {}),
    });
    for (let step = 0; step < 8; step++) {
      const pod = randomPod(random);
      const expected = machines.filter((m) => isFeasible(pod, m, machines)).map((m) => m.name);
      const found = cluster.nodes.filter((node) => !objectionNow(pod, node, allPlugins, cluster)).map((node) => node.name);
      expect(found, `round ${round}, step ${step}: ${JSON.stringify({ pod, machines })}`).toEqual(expected);
      feasible += expected.length;
      refused += machines.length - expected.length;
      const decision = decide(pod, cluster, allPlugins, random);
      expect(decision.type).toBe(expected.length > 0 ? 'node' : 'none');
      // Anywhere: what runs need not have been placed by these rules.
      const host = pick(random, machines);
      host.pods.push(pod);
      cluster.place(pod, host.name);
      if (chance(random, 20)) {
        const gone = host.pods.shift();
        if (gone) cluster.unplace(gone);
      }
    }
  }
  expect(Math.min(feasible, refused), 'both answers are common').toBeGreaterThan(10_000);
}, 60_000);
