import { describe, expect, it } from 'vitest';
import { SteppedClock } from './clock.ts';
import { WorkQueue } from './workQueue.ts';

function drain(queue: WorkQueue): string[] {
  const out: string[] = [];
  for (let key = queue.take(); key !== undefined; key = queue.take()) {
    out.push(key);
    queue.finish(key);
  }
  return out;
}

describe('WorkQueue', () => {
  it('hands out each key once, in order of arrival', () => {
    const queue = new WorkQueue({ clock: new SteppedClock() });
    for (const key of ['a', 'b', 'a', 'c', 'b']) queue.add(key);
    expect(drain(queue)).toEqual(['a', 'b', 'c']);
    expect(queue.idle).toBe(true);
  });

  it('does not hand out a key that is worked on, but brings it back afterwards', () => {
    const queue = new WorkQueue({ clock: new SteppedClock() });
    queue.add('a');
    expect(queue.take()).toBe('a');
    queue.add('a');
    queue.add('a');
    expect(queue.take()).toBeUndefined();
    expect(queue.idle).toBe(false);
    queue.finish('a');
    expect(drain(queue)).toEqual(['a']);
  });

  it('keeps the earliest of several due times and arms one timer', async () => {
    const clock = new SteppedClock();
    const queue = new WorkQueue({ clock });
    queue.addAfter('late', 300);
    queue.addAfter('a', 200);
    queue.addAfter('a', 100);
    queue.addAfter('a', 250);
    expect(clock.pending).toBe(1);
    await clock.advance(100);
    expect(drain(queue)).toEqual(['a']);
    await clock.advance(199);
    expect(drain(queue)).toEqual([]);
    await clock.advance(1);
    expect(drain(queue)).toEqual(['late']);
    expect(clock.pending).toBe(0);
  });

  it('hands out what is due in order of time', async () => {
    const clock = new SteppedClock();
    const queue = new WorkQueue({ clock });
    const delays = [70, 10, 90, 30, 50, 20, 80, 40, 60];
    for (const ms of delays) queue.addAfter(String(ms), ms);
    await clock.advance(100);
    expect(drain(queue)).toEqual([...delays].sort((a, b) => a - b).map(String));
  });

  it('doubles the back-off up to its limit and starts over when forgotten', () => {
    const queue = new WorkQueue({ clock: new SteppedClock(), maxDelay: 1000 });
    const delays = Array.from({ length: 9 }, () => queue.addAfterFailure('a'));
    expect(delays).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 1000]);
    queue.forget('a');
    expect(queue.addAfterFailure('a')).toBe(5);
  });

  it('says when a key becomes available', async () => {
    const clock = new SteppedClock();
    const queue = new WorkQueue({ clock });
    let fired = 0;
    queue.onAvailable(() => fired++);
    queue.add('a');
    queue.add('b');
    expect(fired).toBe(1);
    drain(queue);
    queue.addAfter('c', 10);
    expect(fired).toBe(1);
    await clock.advance(10);
    expect(fired).toBe(2);
  });

  it('leaves no timer behind when disposed', () => {
    const clock = new SteppedClock();
    const queue = new WorkQueue({ clock });
    queue.addAfter('a', 10);
    queue.dispose();
    queue.add('b');
    expect([clock.pending, queue.depth]).toEqual([0, 0]);
  });
});
