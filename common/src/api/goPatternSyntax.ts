/** Regular expressions as Go's `regexp` reads them, into a tree; problems in its words. Groups leave no trace: nothing asks for them. */

export type PatternNode =
  | { readonly kind: 'set'; readonly has: (codePoint: number) => boolean }
  | { readonly kind: 'assert'; readonly what: 'start' | 'end' | 'lineStart' | 'lineEnd' | 'word' | 'notWord' }
  | { readonly kind: 'all'; readonly nodes: readonly PatternNode[] }
  | { readonly kind: 'any'; readonly nodes: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly node: PatternNode; readonly min: number; readonly max: number; readonly isLazy: boolean };

/** `error parsing regexp: missing closing ): …` is said around it. */
export class PatternProblem extends Error {
  constructor(what: string, where: string) {
    super(`${what}: \`${where}\``);
  }
}

type Range = readonly [number, number];
/** Ranges, a Unicode property, or all that is in none of the parts. */
type Part = Range | RegExp | { readonly not: readonly Part[] };

interface Flags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
  readonly U: boolean;
}

const digit: readonly Range[] = [[48, 57]];
const lower: readonly Range[] = [[97, 122]];
const upper: readonly Range[] = [[65, 90]];
const word: readonly Range[] = [...digit, ...upper, [95, 95], ...lower];
const named: ReadonlyMap<string, readonly Range[]> = new Map<string, readonly Range[]>([
  ['alnum', [...digit, ...upper, ...lower]],
  ['alpha', [...upper, ...lower]],
  ['ascii', [[0, 127]]],
  ['blank', [[9, 9], [32, 32]]],
  ['cntrl', [[0, 31], [127, 127]]],
  ['digit', digit],
  ['graph', [[33, 126]]],
  ['lower', lower],
  ['print', [[32, 126]]],
  ['punct', [[33, 47], [58, 64], [91, 96], [123, 126]]],
  ['space', [[9, 13], [32, 32]]],
  ['upper', upper],
  ['word', word],
  ['xdigit', [...digit, [65, 70], [97, 102]]],
]); // prettier-ignore
const perl: ReadonlyMap<string, readonly Range[]> = new Map<string, readonly Range[]>([
  ['d', digit],
  ['s', [[9, 10], [12, 13], [32, 32]]],
  ['w', word],
]); // prettier-ignore
const simpleEscapes: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['v', 11],
]);
const mostRepeats = 1000;
const deepest = 1000;

/** Throws PatternProblem. */
export function parsePattern(pattern: string): PatternNode {
  return new Reader(pattern).whole();
}

