/** Whether an expression makes sense: its names are known and its types fit. Problems are worded as Kubernetes' library words them. */
import type { CallNode, CelNode, ComprehensionNode, MessageNode, SelectNode } from './ast.ts';
import { type CelEnvironment, typeNames } from './environment.ts';
import { nameOf } from './parse.ts';
import type { CelProblem } from './problem.ts';
import * as types from './types.ts';
import { assign, type Bindings, type CelType, dyn, erroneous, listOf, mapOf, optionalOf, substitute, typeText } from './types.ts';

export interface Checked {
  readonly type: CelType;
  /** Of every part. */
  readonly types: ReadonlyMap<CelNode, CelType>;
  readonly problems: readonly CelProblem[];
}

type Locals = ReadonlyMap<string, CelType>;

export function checkCel(node: CelNode, environment: CelEnvironment): Checked {
  const checker = new Checker(environment);
  const type = checker.typeOf(node, new Map());
  return { type: substitute(type, new Map()), types: checker.types, problems: checker.problems.sort((a, b) => a.at - b.at) };
}

/** The function that a call with a target names, when the target is no value but the function's namespace. */
export function namespacedFunction(
  call: CallNode,
  environment: CelEnvironment,
  isLocal: (name: string) => boolean,
): string | undefined {
  const namespace = call.target && nameOf(call.target);
  if (namespace === undefined) return undefined;
  const [first = ''] = namespace.split('.', 1);
  const name = `${namespace}.${call.name}`;
  return !isLocal(first) && environment.functions.has(name) ? name : undefined;
}

class Checker {
  readonly #environment: CelEnvironment;
  readonly problems: CelProblem[] = [];
  readonly types = new Map<CelNode, CelType>();

  constructor(environment: CelEnvironment) {
    this.#environment = environment;
  }

