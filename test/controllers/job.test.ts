import { afterEach, describe, expect, it } from 'vitest';
import { formatTime } from '#common/api/time.ts';
import { Job } from '#common/kinds/job.ts';
import type * as api from '#common/schema/generated/types.ts';
import { jobController } from '#runtime/controllers/job.ts';
import { ttlAfterFinishedController } from '#runtime/controllers/ttlAfterFinished.ts';
import { ns, startTestCluster, template } from './testCluster.ts';

let cluster: Awaited<ReturnType<typeof startTestCluster>>;
afterEach(() => cluster.stop());

const key = { namespace: ns, name: 'j' };
const labels = { 'job-name': 'j' };
const start = async (spec: Partial<api.JobSpec>): Promise<void> => {
  cluster = await startTestCluster([jobController(), ttlAfterFinishedController]);
  const { metadata, spec: pod } = template(labels);
  await cluster.create(Job, {
    metadata: key,
    spec: {
      parallelism: 1,
      ...(spec.completionMode ? {} : { completions: 1 }),
      backoffLimit: 6,
      selector: { matchLabels: labels },
      template: { metadata, spec: { ...pod, restartPolicy: 'Never' } },
      ...spec,
    },
  } as never);
};
const status = () => cluster.cache.get(Job, key)?.status;
const reasons = () => status()?.conditions?.map((c) => `${c.type} ${c.reason}`);
/** Lets the pods that are active finish. */
const finish = async (
  phase: 'Succeeded' | 'Failed',
  which: (pod: api.Pod, i: number) => boolean = (_, i) => i === 0,
): Promise<void> => {
  const active = cluster.pods().filter((pod) => pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed');
  for (const pod of active.filter(which)) {
    const lastTransitionTime = formatTime(cluster.clock.now());
    await cluster.setPodStatus(pod, { phase, conditions: [{ type: 'Ready', status: 'False', lastTransitionTime }] });
  }
  await cluster.advance(1000);
};

describe('Job', () => {
  it('completes: criteria first, then Complete, and pods lose their finalizer', async () => {
    await start({ completions: 2, parallelism: 2 });
    await finish('Succeeded', () => true);
    expect(reasons()).toEqual(['SuccessCriteriaMet CompletionsReached', 'Complete CompletionsReached']);
    expect(status()).toMatchObject({ succeeded: 2, ready: 0, terminating: 0, uncountedTerminatedPods: {} });
    expect(status()).toHaveProperty('completionTime');
    expect(cluster.pods().map((pod) => pod.metadata.finalizers)).toEqual([undefined, undefined]);
    expect((await cluster.events('j')).map(([reason]) => reason)).toEqual(['SuccessfulCreate', 'SuccessfulCreate', 'Completed']);
    expect(cluster.problems).toEqual([]);
  });

  it('waits longer after each failure before it makes another pod', async () => {
    await start({});
    const waits: number[] = [];
    for (let failure = 0; failure < 3; failure++) {
      const before = cluster.pods().length;
      await finish('Failed');
      let seconds = 1;
      for (; cluster.pods().length === before; seconds++) await cluster.advance(1000);
      waits.push(seconds);
    }
    expect(waits).toEqual([10, 20, 40]);
  });

  it('fails beyond the back-off limit and ends the pods that still run', async () => {
    await start({ backoffLimit: 0, parallelism: 2, completions: 2 });
    await finish('Failed');
    expect(reasons()?.[0]).toBe('FailureTarget BackoffLimitExceeded');
    await cluster.advance(2000);
    expect(reasons()).toEqual(['FailureTarget BackoffLimitExceeded', 'Failed BackoffLimitExceeded']);
    expect(status()?.failed).toBe(2);
    expect(cluster.pods()).toHaveLength(1);
  });

  it('counts indexes once and tells them in ranges', async () => {
    await start({ completionMode: 'Indexed', completions: 5, parallelism: 5 });
    const byIndex =
      (...indexes: string[]) =>
      (pod: api.Pod) =>
        indexes.includes(pod.metadata.labels?.['batch.kubernetes.io/job-completion-index'] ?? '');
    expect(
      cluster
        .pods()
        .map((pod) => pod.metadata.name?.slice(0, 4))
        .sort(),
    ).toEqual(['j-0-', 'j-1-', 'j-2-', 'j-3-', 'j-4-']);
    await finish('Succeeded', byIndex('0', '1', '4'));
    expect(status()).toMatchObject({ succeeded: 3, active: 2, completedIndexes: '0,1,4' });
    await finish('Succeeded', byIndex('2'));
    expect(status()).toMatchObject({ succeeded: 4, completedIndexes: '0-2,4' });
  });

  it('removes its pods while suspended and starts anew when resumed', async () => {
    await start({ completions: 2, parallelism: 2 });
    await cluster.client.patch(Job, key, 'merge', { spec: { suspend: true } });
    await cluster.advance(2000);
    expect(cluster.pods()).toHaveLength(0);
    expect(reasons()).toEqual(['Suspended JobSuspended']);
    await cluster.client.patch(Job, key, 'merge', { spec: { suspend: false } });
    await cluster.advance(2000);
    expect(cluster.pods()).toHaveLength(2);
    expect(reasons()).toEqual(['Suspended JobResumed']);
  });

  it('goes after its time to live', async () => {
    await start({ ttlSecondsAfterFinished: 30 });
    await finish('Succeeded');
    await cluster.advance(29_000);
    expect(status()).toBeDefined();
    await cluster.advance(2000);
    expect(cluster.cache.get(Job, key)?.metadata.deletionTimestamp ?? 'gone').toBeDefined();
  });
});
