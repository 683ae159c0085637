/** Parts of timestamps, in UTC or a named or numbered zone, and of durations. */
import { offsetOf } from '#common/api/timeZone.ts';
import { type CelFunction, method } from '../environment.ts';
import { type CelDuration, CelError, type CelTimestamp } from '../values.ts';

/** Milliseconds to be read as if they were UTC. */
function localMs({ nanos }: CelTimestamp, zone: string): number {
  const ms = Number(nanos / 1_000_000n) - (nanos % 1_000_000n < 0n ? 1 : 0);
  const offset = /^([+-]?)(\d{2}):(\d{2})$/.exec(zone);
  if (offset) return ms + (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3])) * 60_000;
  if (zone === 'UTC' || zone === '') return ms;
  try {
    return ms + offsetOf(ms, zone);
  } catch (error) {
    if (error instanceof RangeError) throw new CelError(`unknown time zone ${zone}`);
    throw error;
  }
}

const dayMs = 86_400_000;

const parts: Readonly<Record<string, (date: Date) => number>> = {
  getFullYear: (date) => date.getUTCFullYear(),
  getMonth: (date) => date.getUTCMonth(),
  getDate: (date) => date.getUTCDate(),
  getDayOfMonth: (date) => date.getUTCDate() - 1,
  getDayOfWeek: (date) => date.getUTCDay(),
  getDayOfYear: (date) => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / dayMs),
  getHours: (date) => date.getUTCHours(),
  getMinutes: (date) => date.getUTCMinutes(),
  getSeconds: (date) => date.getUTCSeconds(),
  getMilliseconds: (date) => date.getUTCMilliseconds(),
};

const spans: Readonly<Record<string, bigint>> = {
  getHours: 3_600_000_000_000n,
  getMinutes: 60_000_000_000n,
  getSeconds: 1_000_000_000n,
};

export const timeFunctions: readonly CelFunction[] = [
  ...Object.entries(parts).flatMap(([name, part]) => {
    const read = (time: CelTimestamp, zone: string): bigint => BigInt(part(new Date(localMs(time, zone))));
    return [
      method('timestamp', `${name}(): int`, (time: CelTimestamp) => read(time, 'UTC')),
      method('timestamp', `${name}(string): int`, read),
    ];
  }),
  ...Object.entries(spans).map(([name, unit]) => method('duration', `${name}(): int`, ({ nanos }: CelDuration) => nanos / unit)),
  method('duration', 'getMilliseconds(): int', ({ nanos }: CelDuration) => nanos / 1_000_000n),
];
