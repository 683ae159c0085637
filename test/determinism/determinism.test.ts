/** The same seed and the same manifests, under a stepped clock, give the same watch events in the same order. */
import { describe, expect, it } from 'vitest';
import { SteppedClock } from '#common/base/clock.ts';
import { silentLog } from '#common/base/log.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { kindOf } from '#common/kinds/allKinds.ts';
import { parseApiVersion } from '#common/api/groupVersion.ts';
import { startCluster } from '#runtime/cluster.ts';
import { readManifestGroups } from '#runtime/cli/manifests.ts';
import { projectFolder } from '../support/testCluster.ts';

const folders = ['hello-echo', 'httpd-two-nodes', 'nginx-rollout', 'guestbook', 'job-pi', 'broken'];

/** Runs the examples for two simulated minutes and gives every change that a watcher would see. */
async function history(seed: number): Promise<string[]> {
  const clock = new SteppedClock();
  const starting = startCluster({
    nodes: 3,
    port: 0,
    folder: undefined,
    latency: 'typical',
    seed,
    clock,
    freeze: true,
    log: silentLog,
  });
  let cluster: Awaited<typeof starting> | undefined;
  void starting.then((started) => (cluster = started));
  while (!cluster) await clock.advance(100, settle);
  const running = cluster;
  const seen: string[] = [];
  for (const kind of running.cache.kinds()) {
    running.cache.informer(kind).onChange(({ type, object }) => {
      seen.push(
        `${clock.now()} ${type} ${kind.kind} ${object.metadata.namespace ?? ''}/${object.metadata.name} ${fingerprint(object)}`,
      );
    });
  }
  for (const folder of folders) {
    const groups = await readManifestGroups([`${projectFolder}/examples/${folder}`]);
    for (const { object } of groups.flatMap(({ manifests }) => manifests)) {
      const { group, version } = parseApiVersion(object.apiVersion);
      const kind = kindOf(group, version, object.kind);
      if (!kind) throw new Error(`no kind ${object.kind}`);
      await running.client.create(kind, {
        ...object,
        metadata: { ...object.metadata, ...(kind.namespaced ? { namespace: 'default' } : {}) },
      } as KubeObject);
      await settle();
    }
  }
  await clock.advance(120_000, settle);
  await running.close();
  return seen;
}

/** Turns of the event loop until what one timer started has run its course. */
async function settle(): Promise<void> {
  for (let i = 0; i < 40; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** Everything of an object but what comes from outside the clock and the seed: certificates and tokens. */
const fingerprint = (object: KubeObject): string =>
  JSON.stringify(object, (key, value: unknown) =>
    key === 'resourceVersion' || key === 'ca.crt' || key === 'port' || key === 'targetPort' ? undefined : value,
  );

describe('determinism', () => {
  it('repeats itself for one seed, and not for another', { timeout: 120_000 }, async () => {
    // What a container runs is loaded when it is first needed, which takes real time: once, and not in the runs compared.
    await history(7);
    const first = await history(7);
    const second = await history(7);
    expect(first.length).toBeGreaterThan(200);
    const at = first.findIndex((line, i) => line !== second[i]);
    expect([at, second[at]]).toEqual([at, first[at]]);
    expect(second).toHaveLength(first.length);
    const other = await history(8);
    expect(other).not.toEqual(first);
  });
});
