import { afterEach, describe, expect, it } from 'vitest';
import { ConfigMap } from '#common/kinds/configMap.ts';
import { Pod } from '#common/kinds/pod.ts';
import { modifiedConflict } from '#common/api/status.ts';
import type * as api from '#common/schema/generated/types.ts';
import { claim, indexOrphans, ownerReference, watchOrphans } from '#runtime/controller/adoption.ts';
import { defineController, done, requeueAt } from '#runtime/controller/controller.ts';
import { ns, startTestCluster, template } from './testCluster.ts';

let cluster: Awaited<ReturnType<typeof startTestCluster>>;
afterEach(() => cluster.stop());

const named = (name: string) => ({ metadata: { name, namespace: ns } });
const counting = (reconcile: (run: number, now: number) => number | undefined) => {
  const runs: number[] = [];
  const controller = defineController<api.ConfigMap>({
    name: 'counting',
    for: ConfigMap,
    async reconcile(ctx) {
      runs.push(ctx.clock.now());
      return requeueAt(reconcile(runs.length, ctx.clock.now()));
    },
  });
  return { controller, runs, gaps: () => runs.slice(1).map((at, i) => at - (runs[i] ?? 0)) };
};

describe('the controller framework', () => {
  it('retries a failure with a wait that doubles, and logs each', async () => {
    const { controller, gaps } = counting((run) => {
      if (run < 5) throw new Error('no');
      return undefined;
    });
    cluster = await startTestCluster([controller]);
    await cluster.create(ConfigMap, named('a'));
    await cluster.advance(10_000);
    expect(gaps()).toEqual([5, 10, 20, 40]);
    expect(cluster.problems).toHaveLength(4);
    expect(cluster.metrics()[0]).toMatchObject({ reconciles: 5, failures: 4 });
  });

  it('takes a lost race as ordinary', async () => {
    const { controller, runs } = counting((run) => {
      if (run === 1) throw modifiedConflict({ group: '', resource: 'configmaps' }, 'a');
      return undefined;
    });
    cluster = await startTestCluster([controller]);
    await cluster.create(ConfigMap, named('a'));
    await cluster.advance(1000);
    expect([runs.length, cluster.problems.length, cluster.metrics()[0]?.conflicts]).toEqual([2, 0, 1]);
  });

  it('looks again when asked to, and not after it has ended', async () => {
    const { controller, gaps, runs } = counting((_, now) => now + 1000);
    cluster = await startTestCluster([controller]);
    await cluster.create(ConfigMap, named('a'));
    await cluster.advance(3000);
    expect(gaps()).toEqual([1000, 1000, 1000]);
    await cluster.stop();
    await cluster.clock.advance(5000);
    expect([runs.length, cluster.clock.pending]).toEqual([4, 0]);
  });

  it('adopts and releases by labels, leaving other owners alone', async () => {
    const selector = { matchLabels: { app: 'x' } };
    const owned: string[][] = [];
    const controller = defineController<api.ConfigMap>({
      name: 'owner',
      for: ConfigMap,
      owns: [Pod],
      writes: [Pod],
      watches: [watchOrphans(ConfigMap, Pod, () => selector)],
      setup: (ctx) => indexOrphans(ctx.cache, Pod),
      async reconcile(ctx, key) {
        const owner = ctx.cache.get(ConfigMap, key);
        if (owner)
          owned.push(
            (await claim(ctx, { kind: ConfigMap, owner, childKind: Pod, selector })).map((pod) => pod.metadata.name ?? ''),
          );
        return done;
      },
    });
    cluster = await startTestCluster([controller]);
    const owner = await cluster.create(ConfigMap, named('owner'));
    const pod = (name: string, more: object = {}) =>
      cluster.create(Pod, {
        metadata: { name, namespace: ns, labels: { app: 'x' }, ...more },
        spec: template({}).spec as api.PodSpec,
      });
    await pod('orphan');
    await pod('theirs', { ownerReferences: [{ apiVersion: 'v1', kind: 'Secret', name: 's', uid: 'u', controller: true }] });
    const refs = (name: string) => cluster.cache.get(Pod, { namespace: ns, name })?.metadata.ownerReferences;
    expect(refs('orphan')).toEqual([ownerReference(ConfigMap, owner)]);
    expect(refs('theirs')?.[0]?.uid).toBe('u');
    await cluster.client.patch(Pod, { namespace: ns, name: 'orphan' }, 'merge', { metadata: { labels: { app: 'y' } } });
    await cluster.settle();
    expect(refs('orphan')).toBeUndefined();
    expect(owned.at(-1)).toEqual([]);
  });
});
