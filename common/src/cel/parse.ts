/** Reads an expression: operators by precedence, members, literals, and the macros (macros.ts). */
import type { CelNode, ListNode, MapNode, MessageNode } from './ast.ts';
import { expandMacro } from './macros.ts';
import { type CelProblem, CelSyntaxError } from './problem.ts';
import { type Token, tokensOf } from './tokens.ts';

const binary: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['<', '<=', '>=', '>', '==', '!=', 'in'],
  ['+', '-'],
  ['*', '/', '%'],
];
/** Words that later versions of the language may want. */
const reserved = new Set(
  'as break const continue else for function if import let loop package namespace return var void while in'.split(' '),
);
const literals = "'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER";
/** What may begin an expression, and what else may stand where it is to begin. */
const starts = {
  anywhere: `'[', '{', '(', '.', '-', '!', ${literals}`,
  arguments: `'[', '{', '(', ')', '.', '-', '!', ${literals}`,
  list: `'[', ']', '{', '(', '.', ',', '-', '!', '?', ${literals}`,
  map: `'[', '{', '}', '(', '.', ',', '-', '!', '?', ${literals}`,
  index: `'[', '{', '(', '.', '-', '!', '?', ${literals}`,
};
const deepest = 250;

/** Throws CelSyntaxError. */
export function parseCel(source: string): CelNode {
  const problems: CelProblem[] = [];
  const reader = new Reader(tokensOf(source, problems), problems);
  const node = reader.whole();
  const last = problems.pop();
  if (last) throw new CelSyntaxError(last.at, last.message, problems);
  return node;
}

export const operatorName = (sign: string): string => (sign === 'in' ? '@in' : `_${sign}_`);

class Reader {
  readonly #tokens: readonly Token[];
  /** What it could read on behind. */
  readonly #problems: CelProblem[];
  #next = 0;
  #depth = 0;
  #place: keyof typeof starts = 'anywhere';

  constructor(tokens: readonly Token[], problems: CelProblem[]) {
    this.#tokens = tokens;
    this.#problems = problems;
  }

  whole(): CelNode {
    try {
      const node = this.expression();
      this.#end();
      return node;
    } catch (error) {
      if (!(error instanceof CelSyntaxError) || this.#problems.length === 0) throw error;
      const [{ at, message } = { at: 0, message: '' }] = error.problems;
      throw new CelSyntaxError(at, message, this.#problems);
    }
  }

  get #token(): Token {
    return this.#tokens[this.#next] as Token;
  }

  #is(sign: string, token = this.#token): boolean {
    return (token.kind === 'sign' || token.kind === 'identifier') && token.text === sign;
  }

  #take(sign: string): Token | undefined {
    if (!this.#is(sign)) return undefined;
    return this.#tokens[this.#next++];
  }

  /** What is expected and not there, as the usual reader of the language words it. */
  #expect(sign: string, orComma = false): Token {
    const taken = this.#take(sign);
    if (taken) return taken;
    const { at, text, kind } = this.#token;
    const wanted = orComma ? `{'${sign}', ','}` : `'${sign}'`;
    const following = this.#tokens[this.#next + 1];
    if (kind !== 'end' && following && this.#is(sign, following)) {
      throw new CelSyntaxError(at, `Syntax error: extraneous input '${text}' expecting ${wanted}`);
    }
    const mayFollow = kind === 'end' || (kind === 'sign' && ![...'([{!'].includes(text));
    const isMissing = !orComma && (sign === ':' ? this.#isStart(this.#token) : mayFollow);
    throw new CelSyntaxError(
      at,
      isMissing ? `Syntax error: missing '${sign}' at '${text}'` : `Syntax error: mismatched input '${text}' expecting ${wanted}`,
    );
  }

