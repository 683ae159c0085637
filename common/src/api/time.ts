/**
 * Times as the API writes them: RFC 3339 in UTC, whole seconds (`Time`) or six fraction digits (`MicroTime`). Problems
 * are worded as the Go library words them, because that is what the API answers with.
 */
import { quoteValue } from './fieldError.ts';

export type TimeKind = 'time' | 'microTime';

/** The clock's milliseconds as `2026-01-02T03:04:05Z`; what is below a second is cut off. */
export function formatTime(ms: number): string {
  const second = Math.floor(ms / 1000);
  if (second !== latest.second) latest = { second, text: `${new Date(ms).toISOString().slice(0, -5)}Z` };
  return latest.text;
}

/** A busy cluster writes the same second into thousands of objects. */
let latest = { second: NaN, text: '' };

/** The clock's milliseconds as `2026-01-02T03:04:05.678000Z`. */
export function formatMicroTime(ms: number): string {
  const micros = Math.floor((ms - Math.floor(ms)) * 1000);
  return `${new Date(Math.floor(ms)).toISOString().slice(0, -1)}${String(micros).padStart(3, '0')}Z`;
}

/** Milliseconds since the epoch of a text of either kind; undefined when it is none. */
export function parseTime(text: string | undefined | null): number | undefined {
  if (text == null) return undefined;
  const canonical = fromCanonical(text);
  if (canonical !== undefined) return canonical;
  const parsed = scan(text, 'time');
  return typeof parsed === 'string' ? undefined : parsed.seconds * 1000 + parsed.nanos / 1e6;
}

const canonicalShape = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{3,6})?Z$/;
const fromCanonical = (text: string): number | undefined => (canonicalShape.test(text) ? Date.parse(text) : undefined);

/** What is wrong with a text as a time; undefined when nothing is. */
export function timeProblem(text: string, kind: TimeKind = 'time'): string | undefined {
  const parsed = scan(text, kind);
  return typeof parsed === 'string' ? parsed : undefined;
}

/** The text in UTC and in the kind's precision, as the API gives it back; undefined when it is no time. */
export function canonicalTime(text: string, kind: TimeKind = 'time'): string | undefined {
  const parsed = scan(text, kind);
  if (typeof parsed === 'string') return undefined;
  const whole = formatTime(parsed.seconds * 1000);
  if (kind === 'time') return whole;
  return `${whole.slice(0, -1)}.${String(Math.floor(parsed.nanos / 1000)).padStart(6, '0')}Z`;
}

interface Instant {
  readonly seconds: number;
  readonly nanos: number;
}

const layouts: Record<TimeKind, string> = {
  time: '2006-01-02T15:04:05Z07:00',
  microTime: '2006-01-02T15:04:05.000000Z07:00',
};

class Problem extends Error {}

/** Reads a time element by element, so that the problem names the element it stopped at. */
class Scanner {
  rest: string;
  readonly #text: string;
  readonly #layout: string;

  constructor(text: string, layout: string) {
    this.#text = text;
    this.rest = text;
    this.#layout = layout;
  }

  bad(element: string, rest = this.rest): never {
    const as = `parsing time ${quoteValue(this.#text)} as ${quoteValue(this.#layout)}`;
    throw new Problem(`${as}: cannot parse ${quoteValue(rest)} as ${quoteValue(element)}`);
  }

  fail(why: string): never {
    throw new Problem(`parsing time ${quoteValue(this.#text)}: ${why}`);
  }

  literal(char: string): void {
    if (!this.rest.startsWith(char)) this.bad(char);
    this.rest = this.rest.slice(char.length);
  }

  number(shape: RegExp, element: string): number {
    const digits = shape.exec(this.rest)?.[0] ?? this.bad(element);
    this.rest = this.rest.slice(digits.length);
    return Number(digits);
  }

  ranged(shape: RegExp, element: string, least: number, most: number, name: string): number {
    const value = this.number(shape, element);
    if (value < least || value > most) this.fail(`${name} out of range`);
    return value;
  }
}

const two = /^\d\d/;

function scan(text: string, kind: TimeKind): Instant | string {
  try {
    return scanTime(new Scanner(text, layouts[kind]), kind);
  } catch (error) {
    if (error instanceof Problem) return error.message;
    throw error;
  }
}

function scanTime(at: Scanner, kind: TimeKind): Instant {
  const year = at.number(/^\d{4}/, '2006');
  at.literal('-');
  const month = at.ranged(two, '01', 1, 12, 'month');
  at.literal('-');
  const day = at.number(two, '02');
  at.literal('T');
  const hour = at.ranged(/^\d{1,2}/, '15', 0, 23, 'hour');
  at.literal(':');
  const minute = at.ranged(two, '04', 0, 59, 'minute');
  at.literal(':');
  const second = at.ranged(two, '05', 0, 59, 'second');
  const nanos = scanFraction(at, kind);
  const offset = scanZone(at);
  if (at.rest !== '') at.fail(`extra text: ${quoteValue(at.rest)}`);
  const date = new Date(0);
  date.setUTCFullYear(year, month, 0);
  if (day < 1 || day > date.getUTCDate()) at.fail('day out of range');
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  return { seconds: date.getTime() / 1000 - offset, nanos };
}

function scanFraction(at: Scanner, kind: TimeKind): number {
  const shape = kind === 'microTime' ? /^[.,]\d{6}/ : /^[.,]\d+/;
  const fraction = shape.exec(at.rest)?.[0] ?? (kind === 'microTime' ? at.bad('.000000') : '');
  at.rest = at.rest.slice(fraction.length);
  return Number(fraction.slice(1, 10).padEnd(9, '0'));
}

/** The zone's offset in seconds. */
function scanZone(at: Scanner): number {
  if (at.rest.startsWith('Z')) {
    at.rest = at.rest.slice(1);
    return 0;
  }
  const [zone, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)/.exec(at.rest) ?? at.bad('Z07:00');
  if (Number(hours) > 24) at.fail('time zone offset hour out of range');
  if (Number(minutes) > 60) at.fail('time zone offset minute out of range');
  at.rest = at.rest.slice(zone.length);
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
}
