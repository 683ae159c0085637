/**
 * The indexed, incremental scheduler against a second implementation of the documented rules: on generated clusters both
 * find the same feasible nodes, and the node that is chosen is among those with the highest score. A failing case is
 * shrunk, and printed with the seed that brings it back (`KUBE_PLAYGROUND_SEED`).
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { selectorFromMap } from '#common/api/labelSelector.ts';
import { Random } from '#common/base/random.ts';
import { ClusterModel } from '#runtime/scheduler/clusterModel.ts';
import { decide } from '#runtime/scheduler/cycle.ts';
import { objectionNow } from '#runtime/scheduler/feasibility.ts';
import { type Lookups, noLookups } from '#runtime/scheduler/lookups.ts';
import { allPlugins } from '#runtime/scheduler/plugins/allPlugins.ts';
import { isFeasible } from './documentedRules.ts';
import { documentedScores } from './documentedScores.ts';
import { generatedCluster, type GeneratedCluster, type RunningPod } from './generatedCluster.ts';
import type { Machine, World } from './plainReading.ts';

const clusters = 5_000;
const seed = Number(process.env['KUBE_PLAYGROUND_SEED'] ?? 20_261_121);

/** The scheduler's model, after everything in the cluster's history has happened to it. */
function modelOf({ nodes, namespaces, services, running, incoming }: GeneratedCluster): ClusterModel {
  const lookups: Lookups = {
    ...noLookups,
    namespaceLabels: (namespace) => (namespaces as Record<string, Record<string, string>>)[namespace],
    siblings(pod) {
      const own = services.filter(
        ({ namespace, selector }) =>
          namespace === pod.metadata.namespace && selectorFromMap(selector).matches(pod.metadata.labels),
      );
      return own.length > 0
        ? selectorFromMap(Object.assign({}, ...own.map(({ selector }) => selector)) as Record<string, string>)
        : undefined;
    },
  };
  const model = new ClusterModel(lookups);
  for (const node of nodes) model.setNode(node.metadata.name ?? '', node);
  const place = ({ pod, at }: RunningPod): void => model.place(pod, nodes[at]?.metadata.name ?? '');
  const half = Math.floor(running.length / 2);
  running.slice(0, half).forEach(place);
  // From here on every count is kept in step, which is what is to be shown.
  decide(incoming, model, allPlugins, new Random(1));
  running.slice(half).forEach(place);
  for (const { pod, gone } of running) if (gone) model.unplace(pod);
  return model;
}

function worldOf({ nodes, namespaces, services, running }: GeneratedCluster): World {
  const machines = nodes.map((node, i): Machine => ({
    node,
    pods: running.filter(({ at, gone }) => at === i && !gone).map(({ pod }) => pod),
  }));
  return { machines, namespaceLabels: namespaces, services };
}

it(`agrees with the documented rules on ${clusters} clusters`, { timeout: 300_000 }, () => {
  const answers = { feasible: 0, refused: 0, choices: 0 };
  const property = fc.property(generatedCluster, (cluster) => {
    const { incoming } = cluster;
    const world = worldOf(cluster);
    const model = modelOf(cluster);
    const expected = world.machines.filter((machine) => isFeasible(incoming, machine, world));
    const names = expected.map(({ node }) => node.metadata.name);
    const found = model.nodes.filter((node) => !objectionNow(incoming, node, allPlugins, model)).map(({ name }) => name);
    expect(found.sort(), 'feasible nodes').toEqual(names);
    answers.feasible += expected.length;
    answers.refused += world.machines.length - expected.length;

    const decision = decide(incoming, model, allPlugins, new Random(1));
    if (decision.type === 'none') {
      expect(names).toEqual([]);
      return;
    }
    // Nodes that are named by themselves are not compared with others that are feasible as well: there are none.
    const totals = documentedScores(incoming, expected, world);
    const best = names.filter((_, i) => totals[i] === Math.max(...totals));
    if (best.length < names.length) answers.choices++;
    expect(best, `scores ${JSON.stringify(Object.fromEntries(names.map((name, i) => [name, totals[i]])))}`).toContain(
      decision.node.name,
    );
  });
  fc.assert(property, { numRuns: clusters, seed });
  expect(Math.min(answers.feasible, answers.refused, answers.choices), JSON.stringify(answers)).toBeGreaterThan(clusters / 5);
});
