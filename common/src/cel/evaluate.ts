/**
 * Makes a function of an expression. What an operator cannot decide is an error, which `&&`, `||` and the macros over lists
 * take back where the other side decides alone.
 */
import type { CallNode, CelNode, ComprehensionNode, MessageNode, SelectNode } from './ast.ts';
import { namespacedFunction } from './check.ts';
import { type CelEnvironment, type Overload, typeNames } from './environment.ts';
import { nameOf } from './parse.ts';
import {
  CelError,
  CelMap,
  CelObject,
  CelOptional,
  type CelValue,
  CelTypeValue,
  CelUint,
  equalValues,
  fieldsOf,
  isKey,
  isList,
  isOfType,
  typeName,
  valueText,
} from './values.ts';

/** How much may be worked out: each call and each element that a macro looks at is one, each 10 characters of an argument too. */
export class CelBudget {
  #left: number;
  readonly #whole: CelBudget | undefined;

  /** What is spent of a part is spent of the whole, too. */
  constructor(cost: number, whole?: CelBudget) {
    this.#left = cost;
    this.#whole = whole;
  }

  get isSpent(): boolean {
    return this.#left < 0;
  }

  spend(cost: number): void {
    this.#left -= cost;
    this.#whole?.spend(cost);
    if (this.#left < 0) throw new CelBudgetError('operation cancelled: actual cost limit exceeded');
  }
}

/** No operator takes this one back. */
export class CelBudgetError extends CelError {}

/** Variables by name; undefined where the environment's declaration has no value now. */
export type Activation = (name: string) => CelValue | undefined;

interface Frame {
  readonly variables: Activation;
  readonly budget: CelBudget;
  readonly name: string;
  readonly value: CelValue;
  readonly outer: Frame | undefined;
}

type Step = (frame: Frame) => CelValue;

/** Throws CelError. */
export type CelProgram = (variables: Activation, budget: CelBudget) => CelValue;

/** Of an expression that `checkCel` found nothing wrong with. */
export function compileProgram(node: CelNode, environment: CelEnvironment): CelProgram {
  const step = new Compiler(environment).compile(node, new Set());
  return (variables, budget) => step({ variables, budget, name: '', value: null, outer: undefined });
}

class Compiler {
  readonly #environment: CelEnvironment;

  constructor(environment: CelEnvironment) {
    this.#environment = environment;
  }

  compile(node: CelNode, locals: ReadonlySet<string>): Step {
    switch (node.kind) {
      case 'literal': {
        const { value } = node;
        const constant =
          value !== null && typeof value === 'object' && !(value instanceof Uint8Array) ? new CelUint(value.uint) : value;
        return () => constant;
      }
      case 'identifier':
        return this.#identifier(node.name, locals);
      case 'select':
        return this.#select(node, locals);
      case 'call':
        return this.#call(node, locals);
      case 'list': {
        const items = node.items.map(({ node: item, optional }) => ({ step: this.compile(item, locals), optional }));
        return (frame) => {
          const list: CelValue[] = [];
          for (const { step, optional } of items) {
            const value = step(frame);
            if (!optional) list.push(value);
            else if (heldBy(value) !== undefined) list.push(heldBy(value) ?? null);
          }
          return list;
        };
      }
      case 'map': {
        const entries = node.entries.map(({ key, value, optional }) => ({
          key: this.compile(key, locals),
          value: this.compile(value, locals),
          optional,
        }));
        return (frame) => mapOfEntries(entries.map(({ key, value, optional }) => [key(frame), value(frame), optional] as const));
      }
      case 'message':
        return this.#message(node, locals);
      case 'comprehension':
        return this.#comprehension(node, locals);
      case 'bind': {
        const value = this.compile(node.value, locals);
        const result = this.compile(node.result, new Set([...locals, node.variable]));
        return (frame) => {
          const held = heldBy(value(frame));
          if (held === undefined) return CelOptional.none;
          const found = result({ ...frame, name: node.variable, value: held, outer: frame });
          return node.macro === 'optMap' ? new CelOptional(found) : found;
        };
      }
    }
  }

  #identifier(name: string, locals: ReadonlySet<string>): Step {
    const plain = name.replace(/^\./, '');
    const type = typeNames.get(plain);
    const constant = type && new CelTypeValue('name' in type ? type.name : type.kind === 'optional' ? plain : type.kind);
    const isLocal = locals.has(name);
    return (frame) => {
      if (isLocal) for (let at: Frame | undefined = frame; at; at = at.outer) if (at.name === name) return at.value;
      // A variable may well be null.
      const value = frame.variables(plain);
      if (value !== undefined) return value;
      if (constant === undefined) throw new CelError(`no such attribute(s): ${plain}`);
      return constant;
    };
  }

