/**
 * What is looked at once the types fit: literals of durations, timestamps, regular expressions and formats must be such, and
 * lists and maps are written with one type (formats excepted).
 */
import { durationNanos } from '#common/api/duration.ts';
import { patternProblem } from '#common/api/goPattern.ts';
import { type CallNode, type CelNode, partsOf } from './ast.ts';
import type { CelEnvironment } from './environment.ts';
import { compileProgram } from './evaluate.ts';
import { CelBudget } from './frame.ts';
import { conversionFunctions } from './library/conversions.ts';
import { formatParts, verbs } from './library/stringFormat.ts';
import type { CelProblem } from './problem.ts';
import { assign, type CelType, dyn, typeText } from './types.ts';
import { CelError } from './values.ts';

type Types = ReadonlyMap<CelNode, CelType>;

export function literalProblems(node: CelNode, types: Types): CelProblem[] {
  const problems: CelProblem[] = [];
  visit(node, types, false, problems);
  return problems.sort((a, b) => a.at - b.at);
}

function visit(node: CelNode, types: Types, inFormat: boolean, problems: CelProblem[]): void {
  const isFormat = node.kind === 'call' && node.name === 'format';
  if (node.kind === 'call') checkCall(node, types, problems);
  if (!inFormat && node.kind === 'list')
    checkSame(
      node.items.map(({ node: item, optional }) => [item, optional]),
      types,
      problems,
    );
  if (!inFormat && node.kind === 'map') {
    checkSame(
      node.entries.map(({ key }) => [key, false]),
      types,
      problems,
    );
    checkSame(
      node.entries.map(({ value, optional }) => [value, optional]),
      types,
      problems,
    );
  }
  for (const part of partsOf(node)) visit(part, types, inFormat || isFormat, problems);
}

/** The first that is unlike those before is told of. */
function checkSame(parts: readonly (readonly [CelNode, boolean])[], types: Types, problems: CelProblem[]): void {
  let common: CelType | undefined;
  for (const [part, optional] of parts) {
    const found = types.get(part) ?? dyn;
    const type = optional && found.kind === 'optional' ? found.of : found;
    // What an empty optional would hold is not known.
    if (optional && type.kind === 'dyn') continue;
    if (!common) common = type;
    else if (!isSame(common, type)) {
      problems.push({ at: part.at, message: `expected type '${typeText(common)}' but found '${typeText(type)}'` });
      return;
    } else if (typeText(common).includes('dyn')) common = type;
  }
}

/** Empty lists and maps, whose parts may be anything, go with all others. */
function isSame(a: CelType, b: CelType): boolean {
  if (a.kind === 'dyn' || b.kind === 'dyn') return a.kind === b.kind;
  if (a.kind !== b.kind && (a.kind === 'primitive' || b.kind === 'primitive')) return false;
  return assign(a, b, new Map()) !== undefined || assign(b, a, new Map()) !== undefined;
}

const readers: ReadonlyMap<string, (text: string) => unknown> = new Map(
  conversionFunctions.flatMap(({ name, parameters: [type], call }) =>
    (name === 'duration' || name === 'timestamp') && type && typeText(type) === 'string' ? [[name, call] as const] : [],
  ),
);

function checkCall(node: CallNode, types: Types, problems: CelProblem[]): void {
  const [argument] = node.arguments;
  if (argument?.kind === 'literal') {
    const { value } = argument;
    const read = node.target ? undefined : readers.get(node.name);
    if (read && typeof value === 'string' && !succeeds(() => read(value))) {
      problems.push({ at: argument.at, message: `invalid ${node.name} argument` });
    } else if (
      node.name === 'duration' &&
      typeof value === 'bigint' &&
      !node.target &&
      durationNanos(String(value)) === undefined
    ) {
      problems.push({ at: argument.at, message: 'invalid duration argument' });
    } else if (node.name === 'matches' && node.target && typeof value === 'string' && patternProblem(value) !== undefined) {
      problems.push({ at: argument.at, message: 'invalid matches argument' });
    }
  }
  if (node.name === 'format' && node.target?.kind === 'literal' && typeof node.target.value === 'string') {
    checkFormat(node, node.target.value, argument, types, problems);
  }
}

const conversions = new Set(conversionFunctions.map(({ name }) => name));
const patternTakers = new Set(['matches', 'find', 'findAll']);

/** What is worked out, and goes wrong, before anything runs: conversions of literals, and regular expressions. */
export function constantProblem(node: CelNode, environment: CelEnvironment): string | undefined {
  for (const part of partsOf(node)) {
    const problem = constantProblem(part, environment);
    if (problem !== undefined) return problem;
  }
  if (node.kind !== 'call') return undefined;
  if (patternTakers.has(node.name)) {
    const pattern = node.target ? node.arguments[0] : node.arguments[1];
    if (pattern?.kind === 'literal' && typeof pattern.value === 'string') return patternProblem(pattern.value);
  }
  if (!isConstant(node)) return undefined;
  try {
    compileProgram(node, environment)(() => undefined, new CelBudget(Infinity));
    return undefined;
  } catch (error) {
    if (error instanceof CelError) return error.message;
    throw error;
  }
}

/** A literal, or a conversion of one. */
const isConstant = (node: CelNode): boolean =>
  node.kind === 'literal' ||
  (node.kind === 'call' && !node.target && conversions.has(node.name) && node.arguments.every(isConstant));

function succeeds(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof CelError) return false;
    throw error;
  }
}

function checkFormat(node: CallNode, format: string, list: CelNode | undefined, types: Types, problems: CelProblem[]): void {
  if (list?.kind !== 'list') return;
  const items = list.items.map((item) => item.node);
  let next = 0;
  const take = (): void => {
    if (next >= items.length) throw new CelError(`index ${next} out of range`);
  };
  try {
    for (const part of formatParts(format, take)) {
      if (typeof part === 'string') continue;
      const item = items[next++];
      const refused = item && refusedBy(part.verb, item, types);
      if (!refused) continue;
      const { refusal = '' } = verbs[part.verb.toLowerCase()] ?? {};
      const given = nameOfType(types.get(refused) ?? dyn);
      problems.push({ at: refused.at, message: `error during formatting: ${refusal}, was given ${given}` });
      return;
    }
    if (next < items.length) {
      const counts = `(expected ${next}, got ${items.length})`;
      problems.push({ at: node.at, message: `too many arguments supplied to string.format ${counts}` });
    }
  } catch (error) {
    if (!(error instanceof CelError)) throw error;
    problems.push({ at: node.at, message: error.message });
  }
}

/** As `type(value)` names it. */
const nameOfType = (type: CelType): string =>
  type.kind === 'optional' ? 'optional_type' : 'name' in type ? type.name : type.kind;

/** The argument, or the part of it, that the verb has no text for. */
function refusedBy(verb: string, item: CelNode, types: Types): CelNode | undefined {
  const type = types.get(item) ?? dyn;
  if (type.kind === 'dyn' || type.kind === 'parameter' || type.kind === 'wrapper') return undefined;
  const { types: taken = [] } = verbs[verb.toLowerCase()] ?? {};
  if (!taken.includes(nameOfType(type))) return item;
  if (verb !== 's' || (item.kind !== 'list' && item.kind !== 'map')) return undefined;
  for (const part of partsOf(item)) {
    const refused = refusedBy(verb, part, types);
    if (refused) return refused;
  }
  return undefined;
}
