/**
 * A control plane for tests: store, API operations, informers and the controllers under test, with time under the
 * test's hand. Pods have no kubelet; `runPods` makes those of a namespace running and ready.
 */
import { SteppedClock } from '#common/base/clock.ts';
import { type Context, drainTasks } from '#common/base/context.ts';
import { createLog } from '#common/base/log.ts';
import { Random } from '#common/base/random.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { formatTime } from '#common/api/time.ts';
import { Event } from '#common/kinds/event.ts';
import { Namespace } from '#common/kinds/namespace.ts';
import { Pod } from '#common/kinds/pod.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type * as api from '#common/schema/generated/types.ts';
import { allPlugins } from '#runtime/apiserver/admission/allPlugins.ts';
import { createRegistry } from '#runtime/apiserver/registry/apiRegistry.ts';
import { createCache } from '#runtime/client/informerCache.ts';
import { createLocalClient } from '#runtime/client/localClient.ts';
import type { Controller } from '#runtime/controller/controller.ts';
import { startControllers } from '#runtime/controller/runController.ts';
import { MemoryStore } from '#runtime/store/memoryStore.ts';

export const ns = 'test';

/** Everything but service accounts, which pods would wait for. */
const plugins = allPlugins.filter((plugin) => plugin.name !== 'ServiceAccount');

export async function startTestCluster(controllers: readonly Controller[]) {
  const clock = new SteppedClock();
  const abort = new AbortController();
  const problems: string[] = [];
  const log = createLog('test', (record) => {
    if (record.level === 'warn' || record.level === 'error')
      problems.push(`${record.component}: ${record.message} ${JSON.stringify(record.fields)}`);
  });
  const ctx: Context = { signal: abort.signal, clock, random: new Random(1), log, tasks: new Set() };
  const store = new MemoryStore({ freeze: true });
  const registry = createRegistry({ store, clock, random: ctx.random, admissionPlugins: plugins });
  const cache = createCache(store, registry);
  const client = createLocalClient(registry, { name: 'admin', groups: ['system:masters'] }, 'test');
  for (const name of ['default', 'kube-system', ns])
    await client.create(Namespace, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  const running = startControllers(ctx, { client, cache, checkWrites: true }, controllers);

  const cluster = {
    clock,
    client,
    cache,
    registry,
    /** What was logged at level warn or above. */
    problems,
    metrics: () => running.metrics(),
    settle: () => running.whenIdle(),
    advance: (ms: number) => clock.advance(ms, () => running.whenIdle()),
    pods: (namespace = ns) => cache.list(Pod, namespace),
    /** `[reason, message]` of the events about `name`, in order. */
    async events(name: string, namespace = ns): Promise<[string, string][]> {
      await cluster.advance(100);
      const events = await client.list(Event, { namespace });
      return events
        .filter((event) => event.involvedObject.name === name)
        .map((event) => [event.reason ?? '', event.message ?? '']);
    },
    async setPodStatus(pod: api.Pod, status: api.PodStatus): Promise<void> {
      const fresh = await client.get(Pod, { namespace: pod.metadata.namespace ?? '', name: pod.metadata.name ?? '' });
      await client.updateStatus(Pod, { ...fresh, status: { ...fresh.status, ...status } });
      await running.whenIdle();
    },
    /** Makes the waiting pods run, until the controllers make no more of them. */
    async runPods(): Promise<void> {
      for (;;) {
        await running.whenIdle();
        const waiting = cluster.pods().filter((pod) => pod.status?.phase === 'Pending' && !pod.metadata.deletionTimestamp);
        if (waiting.length === 0) return;
        const ready = { type: 'Ready', status: 'True', lastTransitionTime: formatTime(clock.now()) };
        await Promise.all(
          waiting.map((pod) =>
            client.updateStatus(Pod, { ...pod, status: { ...pod.status, phase: 'Running', conditions: [ready] } }),
          ),
        );
      }
    },
    async create<T extends KubeObject>(kind: KindDefinition<T>, object: Omit<T, 'apiVersion' | 'kind'>): Promise<T> {
      const apiVersion = kind.group ? `${kind.group}/${kind.version}` : kind.version;
      const created = await client.create(kind, { apiVersion, kind: kind.kind, ...object } as unknown as T);
      await running.whenIdle();
      return created;
    },
    async stop(): Promise<void> {
      abort.abort();
      await running.finished;
      await drainTasks(ctx);
      await store.close();
    },
  };
  await cluster.settle();
  return cluster;
}

export const template = (labels: Record<string, string>, image = 'registry.example/app:1'): api.PodTemplateSpec => ({
  metadata: { labels },
  spec: { containers: [{ name: 'c', image }] },
});
