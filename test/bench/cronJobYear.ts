/** A CronJob under the stepped clock: the controllers alone, in this process. Its pods succeed as soon as they exist. */
import { SteppedClock } from '#common/base/clock.ts';
import { type Context, drainTasks } from '#common/base/context.ts';
import { createLog } from '#common/base/log.ts';
import { Random } from '#common/base/random.ts';
import { keyOf } from '#common/api/meta.ts';
import { formatTime } from '#common/api/time.ts';
import { CronJob } from '#common/kinds/cronJob.ts';
import { Namespace } from '#common/kinds/namespace.ts';
import { Pod } from '#common/kinds/pod.ts';
import type * as api from '#common/schema/generated/types.ts';
import { createRegistry } from '#runtime/apiserver/registry/apiRegistry.ts';
import { createCache } from '#runtime/client/informerCache.ts';
import { createLocalClient } from '#runtime/client/localClient.ts';
import { startControllers } from '#runtime/controller/runController.ts';
import { cronJobController } from '#runtime/controllers/cronJob.ts';
import { garbageCollector } from '#runtime/controllers/garbageCollector.ts';
import { jobController } from '#runtime/controllers/job.ts';
import { MemoryStore } from '#runtime/store/memoryStore.ts';
import { type Elapsed, stopwatch } from './stopwatch.ts';

const minute = 60_000;

export interface SimulatedCronJob extends Elapsed {
  /** Pods that ran. */
  readonly runs: number;
}

/** Lets `minutes` pass; with `hangs`, the first pod runs all the time and keeps the others from starting. */
export async function simulateCronJob(schedule: string, minutes: number, hangs = false): Promise<SimulatedCronJob> {
  const abort = new AbortController();
  const clock = new SteppedClock();
  const log = createLog('bench', ({ level, message, fields }) => {
    if (level === 'error') process.stderr.write(`${message} ${JSON.stringify(fields)}\n`);
  });
  const ctx: Context = { signal: abort.signal, clock, random: new Random(1), log, tasks: new Set() };
  const store = new MemoryStore();
  const registry = createRegistry({ store, clock, random: ctx.random, admissionPlugins: [] });
  const cache = createCache(store, registry);
  const client = createLocalClient(registry, { name: 'admin', groups: ['system:masters'] }, 'bench');
  await client.create(Namespace, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'bench' } });
  const running = startControllers(ctx, { client, cache }, [cronJobController, jobController(), garbageCollector]);

  let runs = 0;
  const succeed = async (pod: api.Pod): Promise<void> => {
    const at = formatTime(clock.now());
    const state = { terminated: { exitCode: 0, reason: 'Completed', startedAt: at, finishedAt: at } };
    const containerStatuses = [{ name: 'c', image: 'i', imageID: '', ready: false, restartCount: 0, state }];
    await client.patch(
      Pod,
      keyOf(pod),
      'merge',
      { status: { phase: 'Succeeded', startTime: at, containerStatuses } },
      { subresource: 'status' },
    );
  };
  const ending = new Set<Promise<void>>();
  cache.informer(Pod).onChange(({ type, object }) => {
    if (type !== 'added') return;
    runs++;
    if (hangs) return;
    const task: Promise<void> = succeed(object).finally(() => ending.delete(task));
    ending.add(task);
  });
  const settle = async (): Promise<void> => {
    await running.whenIdle();
    while (ending.size > 0) {
      await Promise.all(ending);
      await running.whenIdle();
    }
  };
  const template: api.PodTemplateSpec = { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] } };
  await client.create(CronJob, {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'tick', namespace: 'bench' },
    spec: { schedule, concurrencyPolicy: hangs ? 'Forbid' : 'Allow', jobTemplate: { spec: { template } } },
  });
  const elapsed = stopwatch();
  await clock.advance(minutes * minute, settle);
  const time = elapsed();
  abort.abort();
  await running.finished;
  await drainTasks(ctx);
  await store.close();
  return { ...time, runs };
}
