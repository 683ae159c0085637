/** The text form of label selectors (`app=web,tier in (a,b),!x`), read with the API's own error texts. */
import { aggregateText, quoteValue } from './fieldError.ts';
import {
  type Requirement,
  type RequirementOperator,
  type Selector,
  requirementErrors,
  selectorFromRequirements,
} from './labelSelector.ts';
import { labelKeyErrors } from './names.ts';
import { badRequest } from './status.ts';

interface Token {
  /** Symbols and the words `in` and `notin` are their own type. */
  readonly type: string;
  readonly text: string;
}

const end: Token = { type: 'end', text: '' };
const symbols = new Set(['==', '=', '!=', '!', '>', '<', '(', ')', ',']);
const lexical = /\s+|[=!<>(),]|[^\s=!<>(),]+/g;

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const pieces = text.match(lexical) ?? [];
  for (let i = 0; i < pieces.length; i++) {
    const piece = pieces[i] ?? '';
    if (/^\s/.test(piece)) continue;
    const pair = piece + (pieces[i + 1] ?? '');
    if (symbols.has(piece)) {
      const symbol = symbols.has(pair) ? pair : piece;
      if (symbol === pair) i++;
      tokens.push({ type: symbol, text: symbol });
    } else {
      tokens.push({ type: piece === 'in' || piece === 'notin' ? piece : 'identifier', text: piece });
    }
  }
  return tokens;
}

const operatorOf: Readonly<Record<string, RequirementOperator>> = {
  in: 'in',
  notin: 'notin',
  '=': '=',
  '==': '==',
  '!=': '!=',
  '>': 'gt',
  '<': 'lt',
};

/** What is wrong with one requirement; reported with a prefix of its own. */
class RequirementProblem extends Error {}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = tokensOf(text);
  }

  parse(): Requirement[] {
    const requirements: Requirement[] = [];
    for (;;) {
      const first = this.#peek();
      if (first === end) return requirements;
      if (!startsRequirement(first)) throw badRequest(`found '${first.text}', expected: !, identifier, or 'end of string'`);
      requirements.push(this.#requirement());
      const next = this.#take();
      if (next === end) return requirements;
      if (next.type !== ',') throw badRequest(`found '${next.text}', expected: ',' or 'end of string'`);
      const following = this.#peek();
      if (!startsRequirement(following)) throw badRequest(`found '${following.text}', expected: identifier after ','`);
    }
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? end;
  }

  #take(): Token {
    return this.#tokens[this.#at++] ?? end;
  }

  #requirement(): Requirement {
    const negated = this.#peek().type === '!';
    if (negated) this.#take();
    const token = this.#take();
    if (!isWord(token)) throw new RequirementProblem(`found '${token.text}', expected: identifier`);
    const key = token.text;
    const problems = labelKeyErrors(key);
    // The key has no field path; the API prints Go's word for that.
    if (problems.length) throw new RequirementProblem(`<nil>: Invalid value: ${quoteValue(key)}: ${problems.join('; ')}`);
    if (negated) return { key, operator: '!', values: [] };
    const next = this.#peek();
    if (next === end || next.type === ',') return { key, operator: 'exists', values: [] };
    const operator = this.#operator();
    const values = operator === 'in' || operator === 'notin' ? this.#values() : [this.#value()];
    const requirement = { key, operator, values: [...new Set(values)].sort() };
    const errors = requirementErrors(requirement);
    if (errors.length) throw new RequirementProblem(aggregateText(errors));
    return requirement;
  }

  #operator(): RequirementOperator {
    const { type, text } = this.#take();
    const operator = Object.hasOwn(operatorOf, type) ? operatorOf[type] : undefined;
    if (!operator) throw new RequirementProblem(`found '${text}', expected: in, notin, =, ==, !=, gt, lt`);
    return operator;
  }

  #value(): string {
    const next = this.#peek();
    if (next === end || next.type === ',') return '';
    const token = this.#take();
    if (!isWord(token)) throw new RequirementProblem(`found '${token.text}', expected: identifier`);
    return token.text;
  }

  /** `(a,b)`; commas with nothing between them stand for the empty value. */
  #values(): string[] {
    const open = this.#take();
    if (open.type !== '(') throw new RequirementProblem(`found '${open.text}' expected: '('`);
    const first = this.#peek();
    if (!isWord(first) && first.type !== ',' && first.type !== ')') {
      throw new RequirementProblem(`found '${first.text}', expected: ',', ')' or identifier`);
    }
    const values: string[] = [];
    for (;;) {
      const next = this.#peek();
      if (isWord(next)) values.push(this.#take().text);
      else if (next.type === ',' || next.type === ')') values.push('');
      else throw new RequirementProblem(`found '${next.text}', expected: ',', or identifier`);
      const separator = this.#take();
      if (separator.type === ')') return values;
      if (separator.type !== ',') throw new RequirementProblem(`found '${separator.text}', expected: ',' or ')'`);
    }
  }
}

const isWord = ({ type }: Token): boolean => type === 'identifier' || type === 'in' || type === 'notin';
const startsRequirement = (token: Token): boolean => isWord(token) || token.type === '!';

/** The selector that `text` stands for. Throws a 400 with Kubernetes' words when it cannot be read. */
export function parseLabelSelector(text: string): Selector {
  try {
    return selectorFromRequirements(new Parser(text).parse());
  } catch (error) {
    if (error instanceof RequirementProblem) throw badRequest(`unable to parse requirement: ${error.message}`);
    throw error;
  }
}
