/** Profiles from a configuration file, and why a pod is where it is: asked of a running cluster, through its API. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLog } from '#common/base/log.ts';
import type { Pod, SchedulingDecision } from '#common/schema/generated/types.ts';
import { type ApiConnection, connectWith } from '#runtime/cli/apiConnection.ts';
import { CliError } from '#runtime/cli/cliError.ts';
import { readSchedulerConfigFile } from '#runtime/cli/schedulerConfigFile.ts';
import { type Cluster, startCluster } from '#runtime/cluster.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kube-playground-scheduler-'));
const file = (name: string, text: string): string => {
  writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
};
const packing = `
apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
profiles:
- {}
- schedulerName: packing
  plugins:
    score:
      disabled: [{ name: '*' }]
      enabled: [{ name: NodeResourcesFit, weight: 3 }]
  pluginConfig:
  - { name: NodeResourcesFit, args: { scoringStrategy: { type: MostAllocated } } }
`;
const pods = '/api/v1/namespaces/default/pods';
const decisions = '/apis/playground.kube/v1alpha1/namespaces/default/schedulingdecisions';

let cluster: Cluster;
let api: ApiConnection;
beforeAll(async () => {
  const scheduler = await readSchedulerConfigFile(file('packing.yaml', packing));
  const log = createLog('test', () => undefined);
  cluster = await startCluster({ nodes: 3, port: 0, folder: undefined, latency: 'none', seed: 1, scheduler, log });
  api = connectWith(cluster.kubeconfig);
});
afterAll(async () => {
  api.close();
  await cluster.close();
  rmSync(folder, { recursive: true });
});

/** Makes the pod, and waits until the scheduler has said something about it. */
async function schedule(name: string, spec: Partial<Pod['spec'] & object>): Promise<Pod> {
  const containers = [{ name: 'c', image: 'nginx', resources: { requests: { cpu: '1', memory: '1Gi' } } }];
  await api.send('POST', pods, { metadata: { name, labels: { app: name } }, spec: { containers, ...spec } });
  let seen: Pod | undefined;
  const query = `watch=true&fieldSelector=metadata.name%3D${name}`;
  await api.watch<Pod & { metadata: object }>(`${pods}?${query}`, (_, pod) => {
    seen = pod;
    return pod.status?.conditions?.some(({ type }) => type === 'PodScheduled') ?? false;
  });
  return seen as Pod;
}

it('packs the pods of one profile onto one node, and says by which scores', async () => {
  const placed = [];
  for (const name of ['a', 'b', 'c']) placed.push((await schedule(name, { schedulerName: 'packing' })).spec?.nodeName);
  expect(new Set(placed).size).toBe(1);
  const why = await api.get<SchedulingDecision>(`${decisions}/c`);
  expect(why).toMatchObject({
    node: placed[0],
    schedulerName: 'packing',
    nodes: 3,
    feasibleNodes: 3,
    attempt: 1,
    rejections: [],
  });
  const [chosen, other] = why.scores ?? [];
  expect(chosen?.node).toBe(placed[0]);
  expect(chosen?.plugins).toEqual([{ plugin: 'NodeResourcesFit', score: (chosen?.total ?? 0) / 3, weight: 3 }]);
  expect(chosen?.total).toBeGreaterThan(other?.total ?? Infinity);
});

it('says everything that every plugin has against each node, as long as the pod waits', async () => {
  const containers = [{ name: 'c', image: 'nginx', resources: { requests: { cpu: '100' } } }];
  await schedule('big', { nodeSelector: { disk: 'ssd' }, containers });
  const why = await api.get<SchedulingDecision>(`${decisions}/big`);
  expect(why.message).toMatch(/^0\/3 nodes are available: 3 node\(s\) didn't match Pod's node affinity\/selector\./);
  expect(why.rejections).toMatchObject([{ plugin: 'NodeAffinity', count: 3 }]);
  expect(why.objections?.map(({ objections }) => objections?.map(({ plugin }) => plugin))).toEqual(
    Array.from({ length: 3 }, () => ['NodeAffinity', 'NodeResourcesFit']),
  );
});

it('lists decisions, by label too, and forgets those about pods that are gone', async () => {
  const listed = async (query = ''): Promise<(string | undefined)[]> => {
    const { items } = await api.get<{ items: SchedulingDecision[] }>(`${decisions}${query}`);
    return items.map(({ metadata }) => metadata?.name);
  };
  expect(await listed('?labelSelector=app%3Dbig')).toEqual(['big']);
  expect(await listed()).toEqual(['a', 'b', 'big', 'c']);
  await api.send('DELETE', `${pods}/big`);
  expect(await listed()).toEqual(['a', 'b', 'c']);
  await expect(api.get(`${decisions}/big`)).rejects.toThrow('schedulingdecisions.playground.kube "big" not found');
});

it.each([
  [
    'unknown.yaml',
    packing.replace('name: NodeResourcesFit, weight', 'name: Mine, weight'),
    /unknown\.yaml: profiles\[1\]\.plugins\.score\.enabled\[0\]\.name: there is no plugin "Mine"; there are /,
  ],
  ['broken.yaml', 'a: [', /broken\.yaml is not valid YAML: .*; mend it and start again\.$/],
])('%s is refused with one sentence', async (name, text, words) => {
  const refusal = await readSchedulerConfigFile(file(name, text)).catch((error: unknown) => error as CliError);
  expect(refusal).toBeInstanceOf(CliError);
  expect(refusal).toMatchObject({ message: expect.stringMatching(words) as string, exitCode: 1 });
});