class Reader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text) ?? undefined;
    if (found) this.#at += found[0].length;
    return found;
  }

  whole(): PatternNode {
    const node = this.#alternatives({ i: false, m: false, s: false, U: false });
    if (this.#at < this.#text.length) throw new PatternProblem('unexpected )', this.#text);
    return node;
  }

  #alternatives(outer: Flags): PatternNode {
    if (++this.#depth > deepest) throw new PatternProblem('expression nests too deeply', this.#text);
    let flags = outer;
    const alternatives: PatternNode[] = [];
    let row: PatternNode[] = [];
    let last = { start: -1, end: -1 };
    const finish = (): void => void alternatives.push(row.length === 1 && row[0] ? row[0] : { kind: 'all', nodes: row });
    while (this.#at < this.#text.length && this.#text.charAt(this.#at) !== ')') {
      if (this.#match(/\|/y)) {
        finish();
        row = [];
        continue;
      }
      const literal = this.#match(/\\Q([^]*?)(?:\\E|$)/y);
      if (literal) {
        for (const character of literal[1] ?? '') row.push(set([single(codeOf(character))], flags));
        continue;
      }
      const change = this.#match(/\(\?([imsU]+(?:-[imsU]+)?|-[imsU]+)\)/y);
      if (change) {
        flags = changed(flags, change[1] ?? '');
        continue;
      }
      const start = this.#at;
      const repeat = this.#repeat();
      if (!repeat) {
        row.push(this.#single(flags));
        continue;
      }
      const repeated = row.pop();
      if (!repeated) throw new PatternProblem('missing argument to repetition operator', this.#text.slice(start, this.#at));
      if (last.end === start) {
        throw new PatternProblem('invalid nested repetition operator', this.#text.slice(last.start, this.#at));
      }
      last = { start, end: this.#at };
      const node: PatternNode = { kind: 'repeat', node: repeated, ...repeat, isLazy: repeat.isLazy !== flags.U };
      if (repeatsOf(node) > mostRepeats) {
        throw new PatternProblem('invalid repeat count', this.#text.slice(start, this.#at));
      }
      row.push(node);
    }
    finish();
    this.#depth--;
    return alternatives.length === 1 && alternatives[0] ? alternatives[0] : { kind: 'any', nodes: alternatives };
  }

  #repeat(): { min: number; max: number; isLazy: boolean } | undefined {
    const sign = this.#match(/([*+?])(\??)/y);
    if (sign) {
      return { min: sign[1] === '+' ? 1 : 0, max: sign[1] === '?' ? 1 : Infinity, isLazy: sign[2] === '?' };
    }
    const braces = this.#match(/\{(0|[1-9]\d*)(,?)(0|[1-9]\d*)?\}(\??)/y);
    if (!braces) return undefined;
    const [text, least = '', comma, most, lazy] = braces;
    const min = Number(least);
    const max = most !== undefined && comma ? Number(most) : comma ? Infinity : min;
    if (min > mostRepeats || (max > mostRepeats && max !== Infinity) || max < min) {
      throw new PatternProblem('invalid repeat count', text.replace(/\?$/, ''));
    }
    return { min, max, isLazy: lazy === '?' };
  }

  #single(flags: Flags): PatternNode {
    const character = this.#character();
    switch (character) {
      case '(':
        return this.#group(flags);
      case '[':
        return this.#class(flags);
      case '.':
        return set([{ not: flags.s ? [] : [single(10)] }], { ...flags, i: false });
      case '^':
        return { kind: 'assert', what: flags.m ? 'lineStart' : 'start' };
      case '$':
        return { kind: 'assert', what: flags.m ? 'lineEnd' : 'end' };
      case '\\': {
        const assertion = this.#match(/[AzbB]/y)?.[0];
        if (assertion !== undefined) {
          return { kind: 'assert', what: ({ A: 'start', z: 'end', b: 'word', B: 'notWord' } as const)[assertion as 'A'] };
        }
        const escaped = this.#escape();
        return set(escaped.parts, escaped.isPerl ? { ...flags, i: false } : flags);
      }
      default:
        return set([single(codeOf(character))], flags);
    }
  }

  #character(): string {
    const character = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0);
    this.#at += character.length;
    return character;
  }

  #group(outer: Flags): PatternNode {
    let flags = outer;
    if (this.#text.charAt(this.#at) === '?') {
      const start = this.#at - 1;
      const capture = this.#match(/\?P?</y);
      if (capture) {
        const name = this.#match(/([^>]*)>/y);
        if (!name) throw new PatternProblem('invalid named capture', this.#text.slice(start));
        if (!/^\w+$/.test(name[1] ?? '')) throw new PatternProblem('invalid named capture', this.#text.slice(start, this.#at));
      } else {
        const letters = this.#match(/\?([imsU]*(?:-[imsU]+)?):/y);
        if (!letters) throw this.#badGroup(start);
        flags = changed(flags, letters[1] ?? '');
      }
    }
    const node = this.#alternatives(flags);
    if (!this.#match(/\)/y)) throw new PatternProblem('missing closing )', this.#text);
    // A group is one thing to repeat, even when it is a repetition itself.
    return { kind: 'all', nodes: [node] };
  }

  /** Up to the first character that none of Go's groups has there. */
  #badGroup(start: number): PatternProblem {
    const [begun = ''] = /^\(\?[imsU]*(?:-[imsU]*)?[^]?/u.exec(this.#text.slice(start)) ?? [];
    return new PatternProblem('invalid or unsupported Perl syntax', begun);
  }

  /** What stands behind a backslash; `\d` and its like are `isPerl`. */
  #escape(): { parts: readonly Part[]; isPerl: boolean } {
    const start = this.#at - 1;
    if (this.#at >= this.#text.length) throw new PatternProblem('trailing backslash at end of expression', '');
    const property = this.#match(/([pP])(?:\{(\^?)([^}]*)\}|([^]))/y);
    if (property) return { parts: [this.#property(property)], isPerl: false };
    const octal = this.#match(/0[0-7]{0,2}|[1-7][0-7]{1,2}/y);
    if (octal) return { parts: [single(parseInt(octal[0], 8))], isPerl: false };
    const hex = this.#match(/x(?:\{([0-9a-fA-F]{1,8})\}|([0-9a-fA-F]{2}))/y);
    if (hex) {
      const code = parseInt(hex[1] ?? hex[2] ?? '', 16);
      if (code > 0x10ffff) throw this.#badEscape(start);
      return { parts: [single(code)], isPerl: false };
    }
    const character = this.#character();
    const ranges = perl.get(character.toLowerCase());
    if (ranges) return { parts: character === character.toLowerCase() ? ranges : [{ not: ranges }], isPerl: true };
    const simple = simpleEscapes.get(character);
    if (simple !== undefined) return { parts: [single(simple)], isPerl: false };
    if (codeOf(character) < 128 && !/[a-zA-Z0-9]/.test(character)) return { parts: [single(codeOf(character))], isPerl: false };
    throw this.#badEscape(start);
  }

  #badEscape(start: number): PatternProblem {
    const [shown = ''] = /^\\(?:x(?:\{[0-9a-fA-F]{0,6}|[0-9a-fA-F]?[^]?)|[^])/u.exec(this.#text.slice(start)) ?? [];
    return new PatternProblem('invalid escape sequence', shown);
  }

  #property([all, letter, caret, long, short]: RegExpExecArray): Part {
    const name = long ?? short ?? '';
    const isNegated = (letter === 'P') !== (caret === '^');
    const known = name === 'Any' ? /[^]/u : (propertyOf(`gc=${name}`) ?? propertyOf(`sc=${name}`));
    if (!known) throw new PatternProblem('invalid character class range', `\\${all}`);
    return isNegated ? { not: [known] } : known;
  }

  #class(flags: Flags): PatternNode {
    const start = this.#at - 1;
    const isNegated = this.#match(/\^/y) !== undefined;
    const parts: Part[] = [];
    for (let first = true; first || this.#text.charAt(this.#at) !== ']'; first = false) {
      if (this.#at >= this.#text.length) throw new PatternProblem('missing closing ]', this.#text.slice(start));
      const posix = this.#match(/\[:(\^?)(\w+):\]/y);
      if (posix) {
        const ranges = named.get(posix[2] ?? '');
        if (!ranges) throw new PatternProblem('invalid character class range', posix[0]);
        if (posix[1]) parts.push({ not: ranges });
        else parts.push(...ranges);
        continue;
      }
      const from = this.#at;
      const low = this.#classPart();
      const [only] = low;
      if (low.length !== 1 || !isRange(only) || only[0] !== only[1] || !this.#match(/-(?!\])/y)) {
        parts.push(...low);
        continue;
      }
      if (this.#at >= this.#text.length) throw new PatternProblem('missing closing ]', this.#text.slice(start));
      const escaped = this.#match(/\\[dswDSWpP]/y)?.[0];
      if (escaped !== undefined) throw new PatternProblem('invalid escape sequence', escaped);
      const [high] = this.#classPart();
      if (!isRange(high) || high[0] !== high[1] || high[0] < only[0]) {
        throw new PatternProblem('invalid character class range', this.#text.slice(from, this.#at));
      }
      parts.push([only[0], high[0]]);
    }
    this.#at++;
    return set(parts, flags, isNegated);
  }

  #classPart(): readonly Part[] {
    const character = this.#character();
    return character === '\\' ? this.#escape().parts : [single(codeOf(character))];
  }
}

const codeOf = (character: string): number => character.codePointAt(0) ?? 0;
const single = (code: number): Range => [code, code];
const isRange = (part: Part | undefined): part is Range => Array.isArray(part);

function propertyOf(query: string): RegExp | undefined {
  try {
    return new RegExp(`^\\p{${query}}$`, 'u');
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function changed(flags: Flags, letters: string): Flags {
  const [on = '', off = ''] = letters.split('-');
  const set = { ...flags };
  for (const letter of on) set[letter as keyof Flags] = true;
  for (const letter of off) set[letter as keyof Flags] = false;
  return set;
}

const holds = (parts: readonly Part[], code: number): boolean =>
  parts.some((part) => {
    if (isRange(part)) return part[0] <= code && code <= part[1];
    return part instanceof RegExp ? part.test(String.fromCodePoint(code)) : !holds(part.not, code);
  });

function set(parts: readonly Part[], { i }: Flags, isNegated = false): PatternNode {
  const contains = (code: number): boolean => (i ? foldsOf(code).some((each) => holds(parts, each)) : holds(parts, code));
  const ascii = Array.from({ length: 128 }, (_, code) => contains(code) !== isNegated);
  return { kind: 'set', has: (code) => ascii[code] ?? contains(code) !== isNegated };
}

/** The character in all its cases. */
function foldsOf(code: number): number[] {
  const character = String.fromCodePoint(code);
  const [small, big] = [character.toLowerCase(), character.toUpperCase()];
  const all = [character, small, big, big.toLowerCase(), small.toUpperCase()];
  return all.filter((each) => [...each].length === 1).map(codeOf);
}

/** How often the innermost part may be written out. */
function repeatsOf(node: PatternNode): number {
  if (node.kind === 'repeat') {
    const times = Math.max(node.min, node.max === Infinity ? node.min : node.max, 1);
    return times * repeatsOf(node.node);
  }
  return node.kind === 'all' || node.kind === 'any' ? Math.max(1, ...node.nodes.map(repeatsOf)) : 1;
}
