/**
 * Kills the cluster's process in the middle of sixteen clients' writes, twenty times over, and looks at what is there
 * after each restart: every acknowledged write, and nothing half-written.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { connect } from '#runtime/cli/apiConnection.ts';
import type { ConfigMap, ConfigMapList, DeploymentList } from '#common/schema/generated/types.ts';
import { rawApi } from '../support/rawApi.ts';
import { startTestCluster, type TestCluster } from '../support/testCluster.ts';

const rounds = 20;
const clients = 16;
const state = mkdtempSync(path.join(tmpdir(), 'kube-playground-durability-'));
afterAll(() => rmSync(state, { recursive: true, force: true }));

const configMaps = '/api/v1/namespaces/default/configmaps';

/** Writes until the connection breaks; gives the last acknowledged value of each object. */
async function writeUntilKilled(
  cluster: TestCluster,
  round: number,
  client: number,
  acknowledged: Map<string, string>,
  enough: () => void,
): Promise<void> {
  const raw = rawApi(cluster.kubeconfig);
  const send = async (method: string, path: string, body: unknown, type = 'application/json'): Promise<number> =>
    (await raw.send({ method, path, type, body: JSON.stringify(body) })).code;
  try {
    for (let i = 0; ; i++) {
      const name = `c${client}-${i % 5}`;
      const value = `${round}-${i}-${'x'.repeat(300)}`;
      const status = acknowledged.has(name)
        ? await send('PATCH', `${configMaps}/${name}`, { data: { value } }, 'application/merge-patch+json')
        : await send('POST', configMaps, { metadata: { name }, data: { value } });
      // A create whose answer was lost in an earlier round is there already.
      if (status === 409) acknowledged.set(name, '');
      else if (status < 300) acknowledged.set(name, value);
      else throw new Error(`status ${status}`);
      if (i === 8) enough();
    }
  } catch (error) {
    if (cluster.process.signalCode === null && !cluster.process.killed) throw error;
  } finally {
    raw.close();
  }
}

describe('durability', () => {
  it('keeps every acknowledged write through SIGKILL, and controllers carry on', { timeout: 300_000 }, async () => {
    const acknowledged = new Map<string, string>();
    let lastRevision = 0;
    for (let round = 0; round < rounds; round++) {
      const cluster = await startTestCluster({ state });
      const api = connect(cluster.kubeconfig);
      const { items, metadata } = await api.get<ConfigMapList>(configMaps);
      const found = new Map(items.map((item: ConfigMap) => [item.metadata.name ?? '', item.data?.['value'] ?? '']));
      for (const [name, value] of acknowledged) {
        expect(found.has(name), `${name} was acknowledged and is gone in round ${round}`).toBe(true);
        // A later write may have been stored without its answer arriving; an older one may not have come back.
        const stored = found.get(name) ?? '';
        if (stored !== value) expect(order(stored), `${name} went back in round ${round}`).toBeGreaterThan(order(value));
        expect(stored === '' || stored.endsWith('x'.repeat(300)), 'half-written').toBe(true);
      }
      expect(Number(metadata?.resourceVersion)).toBeGreaterThanOrEqual(lastRevision);
      lastRevision = Number(metadata?.resourceVersion);
      const replicas = (round % 4) + 1;
      await api.send(
        'PATCH',
        '/apis/apps/v1/namespaces/default/deployments/web?fieldManager=test&force=true',
        JSON.stringify(deployment(replicas)),
        'application/apply-patch+yaml',
      );
      api.close();

      let running = 0;
      let release = (): void => undefined;
      const enough = new Promise<void>((resolve) => (release = resolve));
      const writers = Array.from({ length: clients }, (_, client) =>
        writeUntilKilled(cluster, round, client, acknowledged, () => ++running === clients && release()),
      );
      await Promise.race([enough, Promise.all(writers)]);
      await cluster.stop('SIGKILL');
      await Promise.all(writers);
    }
    const cluster = await startTestCluster({ state });
    const api = connect(cluster.kubeconfig);
    const wanted = ((rounds - 1) % 4) + 1;
    await api.watch(
      '/apis/apps/v1/namespaces/default/deployments?watch=true',
      (_, object) => {
        const { status } = object as unknown as DeploymentList['items'][number];
        return status?.readyReplicas === wanted && status.replicas === wanted && status.availableReplicas === wanted;
      },
      AbortSignal.timeout(60_000),
    );
    api.close();
    await cluster.stop();
  });
});

const order = (value: string): number => {
  const [round = 0, i = 0] = value.split('-').map(Number);
  return value === '' ? -1 : round * 1e6 + i;
};

const deployment = (replicas: number): unknown => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'registry.example/web:1' }] } },
  },
});
