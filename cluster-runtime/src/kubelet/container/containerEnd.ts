/** What a container's end means for its record: the terminated state, and a restart's back-off. */
import type * as api from '#common/schema/generated/types.ts';
import type { ContainerLog, ExitStatus } from '../../containers/containerRuntime.ts';
import type { ContainerRecord } from './containerRecord.ts';
import { durationText, nextBackOff } from './restartPolicy.ts';

/** As much of a log as stands in for a termination message. */
const fallbackLines = 80;
const fallbackBytes = 2048;
const longestMessage = 4096;

export interface ContainerEnd {
  readonly exit: ExitStatus;
  readonly startedAt: string;
  readonly finishedAt: string;
}

export function recordEnd(record: ContainerRecord, spec: api.Container, end: ContainerEnd): void {
  const message = terminationMessage(spec, record.log, end.exit);
  record.running = undefined;
  record.stage = 'ended';
  record.started = false;
  record.ready = false;
  record.exitCode = end.exit.exitCode;
  record.ranBefore = true;
  record.state = {
    terminated: {
      ...(record.id ? { containerID: record.id } : {}),
      exitCode: end.exit.exitCode,
      finishedAt: end.finishedAt,
      ...(message ? { message } : {}),
      reason: end.exit.reason,
      ...(end.exit.signal ? { signal: end.exit.signal } : {}),
      startedAt: end.startedAt,
    },
  };
}

function terminationMessage(spec: api.Container, log: ContainerLog | undefined, exit: ExitStatus): string {
  const written = exit.message ?? '';
  if (written || spec.terminationMessagePolicy !== 'FallbackToLogsOnError' || exit.exitCode === 0)
    return written.slice(0, longestMessage);
  const lines = (log?.lines() ?? []).slice(-fallbackLines).map((line) => (line.partial ? line.text : `${line.text}\n`));
  return lines.join('').slice(-fallbackBytes);
}

/**
 * Sets when the container may start again. Returns the BackOff event's text when it has to wait. `podText` is
 * `name_namespace(uid)`.
 */
export function recordBackOff(record: ContainerRecord, ranMs: number, now: number, podText: string): string | undefined {
  const { waitMs, nextMs } = nextBackOff(record.backOffMs, ranMs);
  record.backOffMs = nextMs;
  record.retryAt = now + waitMs;
  if (waitMs === 0) return undefined;
  record.lastState = record.state;
  record.state = {
    waiting: {
      message: `back-off ${durationText(waitMs)} restarting failed container=${record.name} pod=${podText}`,
      reason: 'CrashLoopBackOff',
    },
  };
  return `Back-off restarting failed container ${record.name} in pod ${podText}`;
}
