/**
 * Times as text: reads RFC 3339 the way Kubernetes does, with its error messages, and prints them as Kubernetes does, in
 * UTC with whole seconds (Time) or six fraction digits (MicroTime).
 */

/** Why a text is not a time, in Kubernetes' words. */
export class TimeError extends Error {}

const secondsLayout = '2006-01-02T15:04:05Z07:00';
const microLayout = '2006-01-02T15:04:05.000000Z07:00';

/** The canonical text, or null for the zero time (year 1), which Kubernetes prints as null. Throws a TimeError. */
export function canonicalTime(text: string): string | null {
  // What clients send nearly always: already canonical. Days up to 28 exist in every month.
  if (/^[1-9]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/.test(text)) return text;
  return print(new TimeReader(text, secondsLayout).read(false), false);
}

/** As `canonicalTime`, for MicroTime: six fraction digits are a must. */
export function canonicalMicroTime(text: string): string | null {
  if (/^[1-9]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{6}Z$/.test(text)) return text;
  return print(new TimeReader(text, microLayout).read(true), true);
}

interface Instant {
  seconds: number;
  micros: number;
}

const pad = (n: number, width: number): string => String(n).padStart(width, '0');

function print({ seconds, micros }: Instant, withMicros: boolean): string | null {
  const date = new Date(seconds * 1000);
  if (date.getUTCFullYear() === 1 && date.getUTCMonth() === 0 && date.getUTCDate() === 1 && seconds % 86400 === 0 && micros === 0) return null;
  const day = `${pad(date.getUTCFullYear(), 4)}-${pad(date.getUTCMonth() + 1, 2)}-${pad(date.getUTCDate(), 2)}`;
  const time = `${pad(date.getUTCHours(), 2)}:${pad(date.getUTCMinutes(), 2)}:${pad(date.getUTCSeconds(), 2)}`;
  return `${day}T${time}${withMicros ? `.${pad(micros, 6)}` : ''}Z`;
}

/** Reads one text against a layout, element by element. */
class TimeReader {
  readonly #text: string;
  readonly #layout: string;
  #rest: string;

  constructor(text: string, layout: string) {
    this.#text = text;
    this.#layout = layout;
    this.#rest = text;
  }

  read(microsRequired: boolean): Instant {
    const year = this.#number('2006', 4, 4);
    this.#literal('-');
    const month = this.#number('01', 2, 2);
    if (month < 1 || month > 12) this.#outOfRange('month');
    this.#literal('-');
    const day = this.#number('02', 2, 2);
    this.#literal('T');
    const hour = this.#number('15', 1, 2);
    if (hour > 23) this.#outOfRange('hour');
    this.#literal(':');
    const minute = this.#number('04', 2, 2);
    if (minute > 59) this.#outOfRange('minute');
    this.#literal(':');
    const second = this.#number('05', 2, 2);
    if (second > 59) this.#outOfRange('second');
    const micros = this.#fraction(microsRequired);
    const offset = this.#zone();
    if (this.#rest) throw new TimeError(`parsing time ${JSON.stringify(this.#text)}: extra text: ${JSON.stringify(this.#rest)}`);
    const date = new Date(0);
    date.setUTCFullYear(year, month - 1, day);
    date.setUTCHours(hour, minute, second);
    if (day < 1 || date.getUTCMonth() !== month - 1) this.#outOfRange('day');
    return { seconds: date.getTime() / 1000 - offset, micros };
  }

  #outOfRange(what: string): never {
    throw new TimeError(`parsing time ${JSON.stringify(this.#text)}: ${what} out of range`);
  }

  #bad(element: string): never {
    const [text, layout, rest] = [this.#text, this.#layout, this.#rest].map((part) => JSON.stringify(part));
    throw new TimeError(`parsing time ${text} as ${layout}: cannot parse ${rest} as "${element}"`);
  }

  #number(element: string, least: number, most: number): number {
    let length = 0;
    while (length < most && /[0-9]/.test(this.#rest[length] ?? '')) length++;
    if (length < least) this.#bad(element);
    const value = Number(this.#rest.slice(0, length));
    this.#rest = this.#rest.slice(length);
    return value;
  }

  #literal(character: string): void {
    if (this.#rest[0] !== character) this.#bad(character);
    this.#rest = this.#rest.slice(1);
  }

  /** Microseconds. Digits beyond them are dropped; a Time may have any number of digits, a MicroTime needs six. */
  #fraction(required: boolean): number {
    if (required) {
      const digits = /^[.,](\d{6})/.exec(this.#rest)?.[1];
      if (digits === undefined) return this.#bad('.000000');
      this.#rest = this.#rest.slice(7);
      return Number(digits);
    }
    const digits = /^[.,](\d+)/.exec(this.#rest)?.[1];
    if (digits !== undefined) this.#rest = this.#rest.slice(digits.length + 1);
    return digits === undefined ? 0 : Number(digits.slice(0, 6).padEnd(6, '0'));
  }

  /** Seconds east of UTC. */
  #zone(): number {
    if (this.#rest[0] === 'Z') {
      this.#rest = this.#rest.slice(1);
      return 0;
    }
    const match = /^([+-])(\d\d):(\d\d)/.exec(this.#rest);
    if (!match) return this.#bad('Z07:00');
    const [all, sign, hours, minutes] = match;
    if (Number(hours) > 24) this.#outOfRange('time zone offset hour');
    if (Number(minutes) > 60) this.#outOfRange('time zone offset minute');
    this.#rest = this.#rest.slice(all.length);
    return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
  }
}
