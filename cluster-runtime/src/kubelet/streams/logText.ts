/** A container's log as text: where to begin, time stamps, limits, and what comes while somebody follows. */
import type { Clock } from '#common/base/clock.ts';
import { parseTime } from '#common/api/time.ts';
import type { ContainerLog, LogLine, LogOptions } from '../../containers/containerRuntime.ts';

/** Text is handed on in pieces of about this size. */
const chunkSize = 64 * 1024;

export async function* logText(log: ContainerLog, options: LogOptions, clock: Clock, signal: AbortSignal): AsyncIterable<string> {
  let left = options.limitBytes ?? Infinity;
  const limited = (text: string): string => {
    const bytes = Buffer.from(text);
    if (bytes.length <= left) {
      left -= bytes.length;
      return text;
    }
    const cut = bytes.subarray(0, left).toString('utf8');
    left = 0;
    return cut;
  };

  // Listening begins before the kept lines are read, so that none is lost in between.
  const arrived: LogLine[] = [];
  let ended = !options.follow;
  let wake: () => void = () => undefined;
  const following = options.follow
    ? log.follow((line) => {
        if (line) arrived.push(line);
        else ended = true;
        wake();
      })
    : undefined;
  const onAbort = (): void => wake();
  signal.addEventListener('abort', onAbort);
  try {
    const since = sinceOf(options, clock.now());
    let kept = log.lines().filter((line) => line.time >= since);
    if (options.tailLines !== undefined) kept = options.tailLines === 0 ? [] : kept.slice(-options.tailLines);
    for (const chunk of chunksOf(kept, options)) {
      if (left <= 0 || signal.aborted) return;
      yield limited(chunk);
    }
    while (left > 0 && !signal.aborted && (arrived.length > 0 || !ended)) {
      if (arrived.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      const lines = arrived.splice(0).filter((line) => line.time >= since);
      for (const chunk of chunksOf(lines, options)) if (left > 0) yield limited(chunk);
    }
  } finally {
    following?.dispose();
    signal.removeEventListener('abort', onAbort);
  }
}

function sinceOf(options: LogOptions, now: number): number {
  if (options.sinceSeconds !== undefined) return now - options.sinceSeconds * 1000;
  return parseTime(options.sinceTime) ?? -Infinity;
}

function* chunksOf(lines: readonly LogLine[], options: LogOptions): Iterable<string> {
  let chunk = '';
  for (const line of lines) {
    chunk += `${options.timestamps ? `${stamp(line.time)} ` : ''}${line.text}${line.partial ? '' : '\n'}`;
    if (chunk.length < chunkSize) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk) yield chunk;
}

/** With nine fraction digits, as container runtimes write them. */
const stamp = (ms: number): string => `${new Date(ms).toISOString().slice(0, -1)}000000Z`;
