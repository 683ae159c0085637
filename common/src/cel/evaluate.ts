/**
 * Makes a function of an expression. What an operator cannot decide is an error, which `&&`, `||` and the macros over lists
 * take back where the other side decides alone.
 */
import type { CallNode, CelNode, ComprehensionNode, MessageNode, SelectNode } from './ast.ts';
import { namespacedFunction } from './check.ts';
import { comprehensionStep } from './comprehension.ts';
import { type CelEnvironment, type Overload, typeNames } from './environment.ts';
import { type Activation, type CelBudget, Frame, isTrue, recoverable, type Step } from './frame.ts';
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
  isKey,
  isList,
  isOfType,
  typeName,
} from './values.ts';

/** Throws CelError. */
export type CelProgram = (variables: Activation, budget: CelBudget) => CelValue;

/** Of an expression that `checkCel` found nothing wrong with. */
export function compileProgram(node: CelNode, environment: CelEnvironment): CelProgram {
  const step = new Compiler(environment).compile(node, new Set());
  return (variables, budget) => step(new Frame(variables, budget));
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
          const found = result(frame.with(node.variable, held));
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
    // Most calls of a place take the same types again.
    let usual: Overload | undefined;
    return (frame) => {
      const values = steps.map((step) => step(frame));
      frame.budget.spend(1 + sizes(values) / 10);
      if (name === '_[_]' && isList(values[0] ?? null)) values[1] = listIndex(values[1] ?? null);
      if (!usual || !takes(usual, values)) usual = overloadFor(name, overloads, values);
      return usual.call(...values);
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
    const inner = new Set([...locals, ...node.variables]);
    return comprehensionStep(node, {
      range: this.compile(node.range, locals),
      condition: node.condition && this.compile(node.condition, inner),
      result: this.compile(node.result, inner),
    });
  }
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

function compared(frame: Frame, a: CelValue, b: CelValue): boolean {
  frame.budget.spend(1 + Math.min(sizeOf(a), sizeOf(b)) / 10);
  return equalValues(a, b);
}

function sizes(values: readonly CelValue[]): number {
  let sum = 0;
  for (const value of values) sum += sizeOf(value);
  return sum;
}

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

function takes({ parameters }: Overload, values: readonly CelValue[]): boolean {
  for (let i = 0; i < values.length; i++) {
    const parameter = parameters[i];
    if (!parameter || !isOfType(values[i] ?? null, parameter)) return false;
  }
  return true;
}

function overloadFor(name: string, overloads: readonly Overload[], values: readonly CelValue[]): Overload {
  const found = overloads.find((overload) => takes(overload, values));
  if (found) return found;
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
