/** The words of an expression. */
import type { Literal } from './ast.ts';
import { type CelProblem, CelSyntaxError } from './problem.ts';
import { readText } from './texts.ts';

export interface Token {
  readonly kind: 'identifier' | 'quoted' | 'literal' | 'sign' | 'end';
  /** As written. */
  readonly text: string;
  readonly at: number;
  readonly value?: Literal;
}

const signs = ['==', '!=', '<=', '>=', '&&', '||', ...'<>+-*/%!?:.,()[]{}='];
const number = /^(?:0x[0-9a-fA-F]+[uU]?|\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?|\d+[uU]?)/;
const textStart = /^[bB]?[rR]?(?:"""|'''|"|')/;
const words: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);
const most = { int: 2n ** 63n - 1n, uint: 2n ** 64n - 1n };

/** The last token is of the kind `end`. What is no token at all is left out, and told of. Throws CelSyntaxError. */
export function tokensOf(source: string, problems: CelProblem[]): Token[] {
  const tokens: Token[] = [];
  // Offsets in UTF-16 units while reading; problems are told in characters.
  const columns = columnsOf(source);
  let at = 0;
  while (at < source.length) {
    const rest = source.slice(at, at + 4096);
    const start = columns(at);
    const blank = /^(?:[\t\n\f\r ]+|\/\/[^\n]*)/.exec(rest);
    if (blank) {
      at += blank[0].length;
      continue;
    }
    if (textStart.test(rest)) {
      const { value, length } = readText(source, at, start);
      if (value === undefined) {
        at = skipText(source, at, length, columns, tokens, problems);
        continue;
      }
      tokens.push({ kind: 'literal', text: source.slice(at, at + length), at: start, value });
      at += length;
      continue;
    }
    const digits = number.exec(rest);
    if (digits) {
      tokens.push({ kind: 'literal', text: digits[0], at: start, value: numberOf(digits[0], start) });
      at += digits[0].length;
      continue;
    }
    const name = /^[A-Za-z_][A-Za-z0-9_]*/.exec(rest)?.[0];
    if (name !== undefined) {
      const word = words.get(name);
      tokens.push(
        word === undefined
          ? { kind: 'identifier', text: name, at: start }
          : { kind: 'literal', text: name, at: start, value: word },
      );
      at += name.length;
      continue;
    }
    const quoted = /^`([A-Za-z0-9_.\-/ ]+)`/.exec(rest);
    if (quoted) {
      tokens.push({ kind: 'quoted', text: quoted[0], at: start });
      at += quoted[0].length;
      continue;
    }
    const sign = signs.find((each) => rest.startsWith(each));
    if (sign === undefined || sign === '=') {
      // Half of `&&`, `||` or `==` and the beginning of a quoted name take what stands behind them along.
      const [unread = ''] = /^(?:[&|=][^]?|`[A-Za-z0-9_.\-/ ]*[^]?|[^])/u.exec(rest) ?? [];
      problems.push({ at: start, message: `Syntax error: token recognition error at: '${unread}'` });
      at += unread.length;
      continue;
    }
    tokens.push({ kind: 'sign', text: sign, at: start });
    at += sign.length;
  }
  tokens.push({ kind: 'end', text: '<EOF>', at: columns(source.length) });
  return tokens;
}

/** A text that has no end, or an unknown escape: where reading goes on. */
function skipText(
  source: string,
  at: number,
  length: number,
  columns: (at: number) => number,
  tokens: Token[],
  problems: CelProblem[],
): number {
  const [, prefix = '', quotes = ''] = /^([bBrR]*)("""|'''|"|')/.exec(source.slice(at, at + 5)) ?? [];
  let open = at + prefix.length;
  // What is read up to the last place where it made sense: a name, an empty text.
  if (prefix) tokens.push({ kind: 'identifier', text: prefix, at: columns(at) });
  if (quotes.length === 3) {
    tokens.push({ kind: 'literal', text: quotes.slice(0, 2), at: columns(open), value: '' });
    open += 2;
  }
  const end = Math.max(at + length, open + 1);
  problems.push({ at: columns(open), message: `Syntax error: token recognition error at: '${source.slice(open, end)}'` });
  return end;
}

function numberOf(text: string, at: number): Literal {
  const isHex = /^0x/i.test(text);
  if (!isHex && /[.eE]/.test(text)) return Number(text);
  const isUint = /u$/i.test(text);
  const value = BigInt(isUint ? text.slice(0, -1) : text);
  if (value > (isUint ? most.uint : most.int)) {
    // The smallest integer is written with a sign in front of what is one too many.
    if (!isUint && value === most.int + 1n) return value;
    throw new CelSyntaxError(at, `invalid ${isUint ? 'uint' : 'int'} literal`);
  }
  return isUint ? { uint: value } : value;
}

/** UTF-16 offset → offset in characters. */
function columnsOf(source: string): (at: number) => number {
  if (/^[\x00-\x7f]*$/.test(source)) return (at) => at;
  const columns: number[] = [];
  let column = 0;
  for (const character of source) {
    for (let i = 0; i < character.length; i++) columns.push(column);
    column++;
  }
  return (at) => columns[at] ?? column;
}
