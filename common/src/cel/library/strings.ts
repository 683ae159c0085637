/** Texts taken apart and put together. Places are counted in characters (code points). `format` is in stringFormat.ts. */
import { type CelFunction, fn, method } from '../environment.ts';
import { CelError, type CelValue } from '../values.ts';
import { formatted } from './stringFormat.ts';

const outOfRange = (index: bigint): CelError => new CelError(`index out of range: ${index}`);

function charAt(text: string, index: bigint): string {
  const characters = [...text];
  if (index < 0n || index > BigInt(characters.length)) throw outOfRange(index);
  return characters[Number(index)] ?? '';
}

/** Where `part` begins at or after `from`; -1 where nowhere. */
function indexOf(text: string, part: string, from = 0n): bigint {
  if (part === '' && from >= 0n) return from;
  if (from < 0n) throw outOfRange(from);
  const skipped = [...text].slice(0, Number(from)).join('').length;
  const at = text.indexOf(part, skipped);
  return at < 0 || skipped > text.length ? -1n : BigInt([...text.slice(0, at)].length);
}

/** Where `part` begins for the last time, at or before `from`. */
function lastIndexOf(text: string, part: string, from?: bigint): bigint {
  const length = BigInt([...text].length);
  if (part === '') return from ?? length;
  if (from !== undefined && from < 0n) throw outOfRange(from);
  if (from !== undefined && from >= length) return -1n;
  const units = from === undefined ? text.length : [...text].slice(0, Number(from)).join('').length;
  const at = text.lastIndexOf(part, units);
  return at < 0 ? -1n : BigInt([...text.slice(0, at)].length);
}

const shifted = (text: string, letters: RegExp, by: number): string =>
  text.replace(letters, (letter) => String.fromCharCode(letter.charCodeAt(0) + by));

/** The first `limit` times; everywhere with a negative one. An empty `part` is before every character and at the end. */
function replace(text: string, part: string, by: string, limit = -1n): string {
  const all = limit < 0n;
  if (part !== '') {
    if (all) return text.replaceAll(part, () => by);
    const pieces = split(text, part, limit + 1n);
    return pieces.length > 0 ? pieces.join(by) : text;
  }
  const gaps = [...text, ''];
  return gaps.map((character, i) => (all || BigInt(i) < limit ? by : '') + character).join('');
}

/** In at most `limit` pieces, the last with all that is left; an empty separator is between all characters. */
function split(text: string, separator: string, limit = -1n): string[] {
  if (limit === 0n) return [];
  const pieces = separator === '' ? [...text] : text.split(separator);
  if (limit < 0n || BigInt(pieces.length) <= limit) return pieces;
  const last = Number(limit) - 1;
  return [...pieces.slice(0, last), pieces.slice(last).join(separator)];
}

function substring(text: string, start: bigint, end?: bigint): string {
  const characters = [...text];
  const length = BigInt(characters.length);
  if (end !== undefined && start > end) throw new CelError(`invalid substring range. start: ${start}, end: ${end}`);
  if (start < 0n || start > length) throw outOfRange(start);
  if (end !== undefined && end > length) throw outOfRange(end);
  return characters.slice(Number(start), end === undefined ? undefined : Number(end)).join('');
}

/** What Unicode calls white space, which is not quite what JavaScript trims. */
const blanks = /^\p{White_Space}+|\p{White_Space}+$/gu;

const joined = (parts: readonly CelValue[], between: string, signature: string): string => {
  if (parts.some((part) => typeof part !== 'string')) throw new CelError(`no such overload: ${signature}`);
  return parts.join(between);
};

const escapes: Readonly<Record<string, string>> = {
  '\x07': '\\a', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v', '\\': '\\\\', '"': '\\"',
}; // prettier-ignore

const quoted = (text: string): string => `"${text.replace(/[\x07\b\f\n\r\t\v\\"]/g, (character) => escapes[character] ?? '')}"`;

export const stringFunctions: readonly CelFunction[] = [
  method('string', 'charAt(int): string', charAt),
  method('string', 'indexOf(string): int', (text: string, part: string) => indexOf(text, part)),
  method('string', 'indexOf(string, int): int', indexOf as (text: string, part: string, from: bigint) => bigint),
  method('string', 'lastIndexOf(string): int', (text: string, part: string) => lastIndexOf(text, part)),
  method('string', 'lastIndexOf(string, int): int', lastIndexOf as (text: string, part: string, from: bigint) => bigint),
  method('string', 'lowerAscii(): string', (text: string) => shifted(text, /[A-Z]/g, 32)),
  method('string', 'upperAscii(): string', (text: string) => shifted(text, /[a-z]/g, -32)),
  method('string', 'replace(string, string): string', (text: string, part: string, by: string) => replace(text, part, by)),
  method('string', 'replace(string, string, int): string', (text: string, part: string, by: string, limit: bigint) =>
    replace(text, part, by, limit),
  ),
  method('string', 'split(string): list(string)', (text: string, separator: string) => split(text, separator)),
  method('string', 'split(string, int): list(string)', (text: string, separator: string, limit: bigint) =>
    split(text, separator, limit),
  ),
  method('string', 'substring(int): string', (text: string, start: bigint) => substring(text, start)),
  method('string', 'substring(int, int): string', (text: string, start: bigint, end: bigint) => substring(text, start, end)),
  method('string', 'trim(): string', (text: string) => text.replace(blanks, '')),
  method('string', 'format(list(dyn)): string', formatted),
  method('list(string)', 'join(): string', (parts: readonly CelValue[]) => joined(parts, '', 'join(list)')),
  method('list(string)', 'join(string): string', (parts: readonly CelValue[], between: string) =>
    joined(parts, between, 'join(list, string)'),
  ),
  fn('strings.quote(string): string', quoted),
];
