/** Reads an expression: operators by precedence, members, literals, and the macros (macros.ts). */
import type { CelNode, ListNode, MapNode, MessageNode } from './ast.ts';
import { expandMacro } from './macros.ts';
import { CelSyntaxError } from './problem.ts';
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
const starts = "'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER";
const deepest = 250;

/** Throws CelSyntaxError. */
export function parseCel(source: string): CelNode {
  const reader = new Reader(tokensOf(source));
  const node = reader.expression();
  reader.end();
  return node;
}

export const operatorName = (sign: string): string => (sign === 'in' ? '@in' : `_${sign}_`);

class Reader {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
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
  #expect(sign: string): Token {
    const taken = this.#take(sign);
    if (taken) return taken;
    const { at, text, kind } = this.#token;
    const following = this.#tokens[this.#next + 1];
    if (kind !== 'end' && following && this.#is(sign, following)) {
      throw new CelSyntaxError(at, `Syntax error: extraneous input '${text}' expecting '${sign}'`);
    }
    const mayFollow = kind === 'end' || (kind === 'sign' && ![...'([{!'].includes(text));
    throw new CelSyntaxError(
      at,
      mayFollow && sign !== ':'
        ? `Syntax error: missing '${sign}' at '${text}'`
        : `Syntax error: mismatched input '${text}' expecting '${sign}'`,
    );
  }

  end(): void {
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
    const first = this.#token;
    let count = 0;
    if (this.#is('!') || this.#is('-')) while (this.#take(first.text)) count++;
    if (count === 0) return this.#member(this.#primary());
    const isMinus = first.text === '-';
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
        const name = this.#name();
        const call = name.kind === 'identifier' && !optional ? this.#take('(') : undefined;
        if (call)
          node = expandMacro({ kind: 'call', at: call.at, name: name.text, target: node, arguments: this.#arguments(')') });
        else if (!optional && this.#is('{') && nameOf(node) !== undefined) node = this.#message(`${nameOf(node)}.${name.text}`);
        else node = { kind: 'select', at, operand: node, field: name.text, test: false, optional };
      } else if (this.#take('[')) {
        const name = this.#take('?') ? '_[?_]' : '_[_]';
        const index = this.expression();
        this.#expect(']');
        node = { kind: 'call', at, name, arguments: [node, index] };
      } else if (this.#is('{') && node.kind === 'identifier') node = this.#message(node.name);
      else return node;
    }
  }

  #name(): Token {
    const token = this.#token;
    if (token.kind === 'identifier' && token.text === 'in') {
      throw new CelSyntaxError(token.at, "Syntax error: no viable alternative at input '.in'");
    }
    if (token.kind !== 'identifier' && token.kind !== 'quoted') {
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
      const wanted = this.#tokens[this.#next - 1]?.text === '(' ? starts.replace("'(',", "'(', ')',") : starts;
      throw new CelSyntaxError(
        name.at,
        `Syntax error: mismatched input '${dot || name.kind !== 'identifier' ? name.text : text}' expecting {${wanted}}`,
      );
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
    do found.push(this.expression());
    while (this.#take(','));
    this.#expect(end);
    return found;
  }

  #list(at: number): ListNode {
    const items: ListNode['items'][number][] = [];
    while (!this.#take(']')) {
      const optional = this.#take('?') !== undefined;
      items.push({ node: this.expression(), optional });
      if (this.#take(',')) continue;
      this.#expect(']');
      break;
    }
    return { kind: 'list', at, items };
  }

  #map(at: number): MapNode {
    const entries: MapNode['entries'][number][] = [];
    while (!this.#take('}')) {
      const optional = this.#take('?') !== undefined;
      const key = this.expression();
      this.#expect(':');
      entries.push({ key, value: this.expression(), optional });
      if (this.#take(',')) continue;
      this.#expect('}');
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
