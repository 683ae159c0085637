/** `printf`'s format language. */
import { unescape } from './escapes.ts';

export interface Formatted {
  readonly text: string;
  readonly problems: readonly string[];
}

const directive = /%(%|([-+ 0#]*)(\*|\d+)?(?:\.(\*|\d+)?)?([diouxXeEfFgGcsbq]))/;

export function format(template: string, args: readonly string[]): Formatted {
  const problems: string[] = [];
  let text = '';
  let next = 0;
  const pattern = new RegExp(directive.source, 'g');
  for (let round = 0; round === 0 || (next < args.length && round < 10_000); round++) {
    const before = next;
    let stopped = false;
    const { text: plain } = { text: template };
    let last = 0;
    for (const match of plain.matchAll(pattern)) {
      text += unescape(plain.slice(last, match.index), false).text;
      last = match.index + match[0].length;
      if (match[1] === '%') {
        text += '%';
        continue;
      }
      const [, , flags = '', givenWidth, givenPrecision, kind = 's'] = match;
      const width = givenWidth === '*' ? Number(args[next++] ?? 0) : Number(givenWidth ?? 0);
      const precision =
        givenPrecision === '*' ? Number(args[next++] ?? 0) : givenPrecision === undefined ? undefined : Number(givenPrecision);
      const piece = one(kind, flags, precision, args[next++], problems);
      text += pad(piece.text, width, flags, kind);
      if (piece.stopped) {
        stopped = true;
        break;
      }
    }
    if (stopped) return { text, problems };
    const rest = unescape(plain.slice(last), false);
    text += rest.text;
    if (rest.stopped || next === before) break;
  }
  return { text, problems };
}

function one(
  kind: string,
  flags: string,
  precision: number | undefined,
  arg: string | undefined,
  problems: string[],
): { text: string; stopped: boolean } {
  const done = (text: string): { text: string; stopped: boolean } => ({ text, stopped: false });
  switch (kind) {
    case 's':
      return done((arg ?? '').slice(0, precision));
    case 'c':
      return done((arg ?? '').slice(0, 1));
    case 'b':
      return unescape(arg ?? '', true);
    case 'q':
      return done(/^[\w@%+=:,./-]+$/.test(arg ?? '') ? (arg ?? '') : `'${(arg ?? '').replaceAll("'", "'\\''")}'`);
  }
  const number = numeric(arg, problems);
  const sign = number < 0 ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  const magnitude = Math.abs(number);
  const digits = (text: string): string => text.padStart(precision ?? 1, '0');
  switch (kind) {
    case 'd':
    case 'i':
      return done(sign + digits(String(Math.trunc(magnitude))));
    case 'u':
      return done(digits(String(Math.trunc(magnitude))));
    case 'o':
      return done((flags.includes('#') ? '0' : '') + digits(Math.trunc(magnitude).toString(8)));
    case 'x':
      return done((flags.includes('#') ? '0x' : '') + digits(Math.trunc(magnitude).toString(16)));
    case 'X':
      return done((flags.includes('#') ? '0X' : '') + digits(Math.trunc(magnitude).toString(16).toUpperCase()));
    case 'e':
    case 'E': {
      const text = magnitude.toExponential(precision ?? 6).replace(/e([+-])(\d)$/, 'e$10$2');
      return done(sign + (kind === 'E' ? text.toUpperCase() : text));
    }
    case 'g':
    case 'G':
      return done(sign + String(Number(magnitude.toPrecision(precision || 6))));
    default:
      return done(sign + magnitude.toFixed(precision ?? 6));
  }
}

function numeric(arg: string | undefined, problems: string[]): number {
  if (arg === undefined || arg === '') return 0;
  if (/^['"]./.test(arg)) return arg.codePointAt(1) ?? 0;
  const value = /^-?0[0-7]+$/.test(arg) ? parseInt(arg, 8) : Number(arg);
  if (!Number.isNaN(value)) return value;
  problems.push(`invalid number '${arg}'`);
  return Number(/^-?\d+/.exec(arg)?.[0] ?? 0);
}

function pad(text: string, width: number, flags: string, kind: string): string {
  if (flags.includes('-')) return text.padEnd(width);
  if (flags.includes('0') && !'scbq'.includes(kind)) {
    const sign = /^[+ -]/.exec(text)?.[0] ?? '';
    return sign + text.slice(sign.length).padStart(width - sign.length, '0');
  }
  return text.padStart(width);
}
