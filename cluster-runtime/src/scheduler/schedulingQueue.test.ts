import { expect, it } from 'vitest';
import { SteppedClock } from '#common/base/clock.ts';
import type { Pod } from '#common/schema/generated/types.ts';
import { SchedulingQueue } from './schedulingQueue.ts';

const pod = (name: string, priority = 0): Pod => ({ metadata: { name, uid: name }, spec: { priority, containers: [] } });
const names = (queue: SchedulingQueue): string[] => {
  const out: string[] = [];
  for (let next = queue.pop(); next; next = queue.pop()) out.push(next.metadata.name ?? '');
  return out;
};

it('gives pods by priority, then by age', () => {
  const queue = new SchedulingQueue(new SteppedClock(), () => undefined);
  for (const p of [pod('a'), pod('b', 10), pod('c'), pod('d', 10)]) queue.add(p, true);
  expect(names(queue)).toEqual(['b', 'd', 'a', 'c']);
});

it('tries a parked pod again only after a change, and not before its back-off, which doubles', async () => {
  const clock = new SteppedClock();
  let woken = 0;
  const queue = new SchedulingQueue(clock, () => woken++);
  queue.add(pod('a'), true);
  for (const backoff of [1_000, 2_000, 4_000, 8_000, 10_000, 10_000]) {
    const tried = queue.pop() as Pod;
    queue.park(tried);
    queue.clusterChanged();
    await clock.advance(backoff - 1);
    expect(queue.size, `${backoff} ms are not over`).toBe(0);
    await clock.advance(1);
    expect(queue.size, `${backoff} ms are over`).toBe(1);
  }
  queue.park(queue.pop() as Pod);
  await clock.advance(3_600_000);
  expect(queue.size, 'nothing changed').toBe(0);
  queue.clusterChanged();
  expect(queue.size).toBe(1);
  expect(woken).toBeGreaterThan(1);
  queue.dispose();
  expect(clock.pending).toBe(0);
});

it('tries a parked pod at once when its own spec has changed', () => {
  const queue = new SchedulingQueue(new SteppedClock(), () => undefined);
  queue.add(pod('a'), true);
  queue.park(queue.pop() as Pod);
  queue.add(pod('a'), false);
  expect(queue.pop()).toBeUndefined();
  queue.add(pod('a'), true);
  expect(queue.pop()?.metadata.name).toBe('a');
});

it('forgets removed pods', () => {
  const queue = new SchedulingQueue(new SteppedClock(), () => undefined);
  queue.add(pod('a'), true);
  queue.add(pod('b'), true);
  queue.remove('a');
  expect(names(queue)).toEqual(['b']);
});

it('tries only those pods again that the change may help', async () => {
  const clock = new SteppedClock();
  const queue = new SchedulingQueue(clock, () => undefined);
  for (const name of ['a', 'b']) {
    queue.add(pod(name), true);
    queue.park(queue.pop() as Pod, new Set([name === 'a' ? 'NodeAffinity' : 'NodePorts']));
  }
  queue.clusterChanged((_, rejectedBy) => rejectedBy.has('NodePorts'));
  await clock.advance(10_000);
  expect(names(queue)).toEqual(['b']);
});

it('tries a pod whose binding failed again without any change', async () => {
  const clock = new SteppedClock();
  const queue = new SchedulingQueue(clock, () => undefined);
  queue.add(pod('a'), true);
  queue.park(queue.pop() as Pod, undefined, true);
  expect(names(queue)).toEqual([]);
  await clock.advance(1_000);
  expect(names(queue)).toEqual(['a']);
});
