/**
 * `'%d of %s'.format([1, 'x'])`: the clauses of a format, and how each writes values. Fixed and scientific numbers are written
 * with an English reader in mind: `1,234.500000`, `1.500000×10⁰¹`.
 */
import { goQuoted } from '#common/api/goText.ts';
import { nanosText } from '../durations.ts';
import {
  CelDuration,
  CelError,
  CelTimestamp,
  CelTypeValue,
  CelUint,
  type CelValue,
  fieldsOf,
  isList,
  typeName,
} from '../values.ts';
import { decoded, doubleText, timestampText } from './conversions.ts';
import { fixedText, scientificText } from './numberText.ts';

export interface FormatClause {
  readonly verb: string;
  readonly precision: number;
}

/**
 * A format's texts and clauses, in order. What is wrong with one is an error when its turn comes; `take` is told of each
 * clause before it is read, and may find that it has no value.
 */
export function* formatParts(format: string, take: () => void = () => undefined): Generator<string | FormatClause> {
  let at = 0;
  while (at < format.length) {
    const percent = format.indexOf('%', at);
    if (percent < 0) return yield format.slice(at);
    if (percent > at) yield format.slice(at, percent);
    at = percent + 1;
    if (at >= format.length) throw new CelError('unexpected end of string');
    if (format.charAt(at) === '%') {
      yield '%';
      at++;
      continue;
    }
    take();
    const digits = /^\.(\d*)/.exec(format.slice(at, at + 100));
    const end = at + (digits?.[0].length ?? 0);
    if (digits && end >= format.length) throw badPrecision('could not find end of precision specifier');
    const precision = digits ? precisionOf(digits[1] ?? '') : 6;
    const verb = format.charAt(end);
    if (!'sdfebxXo'.includes(verb)) {
      // Only the first byte of a character of several is shown.
      const [byte = 0] = new TextEncoder().encode(String.fromCodePoint(format.codePointAt(end) ?? 0));
      throw new CelError(`could not parse formatting clause: unrecognized formatting clause "${String.fromCharCode(byte)}"`);
    }
    at = end + 1;
    yield { verb, precision };
  }
}

const badPrecision = (what: string): CelError =>
  new CelError(`could not parse formatting clause: error while parsing precision: ${what}`);

function precisionOf(digits: string): number {
  const problem = digits === '' ? 'invalid syntax' : BigInt(digits) >= 2n ** 63n ? 'value out of range' : undefined;
  if (problem === undefined) return Number(digits);
  throw badPrecision(`error while converting precision to integer: strconv.Atoi: parsing "${digits}": ${problem}`);
}

export function formatted(format: string, values: readonly CelValue[]): string {
  let next = 0;
  let text = '';
  const take = (): void => {
    if (next >= values.length) throw new CelError(`index ${next} out of range`);
  };
  for (const part of formatParts(format, take)) {
    text += typeof part === 'string' ? part : clauseText(part, values[next++] ?? null);
  }
  return text;
}

/** What each verb takes, by the names of types, and how it says that it takes nothing else. */
export const verbs: Readonly<Record<string, { readonly types: readonly string[]; readonly refusal: string }>> = {
  s: {
    types: ['string', 'bool', 'bytes', 'int', 'uint', 'double', 'map', 'list', 'type', 'null_type',
      'google.protobuf.Duration', 'google.protobuf.Timestamp'], // prettier-ignore
    refusal:
      'string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps',
  },
  d: { types: ['int', 'uint'], refusal: 'decimal clause can only be used on integers' },
  f: { types: ['double', 'string'], refusal: 'fixed-point clause can only be used on doubles' },
  e: { types: ['double', 'string'], refusal: 'scientific clause can only be used on doubles' },
  b: { types: ['int', 'uint', 'bool'], refusal: 'only integers and bools can be formatted as binary' },
  x: {
    types: ['int', 'uint', 'string', 'bytes'],
    refusal: 'only integers, byte buffers, and strings can be formatted as hex',
  },
  o: { types: ['int', 'uint'], refusal: 'octal clause can only be used on integers' },
};

