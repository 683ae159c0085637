/** Calls that are no calls: `has(a.b)`, `list.all(item, …)` and the like name variables or fields instead of taking values. */
import { type CallNode, type CelNode, type ComprehensionNode, comprehensions } from './ast.ts';
import { CelSyntaxError } from './problem.ts';

export function expandMacro(call: CallNode): CelNode {
  const { target, name, at } = call;
  const count = call.arguments.length;
  if (!target) {
    if (name !== 'has' || count !== 1) return call;
    const [argument] = call.arguments;
    if (argument?.kind !== 'select' || argument.optional)
      throw new CelSyntaxError(argument?.at ?? at, 'invalid argument to has() macro');
    return { ...argument, at, test: true };
  }
  if (name === 'optMap' || name === 'optFlatMap') {
    const [variable, result] = call.arguments;
    if (!variable || !result || count !== 2) return call;
    return {
      kind: 'bind',
      at,
      macro: name,
      variable: variableName(variable, `${name}() variable name must be a simple identifier`),
      value: target,
      result,
    };
  }
  if (name === 'sortBy' && count === 2) return sortBy(call, target);
  const macro = comprehensions.find((each) => each === (name === 'existsOne' && count === 3 ? 'exists_one' : name));
  return (macro && comprehension(macro, call, target)) ?? call;
}

/** How many arguments each takes: variables, then conditions and results. */
function comprehension(macro: ComprehensionNode['macro'], call: CallNode, range: CelNode): CelNode | undefined {
  const found = call.arguments;
  const hasTwo = macro.startsWith('transform') || (found.length === 3 && ['all', 'exists', 'exists_one'].includes(macro));
  const names = found.slice(0, hasTwo ? 2 : 1);
  const rest = found.slice(names.length);
  const mayFilter = macro === 'map' || macro.startsWith('transform');
  const result = rest.at(-1);
  if (!result || rest.length > (mayFilter ? 2 : 1)) return undefined;
  const [condition] = rest;
  return {
    kind: 'comprehension',
    at: call.at,
    macro,
    range,
    variables: variableNames(names),
    ...(rest.length === 2 && condition ? { condition } : {}),
    result,
  };
}

function variableNames(nodes: readonly CelNode[]): string[] {
  const names = nodes.map((node) => variableName(node));
  const [, second] = nodes;
  if (second && names[0] === names[1]) throw new CelSyntaxError(second.at, `duplicate variable name: ${names[0] ?? ''}`);
  return names;
}

function variableName(node: CelNode, problem = 'argument must be a simple name'): string {
  if (node.kind === 'identifier' && !node.name.startsWith('.')) return node.name;
  throw new CelSyntaxError(node.at, problem);
}

/** `list.sortBy(item, key)`: the list in the order of the list of keys. */
function sortBy(call: CallNode, target: CelNode): CelNode {
  const [variable, key] = call.arguments;
  if (!variable || !key) return call;
  if (!['list', 'identifier', 'comprehension', 'call', 'select'].includes(target.kind)) {
    const text = 'sortBy can only be applied to a list, identifier, comprehension, call or select expression';
    throw new CelSyntaxError(target.at, text);
  }
  const name = variableName(variable, 'argument is not an identifier');
  const { at } = call;
  const keys: CelNode = { kind: 'comprehension', at, macro: 'map', range: target, variables: [name], result: key };
  return { kind: 'call', at, name: '@sortByAssociatedKeys', target, arguments: [keys] };
}
