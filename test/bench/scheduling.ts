/**
 * What the scheduler can do: pods with affinity and spread over a thousand nodes, through API, informers and binding, in
 * this process. There are no kubelets, so that nothing else is measured.
 */
import { SteppedClock } from '#common/base/clock.ts';
import { type Context, drainTasks } from '#common/base/context.ts';
import { createLog } from '#common/base/log.ts';
import { Random } from '#common/base/random.ts';
import { Namespace } from '#common/kinds/namespace.ts';
import { Node } from '#common/kinds/node.ts';
import { Pod } from '#common/kinds/pod.ts';
import type * as api from '#common/schema/generated/types.ts';
import { createRegistry } from '#runtime/apiserver/registry/apiRegistry.ts';
import { createCache } from '#runtime/client/informerCache.ts';
import { createLocalClient } from '#runtime/client/localClient.ts';
import { recordEvents } from '#runtime/controller/recordEvents.ts';
import { runScheduler } from '#runtime/scheduler/scheduler.ts';
import { MemoryStore } from '#runtime/store/memoryStore.ts';
import { type Elapsed, stopwatch } from './stopwatch.ts';

const zoneKey = 'topology.kubernetes.io/zone';
const hostKey = 'kubernetes.io/hostname';

function nodeOf(i: number): api.Node {
  const room = { cpu: '32', memory: '128Gi', pods: '110' };
  const labels = { [hostKey]: `node-${i}`, [zoneKey]: `zone-${i % 3}`, disk: i % 2 ? 'ssd' : 'hdd' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: `node-${i}`, labels },
    status: { allocatable: room, capacity: room },
  };
}

/** Of fifty applications: spread over zones and nodes, near their database where they can, away from their rivals. */
function podOf(i: number): api.Pod {
  const app = `app-${i % 50}`;
  const selector = (name: string): api.LabelSelector => ({ matchLabels: { app: name } });
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `pod-${i}`, namespace: 'bench', labels: { app } },
    spec: {
      containers: [{ name: 'c', image: 'registry.example/app:1', resources: { requests: { cpu: '100m', memory: '128Mi' } } }],
      topologySpreadConstraints: [
        { maxSkew: 1, topologyKey: zoneKey, whenUnsatisfiable: 'DoNotSchedule', labelSelector: selector(app) },
        { maxSkew: 2, topologyKey: hostKey, whenUnsatisfiable: 'ScheduleAnyway', labelSelector: selector(app) },
      ],
      affinity: {
        nodeAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            { weight: 10, preference: { matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] } },
          ],
        },
        podAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            { weight: 50, podAffinityTerm: { topologyKey: zoneKey, labelSelector: selector(`app-${(i + 1) % 50}`) } },
          ],
        },
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: hostKey, labelSelector: selector(app) }],
        },
      },
    },
  };
}

/** From the scheduler's start until the last of the pods is bound. */
export async function timeToSchedule(pods: number, nodes: number): Promise<Elapsed> {
  const abort = new AbortController();
  const log = createLog('bench', ({ level, message, fields }) => {
    if (level === 'error') process.stderr.write(`${message} ${JSON.stringify(fields)}\n`);
  });
  const ctx: Context = { signal: abort.signal, clock: new SteppedClock(), random: new Random(1), log, tasks: new Set() };
  const store = new MemoryStore();
  const registry = createRegistry({ store, clock: ctx.clock, random: ctx.random, admissionPlugins: [] });
  const cache = createCache(store, registry);
  const client = createLocalClient(registry, { name: 'admin', groups: ['system:masters'] }, 'bench');
  await client.create(Namespace, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'bench' } });
  for (let i = 0; i < nodes; i++) await client.create(Node, nodeOf(i));
  for (let i = 0; i < pods; i++) await client.create(Pod, podOf(i));

  let bound = 0;
  const allBound = new Promise<void>((resolve) =>
    cache.informer(Pod).onChange((event) => {
      if (event.type === 'updated' && event.object.spec?.nodeName && !event.old.spec?.nodeName && ++bound === pods) resolve();
    }),
  );
  const elapsed = stopwatch();
  const running = runScheduler(ctx, { client, cache, events: recordEvents(ctx, client) });
  await allBound;
  const result = elapsed();
  abort.abort();
  await running;
  await drainTasks(ctx);
  await store.close();
  return result;
}