const formattingError = (what: string): CelError => new CelError(`error during formatting: ${what}`);

function refused(verb: string, value: CelValue): CelError {
  return formattingError(`${verbs[verb.toLowerCase()]?.refusal ?? ''}, was given ${typeName(value)}`);
}

function clauseText({ verb, precision }: FormatClause, value: CelValue): string {
  const whole = typeof value === 'bigint' ? value : value instanceof CelUint ? value.value : undefined;
  switch (verb) {
    case 's':
      return valueOf(value);
    case 'd':
    case 'o':
      if (whole === undefined) throw refused(verb, value);
      return whole.toString(verb === 'o' ? 8 : 10);
    case 'b':
      if (typeof value === 'boolean') return value ? '1' : '0';
      if (whole === undefined) throw refused(verb, value);
      return whole.toString(2);
    case 'f':
      return fixedText(doubleOf(verb, value), precision);
    case 'e':
      return scientificText(doubleOf(verb, value));
    default: {
      const hex = hexOf(verb, whole ?? value);
      return verb === 'X' ? hex.toUpperCase() : hex;
    }
  }
}

const namedDoubles: ReadonlyMap<CelValue, number> = new Map([
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
]);

function doubleOf(verb: string, value: CelValue): number {
  const double = typeof value === 'number' ? value : namedDoubles.get(value);
  if (double === undefined) throw refused(verb, value);
  return double;
}

function hexOf(verb: string, value: CelValue): string {
  if (typeof value === 'bigint') return value.toString(16);
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  if (!(bytes instanceof Uint8Array)) throw refused(verb, value);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function textOfBytes(value: Uint8Array): string {
  try {
    return decoded(value);
  } catch (error) {
    if (error instanceof CelError) throw formattingError(`could not convert argument "${error.message}" to string`);
    throw error;
  }
}

/** `%s` */
function valueOf(value: CelValue): string {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return textOfBytes(value);
  if (typeof value === 'number') return doubleText(value);
  if (value instanceof CelDuration) return nanosText(value.nanos);
  if (value instanceof CelTimestamp) return timestampText(value);
  const text = plainText(value) ?? aggregateText(value);
  if (text === undefined) throw refused('s', value);
  return text;
}

/** What is written alike on its own and inside of a list. */
function plainText(value: CelValue): string | undefined {
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (value instanceof CelUint) return String(value.value);
  return value instanceof CelTypeValue ? value.name : undefined;
}

function aggregateText(value: CelValue): string | undefined {
  if (isList(value)) return `[${value.map(innerText).join(', ')}]`;
  const map = fieldsOf(value);
  if (!map) return undefined;
  const entries = Array.from(map.entries(), ([key, inner]) => [keyText(key), innerText(inner)] as const);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map((entry) => entry.join(':')).join(', ')}}`;
}

/** In a list or map: as an expression would write it. */
function innerText(value: CelValue): string {
  if (typeof value === 'string') return goQuoted(value);
  if (value instanceof Uint8Array) return `b${goQuoted(textOfBytes(value))}`;
  if (typeof value === 'number') return Number.isFinite(value) ? fixedText(value, 6, '') : `"${doubleText(value)}"`;
  if (value instanceof CelDuration) return `duration("${nanosText(value.nanos)}")`;
  if (value instanceof CelTimestamp) return `timestamp("${timestampText(value)}")`;
  const text = plainText(value) ?? aggregateText(value);
  if (text === undefined) throw formattingError(`no formatting function for ${typeName(value)}`);
  return text;
}

function keyText(key: CelValue): string {
  if (typeof key === 'string') return goQuoted(key);
  const text = plainText(key);
  if (text === undefined) throw formattingError(`no formatting function for map key of type ${typeName(key)}`);
  return text;
}