  #select(node: SelectNode, locals: ReadonlySet<string>): Step {
    const full = nameOf(node);
    const [first = ''] = full?.split('.', 1) ?? [];
    if (full !== undefined && !locals.has(first) && (typeNames.has(full) || this.#environment.variables.has(full))) {
      return this.#identifier(full, locals);
    }
    const operand = this.compile(node.operand, locals);
    const { field, test, optional } = node;
    return (frame) => {
      const value = operand(frame);
      if (value instanceof CelOptional) {
        const found = value.value === undefined ? undefined : fieldOf(value.value, field);
        return test ? found !== undefined : found === undefined ? CelOptional.none : new CelOptional(found);
      }
      const found = fieldOf(value, field);
      if (test) return found !== undefined;
      if (optional) return found === undefined ? CelOptional.none : new CelOptional(found);
      if (found === undefined) throw new CelError(`no such key: ${field}`);
      return found;
    };
  }

  #call(node: CallNode, locals: ReadonlySet<string>): Step {
    const namespaced = namespacedFunction(node, this.#environment, (name) => locals.has(name));
    const name = namespaced ?? node.name.replace(/^\./, '');
    const target = namespaced === undefined ? node.target : undefined;
    const steps = [...(target ? [target] : []), ...node.arguments].map((each) => this.compile(each, locals));
    const [a, b, c] = steps;
    if (name === '_&&_' && a && b) return decided(a, b, false);
    if (name === '_||_' && a && b) return decided(a, b, true);
    if (name === '_?_:_' && a && b && c) return (frame) => (isTrue(a(frame)) ? b(frame) : c(frame));
    if (name === '_==_' && a && b) return (frame) => compared(frame, a(frame), b(frame));
    if (name === '_!=_' && a && b) return (frame) => !compared(frame, a(frame), b(frame));
    const overloads = (this.#environment.functions.get(name) ?? []).filter(
      ({ isMethod, parameters }) => isMethod === (target !== undefined) && parameters.length === steps.length,
    );
    return (frame) => {
      const values = steps.map((step) => step(frame));
      frame.budget.spend(1 + sizes(values) / 10);
      if (name === '_[_]' && isList(values[0] ?? null)) values[1] = listIndex(values[1] ?? null);
      return overloadFor(name, overloads, values).call(...values);
    };
  }

  #message(node: MessageNode, locals: ReadonlySet<string>): Step {
    const type = this.#environment.objectTypes?.get(node.name);
    const fields = node.fields.map(({ name, value, optional }) => ({ name, optional, step: this.compile(value, locals) }));
    return (frame) => {
      if (!type) throw new CelError(`unknown type: ${node.name}`);
      const found = new Map<string, CelValue>();
      for (const { name, optional, step } of fields) {
        const value = step(frame);
        const held = optional ? heldBy(value) : value;
        if (held !== undefined) found.set(name, held);
      }
      return new CelObject(
        type,
        () => [...found.keys()],
        (name) => found.get(name),
      );
    };
  }

  #comprehension(node: ComprehensionNode, locals: ReadonlySet<string>): Step {
    const range = this.compile(node.range, locals);
    const [first = '', second] = node.variables;
    const inner = new Set([...locals, ...node.variables]);
    const condition = node.condition && this.compile(node.condition, inner);
    const result = this.compile(node.result, inner);
    const finish = finishers[node.macro];
    return (frame) => {
      const elements = elementsOf(range(frame), second !== undefined);
      function* visited(): Iterable<Visited> {
        for (const [key, value] of elements) {
          frame.budget.spend(1);
          const outer = { ...frame, name: first, value: second === undefined ? value : key, outer: frame };
          const at = second === undefined ? outer : { ...outer, name: second, value, outer };
          if (!condition || isTrue(condition(at))) yield { key, value, result: () => result(at) };
        }
      }
      return finish(visited());
    };
  }
}

interface Visited {
  readonly key: CelValue;
  readonly value: CelValue;
  readonly result: () => CelValue;
}

type Finish = (visited: Iterable<Visited>) => CelValue;

/** True once one is as wanted, whatever errors others have; an error where that leaves it open. */
function search(visited: Iterable<Visited>, wanted: boolean): boolean {
  let error: CelError | undefined;
  for (const { result } of visited) {
    try {
      if (isTrue(result()) === wanted) return wanted;
    } catch (caught) {
      error = recoverable(caught);
    }
  }
  if (error) throw error;
  return !wanted;
}

