/** From one type to another, by the type's name. A text that is none of the type is an error, and says no more. */
import { durationNanos } from '#common/api/duration.ts';
import { canonicalTime, parseTime } from '#common/api/time.ts';
import { nanosText } from '../durations.ts';
import { type CelFunction, fn } from '../environment.ts';
import { CelDuration, CelError, CelTimestamp, CelTypeValue, CelUint, type CelValue, typeName } from '../values.ts';

const ints = { least: -(2n ** 63n), most: 2n ** 63n - 1n };
const uints = { least: 0n, most: 2n ** 64n - 1n };

function ranged(value: bigint, { least, most }: typeof ints, name: string): bigint {
  if (value < least || value > most) throw new CelError(`${name} overflow`);
  return value;
}

function truncated(value: number, range: typeof ints, name: string): bigint {
  if (!Number.isFinite(value)) throw new CelError(`${name} overflow`);
  return ranged(BigInt(Math.trunc(value)), range, name);
}

/** A text that is none of the type. */
const unreadable = (type: string): CelError => new CelError(`type conversion error from 'string' to '${type}'`);

function parsedInt(text: string, range: typeof ints, type: string, shape: RegExp): bigint {
  const value = shape.test(text) ? BigInt(text.replace(/^\+/, '')) : undefined;
  if (value === undefined || value < range.least || value > range.most) throw unreadable(type);
  return value;
}

function parsedDouble(text: string): number {
  if (/^[+-]?(?:inf|infinity)$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return NaN;
  if (!/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/.test(text)) {
    throw unreadable('double');
  }
  return Number(text);
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ...['1', 't', 'T', 'TRUE', 'true', 'True'].map((text) => [text, true] as const),
  ...['0', 'f', 'F', 'FALSE', 'false', 'False'].map((text) => [text, false] as const),
]);

/** The fewest digits that say which double it is, with an exponent from a million on. */
export function doubleText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

export function timestampText({ nanos }: CelTimestamp): string {
  const seconds = nanos >= 0n ? nanos / 1_000_000_000n : -((-nanos + 999_999_999n) / 1_000_000_000n);
  const fraction = String(nanos - seconds * 1_000_000_000n)
    .padStart(9, '0')
    .replace(/0+$/, '');
  const whole = new Date(Number(seconds) * 1000).toISOString().replace(/\.000Z$/, '');
  return `${whole}${fraction ? `.${fraction}` : ''}Z`;
}

/** Differs from Kubernetes: a timestamp forgets the zone that it was written in, and is written in UTC. */
function parsedTimestamp(text: string): CelTimestamp {
  const whole = parseTime(text);
  if (whole === undefined || canonicalTime(text) === undefined) {
    throw unreadable('google.protobuf.Timestamp');
  }
  const fraction = /\.(\d{1,9})/.exec(text)?.[1]?.padEnd(9, '0') ?? '0';
  return new CelTimestamp(BigInt(Math.floor(whole / 1000)) * 1_000_000_000n + BigInt(fraction));
}

function parsedDuration(text: string): CelDuration {
  const nanos = durationNanos(text);
  if (nanos === undefined) throw unreadable('google.protobuf.Duration');
  return new CelDuration(nanos);
}

export function decoded(value: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value);
  } catch {
    throw new CelError('invalid UTF-8 in bytes, cannot convert to string');
  }
}

const same = (value: CelValue): CelValue => value;

export const conversionFunctions: readonly CelFunction[] = [
  fn('int(int): int', same),
  fn('int(uint): int', (value: CelUint) => ranged(value.value, ints, 'integer')),
  fn('int(double): int', (value: number) => truncated(value, ints, 'integer')),
  fn('int(string): int', (text: string) => parsedInt(text, ints, 'int', /^[+-]?\d+$/)),
  fn('int(timestamp): int', ({ nanos }: CelTimestamp) =>
    BigInt.asIntN(64, (nanos - (((nanos % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n)) / 1_000_000_000n),
  ),
  fn('int(duration): int', ({ nanos }: CelDuration) => nanos),
  fn('uint(uint): uint', same),
  fn('uint(int): uint', (value: bigint) => new CelUint(ranged(value, uints, 'unsigned integer'))),
  fn('uint(double): uint', (value: number) => new CelUint(truncated(value, uints, 'unsigned integer'))),
  fn('uint(string): uint', (text: string) => new CelUint(parsedInt(text, uints, 'uint', /^\d+$/))),
  fn('double(double): double', same),
  fn('double(int): double', Number as (value: bigint) => number),
  fn('double(uint): double', (value: CelUint) => Number(value.value)),
  fn('double(string): double', parsedDouble),
  fn('string(string): string', same),
  fn('string(bool): string', (value: boolean) => String(value)),
  fn('string(int): string', (value: bigint) => String(value)),
  fn('string(uint): string', (value: CelUint) => String(value.value)),
  fn('string(double): string', doubleText),
  fn('string(bytes): string', decoded),
  fn('string(timestamp): string', timestampText),
  fn('string(duration): string', ({ nanos }: CelDuration) => nanosText(nanos)),
  fn('bool(bool): bool', same),
  fn('bool(string): bool', (text: string) => {
    const value = booleans.get(text);
    if (value === undefined) throw unreadable('bool');
    return value;
  }),
  fn('bytes(bytes): bytes', same),
  fn('bytes(string): bytes', (text: string) => new TextEncoder().encode(text)),
  fn('timestamp(timestamp): timestamp', same),
  fn('timestamp(string): timestamp', parsedTimestamp),
  fn('timestamp(int): timestamp', (seconds: bigint) => new CelTimestamp(seconds * 1_000_000_000n)),
  fn('duration(duration): duration', same),
  fn('duration(string): duration', parsedDuration),
  fn('duration(int): duration', (nanos: bigint) => new CelDuration(nanos)),
  fn('dyn(A): dyn', same),
  fn('type(A): type(A)', (value: CelValue) => new CelTypeValue(typeName(value))),
];
