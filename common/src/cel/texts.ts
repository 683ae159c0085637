/** Texts and bytes in quotes: `'a'`, `"a"`, three of either, with `r` and `b` in front. */
import { CelSyntaxError } from './problem.ts';

const simple: Readonly<Record<string, string>> = {
  a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\', '?': '?', '"': '"', "'": "'", '`': '`',
}; // prettier-ignore
/** As much of an escape as can be read, and the character that breaks it. */
const broken = /^\\(?:[xX][0-9a-fA-F]?|u[0-9a-fA-F]{0,3}|U[0-9a-fA-F]{0,7}|[0-3][0-7]?)?[^]?/;
const escape = /^(?:[abfnrtv\\?"'`]|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2})/;

/**
 * `column` is where the text begins, in characters; `at` in UTF-16 units. Without a value it is none, and `length` is how far
 * it looked like one.
 */
export function readText(source: string, at: number, column: number): { value?: string | Uint8Array; length: number } {
  const prefix = /^[bBrR]{0,2}(?=["'])/.exec(source.slice(at, at + 3))?.[0] ?? '';
  const open = at + prefix.length;
  const one = source.charAt(open);
  const quote = source.startsWith(one.repeat(3), open) ? one.repeat(3) : one;
  const isRaw = /r/i.test(prefix);
  const isBytes = /b/i.test(prefix);
  const parts: string[] = [];
  const bytes: number[] = [];
  const put = (text: string): void => void (isBytes ? bytes.push(...new TextEncoder().encode(text)) : parts.push(text));
  let next = open + quote.length;
  for (;;) {
    if (next >= source.length || (quote.length === 1 && /[\n\r]/.test(source.charAt(next)))) {
      return { length: next - at };
    }
    if (source.startsWith(quote, next)) break;
    const character = String.fromCodePoint(source.codePointAt(next) ?? 0);
    if (character !== '\\' || isRaw) {
      put(character);
      next += character.length;
      continue;
    }
    const escaped = escape.exec(source.slice(next + 1, next + 11))?.[0];
    if (escaped === undefined) {
      const [unread = ''] = broken.exec(source.slice(next, next + 11)) ?? [];
      return { length: next + unread.length - at };
    }
    next += 1 + escaped.length;
    const known = simple[escaped];
    if (isBytes && /^[uU]/.test(escaped)) throw new CelSyntaxError(column, 'unable to unescape string');
    if (known !== undefined && escaped.length === 1) put(known);
    else if (isBytes && /^[xX0-3]/.test(escaped)) bytes.push(codeOf(escaped));
    else if (codeOf(escaped) > 0x10ffff || (codeOf(escaped) >= 0xd800 && codeOf(escaped) < 0xe000)) {
      throw new CelSyntaxError(column, 'invalid unicode code point');
    } else put(String.fromCodePoint(codeOf(escaped)));
  }
  return { value: isBytes ? new Uint8Array(bytes) : parts.join(''), length: next + quote.length - at };
}

const codeOf = (escaped: string): number => (/^[xXuU]/.test(escaped) ? parseInt(escaped.slice(1), 16) : parseInt(escaped, 8));
