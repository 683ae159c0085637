/** Says what is wrong with a text that is not JSON, in the words that Kubernetes (Go's scanner) uses for it. */

const escapes = new Set(['"', '\\', '/', 'b', 'f', 'n', 'r', 't']);
const isSpace = (c: string | undefined): boolean => c === ' ' || c === '\t' || c === '\r' || c === '\n';
const isDigit = (c: string | undefined): boolean => c !== undefined && c >= '0' && c <= '9';

class Problem extends Error {}

/** The message for the first place where `text` stops being JSON, or where it gets too deep. */
export function jsonSyntaxProblem(text: string, maxDepth: number): string {
  try {
    scan(text, maxDepth);
  } catch (error) {
    if (error instanceof Problem) return error.message;
    throw error;
  }
  return 'unexpected end of JSON input';
}

function scan(text: string, maxDepth: number): void {
  let at = 0;
  const fail = (context: string): never => {
    // At the end Kubernetes' scanner is given one more space, which it takes where a space or the end may stand.
    const spaceFits = /^(?:looking|after (?!decimal)|in string literal)/.test(context);
    if (at >= text.length && spaceFits) throw new Problem('unexpected end of JSON input');
    throw new Problem(`invalid character ${at >= text.length ? "' '" : quoteCharacter(text, at)} ${context}`);
  };
  const skipSpace = (): void => {
    while (isSpace(text[at])) at++;
  };
  const string = (): void => {
    for (at++; text[at] !== '"'; at++) {
      if (at >= text.length || text.charCodeAt(at) < 0x20) fail('in string literal');
      if (text[at] !== '\\') continue;
      at++;
      if (text[at] === 'u') {
        for (let i = 0; i < 4; i++) {
          at++;
          if (!/[0-9a-fA-F]/.test(text[at] ?? '')) fail('in \\u hexadecimal character escape');
        }
      } else if (!escapes.has(text[at] ?? '')) fail('in string escape code');
    }
    at++;
  };
  const digits = (context: string): void => {
    if (!isDigit(text[at])) fail(context);
    while (isDigit(text[at])) at++;
  };
  const number = (): void => {
    if (text[at] === '-') at++;
    if (text[at] === '0') at++;
    else digits('in numeric literal');
    if (text[at] === '.') {
      at++;
      digits('after decimal point in numeric literal');
    }
    if (text[at] === 'e' || text[at] === 'E') {
      at++;
      if (text[at] === '+' || text[at] === '-') at++;
      digits('in exponent of numeric literal');
    }
  };
  const literal = (word: string): void => {
    for (let i = 0; i < word.length; i++, at++) {
      if (text[at] !== word[i]) fail(`in literal ${word} (expecting '${word[i]}')`);
    }
  };

  // Which brackets are open, and for an object whether a value or a key has just ended.
  const open: ('{' | '[')[] = [];
  const key = (): void => {
    skipSpace();
    if (text[at] !== '"') fail('looking for beginning of object key string');
    string();
    skipSpace();
    if (text[at] !== ':') fail('after object key');
    at++;
  };
  for (;;) {
    // One value begins.
    skipSpace();
    const c = text[at];
    if (c === '{' || c === '[') {
      if (open.length >= maxDepth) fail('exceeded max depth');
      open.push(c);
      at++;
      skipSpace();
      if (c === '{' && text[at] !== '}') {
        key();
        continue;
      }
      if (c === '[' && text[at] !== ']') continue;
      at++;
      open.pop();
    } else if (c === '"') string();
    else if (c === '-' || isDigit(c)) number();
    else if (c === 't') literal('true');
    else if (c === 'f') literal('false');
    else if (c === 'n') literal('null');
    else fail('looking for beginning of value');
    // One value has ended; so may what contains it.
    for (;;) {
      skipSpace();
      const inside = open.at(-1);
      if (!inside) {
        if (at < text.length) fail('after top-level value');
        return;
      }
      if (text[at] === ',') {
        at++;
        if (inside === '{') key();
        break;
      }
      if (text[at] !== (inside === '{' ? '}' : ']')) fail(inside === '{' ? 'after object key:value pair' : 'after array element');
      open.pop();
      at++;
    }
  }
}

/** The byte at this place in quotes. Of a character beyond ASCII, Kubernetes sees only the first byte of its UTF-8 form. */
function quoteCharacter(text: string, at: number): string {
  const c = text[at] ?? '';
  if (c === "'") return "'\\''";
  if (c === '"') return "'\"'";
  const code = text.codePointAt(at) ?? 0;
  const byte = code < 0x80 ? code : (new TextEncoder().encode(String.fromCodePoint(code))[0] ?? 0);
  const named: Record<number, string> = { 7: '\\a', 8: '\\b', 9: '\\t', 10: '\\n', 11: '\\v', 12: '\\f', 13: '\\r', 92: '\\\\' };
  if (named[byte]) return `'${named[byte]}'`;
  if (byte < 0x20 || byte === 0x7f) return `'\\x${byte.toString(16).padStart(2, '0')}'`;
  return byte >= 0x80 && byte < 0xa1 ? `'\\u${byte.toString(16).padStart(4, '0')}'` : `'${String.fromCharCode(byte)}'`;
}
