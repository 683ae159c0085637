/**
 * Cron schedules as Kubernetes reads them: five fields, `@daily` and its like, and `@every 5m`. Gives what each field stands
 * for, or the problem in the words of the API. When a schedule fires next is for whoever runs it.
 */
import { durationProblem, parseDuration } from '#common/api/duration.ts';

export interface CronFields {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly daysOfMonth: ReadonlySet<number>;
  /** 1 to 12. */
  readonly months: ReadonlySet<number>;
  /** 0 is Sunday. */
  readonly daysOfWeek: ReadonlySet<number>;
  /** With a star in either, both kinds of days must fit; without one, either will do. */
  readonly anyDayOfMonth: boolean;
  readonly anyDayOfWeek: boolean;
}

export type CronSchedule =
  | ({ readonly type: 'fields' } & CronFields)
  /** At least a second. */
  | { readonly type: 'every'; readonly milliseconds: number };

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const bounds: readonly Bounds[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: months },
  { min: 0, max: 6, names: days },
];
const descriptors: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** Thrown inside this file only; its message is the problem. */
class Malformed extends Error {}

export function parseCronSchedule(text: string): CronSchedule | { readonly type: 'problem'; readonly problem: string } {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof Malformed) return { type: 'problem', problem: error.message };
    throw error;
  }
}

function parse(text: string): CronSchedule {
  if (!text) throw new Malformed('empty spec string');
  if (text.startsWith('@')) return parseDescriptor(text);
  const parts = text.trim().split(/\s+/).filter(Boolean);
  if (parts.length !== 5) throw new Malformed(`expected exactly 5 fields, found ${parts.length}: [${parts.join(' ')}]`);
  const [minutes, hours, daysOfMonth, monthsOfYear, daysOfWeek] = parts.map((part, i) =>
    parseField(part, bounds[i] as Bounds),
  ) as [Field, Field, Field, Field, Field];
  return {
    type: 'fields',
    minutes: minutes.values,
    hours: hours.values,
    daysOfMonth: daysOfMonth.values,
    months: monthsOfYear.values,
    daysOfWeek: daysOfWeek.values,
    anyDayOfMonth: daysOfMonth.any,
    anyDayOfWeek: daysOfWeek.any,
  };
}

function parseDescriptor(text: string): CronSchedule {
  if (Object.hasOwn(descriptors, text)) return parse(descriptors[text] ?? '');
  const every = '@every ';
  if (!text.startsWith(every)) throw new Malformed(`unrecognized descriptor: ${text}`);
  const duration = text.slice(every.length);
  const problem = durationProblem(duration);
  if (problem) throw new Malformed(`failed to parse duration ${text}: ${problem}`);
  const seconds = Math.floor((parseDuration(duration) ?? 0) / 1000);
  return { type: 'every', milliseconds: Math.max(1, seconds) * 1000 };
}

interface Field {
  readonly values: Set<number>;
  readonly any: boolean;
}

function parseField(text: string, limits: Bounds): Field {
  const values = new Set<number>();
  let any = false;
  for (const part of text.split(',').filter(Boolean)) any = parseRange(part, limits, values) || any;
  return { values, any };
}

/** Adds the values of `5`, `1-10`, `*` or `1-10/2`; true for a plain star. */
function parseRange(text: string, { min, max, names }: Bounds, values: Set<number>): boolean {
  const [range = '', stepText, ...moreSteps] = text.split('/');
  const [low = '', high, ...moreEnds] = range.split('-');
  const star = low === '*' || low === '?';
  let start = min;
  let end = max;
  if (!star) {
    start = parseValue(low, names, min);
    end = high === undefined ? start : parseValue(high, names, min);
    if (moreEnds.length) throw new Malformed(`too many hyphens: ${text}`);
  }
  let step = 1;
  if (stepText !== undefined) {
    step = parseNumber(stepText);
    if (high === undefined) end = max;
  }
  if (moreSteps.length) throw new Malformed(`too many slashes: ${text}`);
  if (start < min) throw new Malformed(`beginning of range (${start}) below minimum (${min}): ${text}`);
  if (end > max) throw new Malformed(`end of range (${end}) above maximum (${max}): ${text}`);
  if (start > end) throw new Malformed(`beginning of range (${start}) beyond end of range (${end}): ${text}`);
  if (step === 0) throw new Malformed(`step of range should be a positive number: ${text}`);
  for (let value = start; value <= end; value += step) values.add(value);
  return star && step === 1;
}

function parseValue(text: string, names: readonly string[] | undefined, min: number): number {
  const index = names?.indexOf(text.toLowerCase()) ?? -1;
  return index < 0 ? parseNumber(text) : index + min;
}

function parseNumber(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) {
    throw new Malformed(`failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  const value = Number(text);
  if (value < 0) throw new Malformed(`negative number (${value}) not allowed: ${text}`);
  return value;
}
