/** When a schedule fires: the first instant after another whose local time fits. Local hours that daylight saving skips never fire. */
import { offsetOf } from '#common/api/timeZone.ts';
import type { CronFields, CronSchedule } from '#common/kinds/workloads/cronSchedule.ts';

const minute = 60_000;
const hour = 60 * minute;
/** A schedule that has not fired for so long (29 February and the like come back every eighth year at the latest) never does. */
const longestGapDays = 8 * 366;

interface LocalTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
}

function localTime(at: number, timeZone: string): LocalTime {
  const shifted = new Date(timeZone === 'UTC' ? at : at + offsetOf(at, timeZone));
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    weekday: shifted.getUTCDay(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
  };
}

/** The first instant after `after` (milliseconds), or undefined when there is none in years. */
export function nextFire(schedule: CronSchedule, after: number, timeZone: string): number | undefined {
  if (schedule.type === 'every') return Math.floor(after / 1000) * 1000 + schedule.milliseconds;
  let at = (Math.floor(after / minute) + 1) * minute;
  for (let days = 0; days <= longestGapDays;) {
    const local = localTime(at, timeZone);
    if (!schedule.months.has(local.month) || !fitsDay(schedule, local)) {
      at = nextMidnight(at, local, timeZone);
      days++;
    } else if (!schedule.hours.has(local.hour)) {
      at += (60 - local.minute) * minute;
      if (localTime(at, timeZone).hour < local.hour) days++;
    } else if (!schedule.minutes.has(local.minute)) at += minute;
    else return at;
  }
  return undefined;
}

function fitsDay({ daysOfMonth, daysOfWeek, anyDayOfMonth, anyDayOfWeek }: CronFields, { day, weekday }: LocalTime): boolean {
  const [month, week] = [daysOfMonth.has(day), daysOfWeek.has(weekday)];
  return anyDayOfMonth || anyDayOfWeek ? month && week : month || week;
}

/** The start of the next local day, which daylight saving may have made longer or shorter. */
function nextMidnight(at: number, local: LocalTime, timeZone: string): number {
  const guess = at + (24 * 60 - local.hour * 60 - local.minute) * minute;
  const landed = localTime(guess, timeZone).hour;
  if (landed === 0) return guess;
  return landed > 12 ? guess + (24 - landed) * hour : guess - landed * hour;
}

/** RFC 3339 with the zone's offset. */
export function formatInZone(at: number, timeZone: string): string {
  const offset = offsetOf(at, timeZone);
  const local = new Date(at + offset).toISOString().slice(0, 19);
  if (offset === 0) return `${local}Z`;
  const minutes = Math.abs(offset) / minute;
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${local}${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
