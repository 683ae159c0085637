/**
 * Durations: Go's text form (`1m30s`), which the API reads and writes, and the short human form (`5m30s`, `2d3h`) of
 * ages in tables and events.
 */
import { quoteValue } from './fieldError.ts';

const unitNanos: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

const longest = 2n ** 63n - 1n;

/** Nanoseconds, or what is wrong. */
function scan(text: string): bigint | string {
  const problem = `time: invalid duration ${quoteValue(text)}`;
  const negative = text.startsWith('-');
  let rest = text.replace(/^[+-]/, '');
  if (rest === '0') return 0n;
  if (rest === '' || text.length > 200) return problem;
  let nanos = 0n;
  while (rest !== '') {
    const [number, whole = '', fraction = ''] = /^(\d*)(?:\.(\d*))?/.exec(rest) ?? [''];
    if (whole === '' && fraction === '') return problem;
    rest = rest.slice(number.length);
    const [unit = ''] = /^[^.\d]*/.exec(rest) ?? [];
    if (unit === '') return `time: missing unit in duration ${quoteValue(text)}`;
    const scale = Object.hasOwn(unitNanos, unit) ? unitNanos[unit] : undefined;
    if (scale === undefined) return `time: unknown unit ${quoteValue(unit)} in duration ${quoteValue(text)}`;
    rest = rest.slice(unit.length);
    nanos += BigInt(whole || '0') * scale + (BigInt(fraction || '0') * scale) / 10n ** BigInt(fraction.length);
    if (nanos > longest + (negative ? 1n : 0n)) return problem;
  }
  return negative ? -nanos : nanos;
}

/** Nanoseconds of Go's duration text, or undefined when it is none or one that Go cannot hold. */
export function durationNanos(text: string): bigint | undefined {
  const nanos = scan(text);
  return typeof nanos === 'string' ? undefined : nanos;
}

/** Milliseconds of Go's duration text, or undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  const nanos = durationNanos(text);
  return nanos === undefined ? undefined : Number(nanos / 1_000_000n) + Number(nanos % 1_000_000n) / 1e6;
}

export function durationProblem(text: string): string | undefined {
  const nanos = scan(text);
  return typeof nanos === 'string' ? nanos : undefined;
}

/** The text as the API gives it back: `90s` becomes `1m30s`. */
export function canonicalDuration(text: string): string | undefined {
  const nanos = scan(text);
  return typeof nanos === 'string' ? undefined : formatNanos(nanos);
}

/** Go's text of a duration given in milliseconds: `1m30s`, `1.5s`, `250ms`, `0s`. */
export const formatDuration = (ms: number): string =>
  formatNanos(BigInt(Math.trunc(ms)) * 1_000_000n + BigInt(Math.round((ms % 1) * 1e6)));

/** `nanos` over `scale` as a decimal without trailing zeros. */
function decimal(nanos: bigint, scale: bigint): string {
  const fraction = String(nanos % scale)
    .padStart(String(scale).length - 1, '0')
    .replace(/0+$/, '');
  return `${nanos / scale}${fraction && scale > 1n ? `.${fraction}` : ''}`;
}

function formatNanos(signed: bigint): string {
  const sign = signed < 0n ? '-' : '';
  const nanos = signed < 0n ? -signed : signed;
  const second = 1_000_000_000n;
  if (nanos === 0n) return '0s';
  if (nanos < 1_000n) return `${sign}${nanos}ns`;
  if (nanos < 1_000_000n) return `${sign}${decimal(nanos, 1_000n)}µs`;
  if (nanos < second) return `${sign}${decimal(nanos, 1_000_000n)}ms`;
  const seconds = `${decimal(nanos % (60n * second), second)}s`;
  const minutes = nanos / (60n * second);
  if (minutes === 0n) return `${sign}${seconds}`;
  const hours = minutes / 60n;
  return hours === 0n ? `${sign}${minutes}m${seconds}` : `${sign}${hours}h${minutes % 60n}m${seconds}`;
}

const both = (large: number, largeUnit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`;

/** An age in at most two units, coarser the longer it is: `45s`, `5m30s`, `3h12m`, `2d3h`, `400d`, `3y20d`. */
export function humanDuration(ms: number): string {
  const seconds = Math.trunc(ms / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return both(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return both(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (hours < 192) return both(days, 'd', hours % 24, 'h');
  if (days < 730) return `${days}d`;
  const years = Math.floor(days / 365);
  return days < 8 * 365 ? both(years, 'y', days % 365, 'd') : `${years}y`;
}

/** An age in one unit, as `kubectl describe` writes an event's count of time: `45s`, `5m`, `2d`. */
export function shortHumanDuration(ms: number): string {
  const seconds = Math.trunc(ms / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours}h`;
  return hours < 24 * 365 ? `${Math.floor(hours / 24)}d` : `${Math.floor(hours / 24 / 365)}y`;
}
