/** This kubectl in a process of its own: the process' streams, environment and interrupts. */
import { ownKubectl } from './ownKubectl.ts';

/** Resolves with the exit status. */
export async function runOwnKubectl(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): Promise<number> {
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    return await ownKubectl(argv, {
      stdin: process.stdin,
      out: (text) => void process.stdout.write(text),
      err: (text) => void process.stderr.write(text),
      env,
      signal: stop.signal,
      now: () => Date.now(),
    });
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}