  #problem(at: number, message: string): CelType {
    this.problems.push({ at, message });
    return erroneous;
  }

  typeOf(node: CelNode, locals: Locals): CelType {
    const type = this.#typeOf(node, locals);
    this.types.set(node, type);
    return type;
  }

  #typeOf(node: CelNode, locals: Locals): CelType {
    switch (node.kind) {
      case 'literal':
        return literalType(node.value);
      case 'identifier':
        return this.#identifier(node.name, node.at, locals);
      case 'select':
        return this.#select(node, locals);
      case 'call':
        return this.#call(node, locals);
      case 'list': {
        const items = node.items.map(({ node: item, optional }) => {
          const type = this.typeOf(item, locals);
          return optional ? this.#unwrapped(type, item.at) : type;
        });
        return listOf(this.#common(items));
      }
      case 'map': {
        const keys = node.entries.map(({ key }) => this.typeOf(key, locals));
        const values = node.entries.map(({ value, optional }) => {
          const type = this.typeOf(value, locals);
          return optional ? this.#unwrapped(type, value.at) : type;
        });
        return mapOf(this.#common(keys), this.#common(values));
      }
      case 'message':
        return this.#message(node, locals);
      case 'comprehension':
        return this.#comprehension(node, locals);
      case 'bind': {
        const value = this.typeOf(node.value, locals);
        const held = this.#held(value, node.at);
        const result = this.typeOf(node.result, new Map([...locals, [node.variable, held]]));
        if (node.macro === 'optMap') return optionalOf(result);
        if (assign(result, optionalOf(dyn), new Map())) return result;
        const found = `(bool, ${typeText(result)}, optional_type(dyn))`;
        return this.#problem(node.at, `found no matching overload for '_?_:_' applied to '${found}'`);
      }
    }
  }

  #unwrapped(type: CelType, at: number): CelType {
    if (type.kind === 'optional') return type.of;
    if (type.kind === 'dyn') return dyn;
    return this.#problem(at, `expected type 'optional_type(${typeText(type)})' but found '${typeText(type)}'`);
  }

  #held(type: CelType, at: number): CelType {
    if (type.kind === 'optional') return type.of;
    if (type.kind === 'dyn') return type;
    for (const name of ['hasValue', 'value']) {
      this.#problem(at, `found no matching overload for '${name}' applied to '${typeText(type)}.()'`);
    }
    return erroneous;
  }

  #identifier(name: string, at: number, locals: Locals): CelType {
    const plain = name.replace(/^\./, '');
    const type = locals.get(name) ?? this.#environment.variables.get(plain);
    if (type) return type;
    const named = typeNames.get(plain);
    return named ? types.typeOf(named) : this.#problem(at, `undeclared reference to '${name}' (in container '')`);
  }

  #select(node: SelectNode, locals: Locals): CelType {
    const full = nameOf(node);
    const [first = ''] = full?.split('.', 1) ?? [];
    if (full !== undefined && !locals.has(first)) {
      const named = typeNames.get(full);
      if (named) return types.typeOf(named);
      const known = this.#environment.variables.get(full);
      if (known) return known;
    }
    const operand = this.typeOf(node.operand, locals);
    const isOptional = operand.kind === 'optional' || node.optional;
    const field = this.#field(operand.kind === 'optional' ? operand.of : operand, node);
    if (node.test) return types.bool;
    return isOptional ? optionalOf(field) : field;
  }

  #field(operand: CelType, { field, at }: SelectNode): CelType {
    if (operand.kind === 'dyn' || operand.kind === 'parameter') return operand === erroneous ? erroneous : dyn;
    if (operand.kind === 'map') return operand.value;
    if (operand.kind === 'wrapper') return this.#field(operand.of, { field, at } as SelectNode);
    if (operand.kind !== 'object') return this.#problem(at, `type '${typeText(operand)}' does not support field selection`);
    if (!operand.fields) return dyn;
    return operand.fields.get(field) ?? this.#problem(at, `undefined field '${field}'`);
  }

  #call(node: CallNode, locals: Locals): CelType {
    const namespaced = namespacedFunction(node, this.#environment, (name) => locals.has(name));
    const name = namespaced ?? node.name.replace(/^\./, '');
    const target = namespaced === undefined ? node.target : undefined;
    const values = [...(target ? [target] : []), ...node.arguments].map((each) => this.typeOf(each, locals));
    const overloads = this.#environment.functions.get(name);
    if (!overloads) return this.#problem(node.at, `undeclared reference to '${name}' (in container '')`);
    if (values.includes(erroneous)) return erroneous;
    if (name === '_&&_' || name === '_||_') {
      for (const [i, type] of values.entries()) this.#mustBeBool(type, node.arguments[i]?.at ?? node.at);
      return types.bool;
    }
    let result: CelType | undefined;
    for (const overload of overloads) {
      if (overload.isMethod !== (target !== undefined) || overload.parameters.length !== values.length) continue;
      const bindings = fit(values, overload.parameters);
      if (!bindings) continue;
      const type = substitute(overload.result, bindings);
      if (result && typeText(result) !== typeText(type)) return dyn;
      result = type;
    }
    return result ?? this.#problem(node.at, `found no matching overload for '${name}' applied to '${applied(values, target)}'`);
  }

  /** What all have in common; mixed types are dynamic. */
  #common(parts: readonly CelType[]): CelType {
    let common: CelType | undefined;
    for (const type of parts) {
      if (type === erroneous) continue;
      if (!common) common = type;
      else if (assign(type, common, new Map())) continue;
      else if (assign(common, type, new Map())) common = type;
      else return dyn;
    }
    return common ?? dyn;
  }

  #message(node: MessageNode, locals: Locals): CelType {
    const type = this.#environment.objectTypes?.get(node.name);
    if (!type) return this.#problem(node.at, `undeclared reference to '${node.name}' (in container '')`);
    for (const { name, value, optional, at } of node.fields) {
      const found = this.typeOf(value, locals);
      const given = optional ? this.#unwrapped(found, at) : found;
      const wanted = type.fields ? type.fields.get(name) : dyn;
      if (!wanted) this.#problem(at, `undefined field '${name}'`);
      else if (given !== erroneous && !assign(given, wanted, new Map())) {
        this.#problem(at, `expected type of field '${name}' is '${typeText(wanted)}' but provided type is '${typeText(given)}'`);
      }
    }
    return type;
  }

  #comprehension(node: ComprehensionNode, locals: Locals): CelType {
    const range = this.typeOf(node.range, locals);
    const [element, second] = this.#elements(range, node.range.at);
    const [first = '', other] = node.variables;
    const inner = new Map(locals);
    if (other === undefined) inner.set(first, range.kind === 'list' ? second : element);
    else inner.set(first, element).set(other, second);
    const condition = node.condition && this.typeOf(node.condition, inner);
    const result = this.typeOf(node.result, inner);
    if (condition) this.#mustDecide(condition, node.at, node.macro === 'transformMap' ? mapOf(element, result) : listOf(result));
    switch (node.macro) {
      case 'map':
      case 'transformList':
        return listOf(result);
      case 'transformMap':
        return mapOf(element, result);
      case 'transformMapEntry': {
        if (assign(result, mapOf(dyn, dyn), new Map())) return result;
        const found = `(map(dyn, dyn), ${typeText(result)})`;
        return this.#problem(node.at, `found no matching overload for 'cel.@mapInsert' applied to '${found}'`);
      }
      case 'filter':
        this.#mustDecide(result, node.at, listOf(inner.get(first) ?? dyn));
        return listOf(inner.get(first) ?? dyn);
      case 'exists_one':
        this.#mustDecide(result, node.at, types.int);
        return types.bool;
      default:
        this.#mustBeBool(result, node.result.at);
        return types.bool;
    }
  }

  /** Index and item of a list, key and value of a map. */
  #elements(range: CelType, at: number): [CelType, CelType] {
    if (range.kind === 'list') return [types.int, range.of];
    if (range.kind === 'map') return [range.key, range.value];
    if (range.kind === 'dyn' || range.kind === 'parameter' || (range.kind === 'object' && !range.fields)) return [dyn, dyn];
    const text = `expression of type '${typeText(range)}' cannot be range of a comprehension (must be list, map, or dynamic)`;
    return [this.#problem(at, text), erroneous];
  }

  #mustBeBool(type: CelType, at: number): void {
    if (!assign(type, types.bool, new Map())) this.#problem(at, `expected type 'bool' but found '${typeText(type)}'`);
  }

  /** What chooses between a result with the element and one without. */
  #mustDecide(type: CelType, at: number, result: CelType): void {
    if (assign(type, types.bool, new Map())) return;
    const found = `(${typeText(type)}, ${typeText(result)}, ${typeText(result)})`;
    this.#problem(at, `found no matching overload for '_?_:_' applied to '${found}'`);
  }
}

function fit(values: readonly CelType[], parameters: readonly CelType[]): Bindings | undefined {
  let bindings: Bindings | undefined = new Map();
  for (const [i, value] of values.entries()) {
    bindings = assign(value, parameters[i] ?? dyn, bindings);
    if (!bindings) return undefined;
  }
  return bindings;
}

function applied(values: readonly CelType[], target: CelNode | undefined): string {
  const [receiver, ...rest] = values.map((type) => typeText(type));
  return target ? `${receiver}.(${rest.join(', ')})` : `(${values.map((type) => typeText(type)).join(', ')})`;
}

function literalType(value: unknown): CelType {
  if (value === null) return types.nullType;
  if (typeof value === 'boolean') return types.bool;
  if (typeof value === 'bigint') return types.int;
  if (typeof value === 'number') return types.double;
  if (typeof value === 'string') return types.string;
  return value instanceof Uint8Array ? types.bytes : types.uint;
}