const finishers: Readonly<Record<ComprehensionNode['macro'], Finish>> = {
  all: (visited) => search(visited, false),
  exists: (visited) => search(visited, true),
  exists_one: (visited) => [...visited].filter(({ result }) => isTrue(result())).length === 1,
  map: (visited) => Array.from(visited, ({ result }) => result()),
  filter: (visited) => Array.from(visited).flatMap(({ value, result }) => (isTrue(result()) ? [value] : [])),
  transformList: (visited) => Array.from(visited, ({ result }) => result()),
  transformMap: (visited) => new CelMap(Array.from(visited, ({ key, result }) => [key, result()] as const)),
  transformMapEntry: (visited) => {
    const entries = Array.from(visited).flatMap(({ result }) => [...(fieldsOf(result())?.entries() ?? [])]);
    const map = new CelMap(entries);
    if (map.size === entries.length) return map;
    const again = entries.find(([key], i) => entries.findIndex(([other]) => equalValues(other, key)) < i);
    throw new CelError(`insert failed: key ${valueText(again?.[0] ?? null)} already exists`);
  },
};

/** A list's items with their indexes, a map's keys (twice, where there is one variable) or entries. */
function elementsOf(range: CelValue, isPair: boolean): Iterable<readonly [CelValue, CelValue]> {
  if (isList(range)) return range.map((item, i) => [BigInt(i), item] as const);
  const map = fieldsOf(range);
  if (!map) throw new CelError(`got 'types.${goName(range)}', expected iterable type`);
  return isPair ? map.entries() : map.keys().map((key) => [key, key] as const);
}

/** `Int`, `String`, `Duration` */
function goName(value: CelValue): string {
  const name = typeName(value).replace(/_type$/, '').replace(/^.*\./, '');
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** `&&` and `||`: `value` decides, whichever side it is on and whatever is wrong with the other. */
const decided =
  (a: Step, b: Step, value: boolean): Step =>
  (frame) => {
    let error: CelError | undefined;
    try {
      if (isTrue(a(frame)) === value) return value;
    } catch (caught) {
      error = recoverable(caught);
    }
    // What is wrong on both sides is told of the first.
    try {
      if (isTrue(b(frame)) === value) return value;
    } catch (caught) {
      throw error && recoverable(caught) ? error : caught;
    }
    if (error) throw error;
    return !value;
  };

function recoverable(caught: unknown): CelError {
  if (caught instanceof CelError && !(caught instanceof CelBudgetError)) return caught;
  throw caught;
}

function isTrue(value: CelValue): boolean {
  if (typeof value !== 'boolean') throw new CelError('no such overload');
  return value;
}

function compared(frame: Frame, a: CelValue, b: CelValue): boolean {
  frame.budget.spend(1 + Math.min(sizeOf(a), sizeOf(b)) / 10);
  return equalValues(a, b);
}

const sizes = (values: readonly CelValue[]): number => values.reduce<number>((sum, value) => sum + sizeOf(value), 0);

const sizeOf = (value: CelValue): number =>
  typeof value === 'string' || value instanceof Uint8Array || isList(value) ? value.length : 1;

/** Any whole number is an index. */
function listIndex(value: CelValue): bigint {
  if (typeof value === 'bigint') return value;
  if (value instanceof CelUint) return value.value;
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value);
  throw new CelError(`unsupported index type '${typeName(value)}' in list`);
}

/** What is built in refuses arguments without saying which. */
const silent = /^(?:[_@!-].*|startsWith|endsWith|contains|matches)$/;

function overloadFor(name: string, overloads: readonly Overload[], values: readonly CelValue[]): Overload {
  for (const overload of overloads) {
    if (values.every((value, i) => isOfType(value, overload.parameters[i] ?? { kind: 'dyn', name: 'dyn' }))) return overload;
  }
  if (silent.test(name)) throw new CelError('no such overload');
  const types = name === 'size' ? '' : `(${values.map((value) => typeName(value)).join(', ')})`;
  throw new CelError(`no such overload: ${name}${types}`);
}

const heldBy = (value: CelValue): CelValue | undefined => {
  if (!(value instanceof CelOptional)) throw new CelError('no such overload');
  return value.value;
};

/** Undefined where it is not there. */
function fieldOf(value: CelValue, field: string): CelValue | undefined {
  if (value instanceof CelObject) return value.get(field);
  if (value instanceof CelMap) return value.get(field);
  if (isList(value)) throw new CelError("unsupported index type 'string' in list");
  return undefined;
}

function mapOfEntries(entries: readonly (readonly [CelValue, CelValue, boolean])[]): CelMap {
  const seen: [CelValue, CelValue][] = [];
  for (const [key, value, optional] of entries) {
    if (!isKey(key)) throw new CelError('unsupported key type');
    const held = optional ? heldBy(value) : value;
    if (held !== undefined) seen.push([key, held]);
  }
  return new CelMap(seen);
}
