/**
 * Works off a queue: up to `concurrency` keys at a time, until the signal is aborted and what had begun has ended.
 * Work starts after the code that added the key, never inside it, and lets the event loop turn now and then, so that
 * many small reconciles cannot hold up requests.
 */
import type { WorkQueue } from '#common/base/workQueue.ts';

/** How many keys are started before the event loop gets its turn. */
const keysPerTurn = 32;

export function runQueue(
  signal: AbortSignal,
  queue: WorkQueue,
  concurrency: number,
  work: (key: string) => Promise<void>,
): Promise<void> {
  return new Promise((resolve) => {
    let active = 0;
    let started = 0;
    let scheduled = false;

    const schedule = (): void => {
      if (scheduled) return;
      scheduled = true;
      if (started >= keysPerTurn) {
        started = 0;
        setImmediate(pump);
      } else void Promise.resolve().then(pump);
    };
    const pump = (): void => {
      scheduled = false;
      while (!signal.aborted && active < concurrency && started < keysPerTurn) {
        const key = queue.take();
        if (key === undefined) break;
        active++;
        started++;
        void work(key).finally(() => {
          active--;
          queue.finish(key);
          schedule();
        });
      }
      if (signal.aborted) {
        if (active === 0) end();
      } else if (active < concurrency && queue.depth > 0) schedule();
      else if (active === 0) started = 0;
    };
    const available = queue.onAvailable(schedule);
    const end = (): void => {
      available.dispose();
      signal.removeEventListener('abort', schedule);
      queue.dispose();
      resolve();
    };
    signal.addEventListener('abort', schedule, { once: true });
    schedule();
  });
}
