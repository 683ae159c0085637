/** What every long-lived part is handed first: lifetime, time, chance and voice. */
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import type { Random } from './random.ts';

export interface Context {
  /** Aborted at shutdown. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Background work that is awaited at shutdown. Use `spawnTask`, which also logs its failure. */
  readonly tasks: Set<Promise<void>>;
}

/**
 * Runs `fn` in the background. A failure is logged under `name` and does not spread; an abort at shutdown is no
 * failure.
 */
export function spawnTask(ctx: Context, name: string, fn: () => Promise<void>): void {
  const task: Promise<void> = fn()
    .catch((error: unknown) => {
      if (!ctx.signal.aborted) ctx.log.error(`${name} failed`, { error: String((error as Error)?.stack ?? error) });
    })
    .finally(() => ctx.tasks.delete(task));
  ctx.tasks.add(task);
}

/** Resolves once every task that was spawned on `ctx`, and every task those spawn, has ended. */
export async function drainTasks(ctx: Context): Promise<void> {
  while (ctx.tasks.size > 0) await Promise.allSettled([...ctx.tasks]);
}