  #isStart({ kind, text }: Token): boolean {
    if (kind === 'identifier') return text !== 'in';
    return kind === 'literal' || (kind === 'sign' && [...'[{(.-!'].includes(text));
  }

  /** One token too many is passed over where an expression is to begin. */
  #begin(): void {
    const wanted = starts[this.#place];
    this.#place = 'anywhere';
    const { at, text } = this.#token;
    if (this.#isStart(this.#token)) return;
    const following = this.#tokens[this.#next + 1];
    const isExtra = following && this.#isStart(following);
    const message = `Syntax error: ${isExtra ? 'extraneous' : 'mismatched'} input '${text}' expecting {${wanted}}`;
    if (!isExtra) throw new CelSyntaxError(at, message);
    this.#problems.push({ at, message });
    this.#next++;
  }

  #end(): void {
    const { kind, at, text } = this.#token;
    if (kind === 'end') return;
    const isLast = this.#tokens[this.#next + 1]?.kind === 'end';
    throw new CelSyntaxError(at, `Syntax error: ${isLast ? 'extraneous' : 'mismatched'} input '${text}' expecting <EOF>`);
  }

  expression(): CelNode {
    if (++this.#depth > deepest) {
      throw new CelSyntaxError(this.#token.at, `expression recursion limit exceeded: ${deepest}`);
    }
    const condition = this.#binary(0);
    const question = this.#take('?');
    let node = condition;
    if (question) {
      const yes = this.#binary(0);
      this.#expect(':');
      node = { kind: 'call', at: question.at, name: '_?_:_', arguments: [condition, yes, this.expression()] };
    }
    this.#depth--;
    return node;
  }

  #binary(level: number): CelNode {
    const signs = binary[level];
    if (!signs) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const sign = signs.find((each) => this.#is(each));
      if (sign === undefined) return left;
      const { at } = this.#expect(sign);
      left = { kind: 'call', at, name: operatorName(sign), arguments: [left, this.#binary(level + 1)] };
    }
  }

  #unary(): CelNode {
    this.#begin();
    const first = this.#token;
    let count = 0;
    if (this.#is('!') || this.#is('-')) while (this.#take(first.text)) count++;
    if (count === 0) return this.#member(this.#primary());
    const isMinus = first.text === '-';
    if (this.#token.kind === 'end') {
      const { at } = this.#token;
      if (!isMinus) throw new CelSyntaxError(at, `Syntax error: extraneous input '<EOF>' expecting {${starts.anywhere}}`);
      this.#problems.push({ at, message: "Syntax error: no viable alternative at input '-'" });
    }
    const { kind, value } = this.#token;
    if (isMinus && count % 2 === 1 && kind === 'literal' && (typeof value === 'bigint' || typeof value === 'number')) {
      this.#next++;
      return this.#member({ kind: 'literal', at: first.at, value: -value });
    }
    const operand = this.#member(this.#primary());
    if (count % 2 === 0) return operand;
    return { kind: 'call', at: first.at, name: isMinus ? '-_' : '!_', arguments: [operand] };
  }

  #member(start: CelNode): CelNode {
    let node = start;
    for (;;) {
      const { at } = this.#token;
      if (this.#take('.')) {
        const optional = this.#take('?') !== undefined;
        if (optional && this.#token.kind === 'end') throw this.#badOptional();
        const name = this.#name();
        const call = name.kind === 'identifier' && !optional ? this.#take('(') : undefined;
        if (call)
          node = expandMacro({ kind: 'call', at: call.at, name: name.text, target: node, arguments: this.#arguments(')') });
        else if (!optional && this.#is('{') && nameOf(node) !== undefined) node = this.#message(`${nameOf(node)}.${name.text}`);
        else node = { kind: 'select', at, operand: node, field: name.text, test: false, optional };
      } else if (this.#take('[')) {
        const name = this.#take('?') ? '_[?_]' : '_[_]';
        if (name === '_[_]') this.#place = 'index';
        const index = this.expression();
        this.#expect(']');
        node = { kind: 'call', at, name, arguments: [node, index] };
      } else if (this.#is('{') && node.kind === 'identifier') node = this.#message(node.name);
      else return node;
    }
  }

  #badOptional(): CelSyntaxError {
    const { at, text } = this.#token;
    const message = `Syntax error: mismatched input '${text}' expecting {IDENTIFIER, ESC_IDENTIFIER}`;
    this.#problems.push({ at, message });
    return new CelSyntaxError(at, 'unsupported ident kind');
  }

  #name(): Token {
    const token = this.#token;
    if (token.kind === 'quoted') throw new CelSyntaxError(token.at, "unsupported syntax: '`'");
    if (token.kind === 'identifier' && token.text === 'in') {
      throw new CelSyntaxError(token.at, "Syntax error: no viable alternative at input '.in'");
    }
    if (token.kind !== 'identifier') {
      throw new CelSyntaxError(
        token.at,
        `Syntax error: no viable alternative at input '.${token.kind === 'end' ? '' : token.text}'`,
      );
    }
    this.#next++;
    return token;
  }

  #primary(): CelNode {
    const token = this.#token;
    const { at, text } = token;
    if (token.kind === 'literal') {
      this.#next++;
      const { value = null } = token;
      if (value === 2n ** 63n) throw new CelSyntaxError(at, 'invalid int literal');
      return { kind: 'literal', at, value };
    }
    if (this.#take('(')) {
      const node = this.expression();
      this.#expect(')');
      return node;
    }
    if (this.#take('[')) return this.#list(at);
    if (this.#take('{')) return this.#map(at);
    const dot = this.#take('.') ? '.' : '';
    const name = this.#token;
    if (name.kind !== 'identifier' || name.text === 'in') {
      const shown = name.kind === 'end' ? '' : name.text;
      if (dot) throw new CelSyntaxError(name.at, `Syntax error: no viable alternative at input '.${shown}'`);
      throw new CelSyntaxError(name.at, `Syntax error: mismatched input '${text}' expecting {${starts.anywhere}}`);
    }
    this.#next++;
    if (reserved.has(name.text)) throw new CelSyntaxError(name.at, `reserved identifier: ${name.text}`);
    const call = this.#take('(');
    if (!call) return { kind: 'identifier', at: name.at, name: dot + name.text };
    return expandMacro({ kind: 'call', at: call.at, name: dot + name.text, arguments: this.#arguments(')') });
  }

  #arguments(end: string): CelNode[] {
    const found: CelNode[] = [];
    if (this.#take(end)) return found;
    this.#place = 'arguments';
    do found.push(this.expression());
    while (this.#take(','));
    this.#expect(end);
    return found;
  }

  /** Before the first element, where a comma may be all there is, or behind a comma. */
  #closes(sign: string, place: 'list' | 'map', isBehindComma: boolean): boolean {
    const following = this.#tokens[this.#next + 1];
    if (!isBehindComma && this.#is(',') && following && this.#is(sign, following)) this.#next++;
    if (isBehindComma && this.#token.kind === 'end') this.#expect(sign);
    if (this.#take(sign)) return true;
    if (!isBehindComma) this.#place = place;
    return false;
  }

  #list(at: number): ListNode {
    const items: ListNode['items'][number][] = [];
    while (!this.#closes(']', 'list', items.length > 0)) {
      const optional = this.#take('?') !== undefined;
      items.push({ node: this.expression(), optional });
      if (this.#take(',')) continue;
      this.#expect(']', true);
      break;
    }
    return { kind: 'list', at, items };
  }

  #map(at: number): MapNode {
    const entries: MapNode['entries'][number][] = [];
    while (!this.#closes('}', 'map', entries.length > 0)) {
      const optional = this.#take('?') !== undefined;
      const key = this.expression();
      this.#expect(':');
      entries.push({ key, value: this.expression(), optional });
      if (this.#take(',')) continue;
      this.#expect('}', true);
      break;
    }
    return { kind: 'map', at, entries };
  }

  #message(name: string): MessageNode {
    const { at } = this.#expect('{');
    const fields: MessageNode['fields'][number][] = [];
    while (!this.#take('}')) {
      const optional = this.#take('?') !== undefined;
      const { text } = this.#name();
      const colon = this.#expect(':');
      fields.push({ name: text, value: this.expression(), optional, at: colon.at });
      if (this.#take(',')) continue;
      this.#expect('}');
      break;
    }
    return { kind: 'message', at, name, fields };
  }
}

/** `a.b.c` of what is nothing but names with dots between. */
export function nameOf(node: CelNode): string | undefined {
  if (node.kind === 'identifier') return node.name;
  if (node.kind !== 'select' || node.test || node.optional) return undefined;
  const operand = nameOf(node.operand);
  return operand === undefined ? undefined : `${operand}.${node.field}`;
}
