/** What an expression may name: variables with their types, functions with their overloads, object types. */
import { type CelType, type ObjectType, parseType } from './types.ts';
import type { CelValue } from './values.ts';

export interface Overload {
  /** Called as `first.name(rest)`. */
  readonly isMethod: boolean;
  readonly parameters: readonly CelType[];
  readonly result: CelType;
  /** Throws CelError where there is no result. */
  readonly call: (...values: CelValue[]) => CelValue;
}

export interface CelFunction extends Overload {
  readonly name: string;
}

/** `fn('sets.contains(list(T), list(T)): bool', (all, some) => …)` */
export function fn<T extends CelValue[]>(signature: string, call: (...values: T) => CelValue): CelFunction {
  const [, name = '', parameters = '', result = ''] = /^([^(]+)\((.*)\): (.+)$/.exec(signature) ?? [];
  return {
    name,
    isMethod: false,
    parameters: splitTypes(parameters),
    result: parseType(result),
    call: call as unknown as Overload['call'],
  };
}

/** `method('string', 'startsWith(string): bool', (text, start) => …)`: the receiver is the first value. */
export function method<T extends CelValue[]>(receiver: string, signature: string, call: (...values: T) => CelValue): CelFunction {
  const { parameters, ...rest } = fn(signature, call);
  return { ...rest, isMethod: true, parameters: [parseType(receiver), ...parameters] };
}

/** At the commas outside of brackets. */
function splitTypes(text: string): CelType[] {
  const parts = text.match(/(?:[^,(]|\((?:[^()]|\([^()]*\))*\))+/g) ?? [];
  return parts.map((part) => parseType(part));
}

/** Functions by name; operators are among them, by names such as `_+_`. */
export type CelFunctions = ReadonlyMap<string, readonly Overload[]>;

export function functionsByName(functions: Iterable<CelFunction>): CelFunctions {
  const byName = new Map<string, Overload[]>();
  for (const { name, ...overload } of functions) {
    const overloads = byName.get(name);
    if (overloads) overloads.push(overload);
    else byName.set(name, [overload]);
  }
  return byName;
}

export interface CelEnvironment {
  readonly functions: CelFunctions;
  readonly variables: ReadonlyMap<string, CelType>;
  /** Types that `Name{…}` may make. */
  readonly objectTypes?: Pick<ReadonlyMap<string, ObjectType>, 'get'>;
}

/** Names that stand for types where no variable has them: `type(x) == int`. */
export const typeNames: ReadonlyMap<string, CelType> = new Map(
  [
    'bool',
    'int',
    'uint',
    'double',
    'string',
    'bytes',
    'null_type',
    'list(dyn)',
    'map(dyn, dyn)',
    'timestamp',
    'duration',
    'type(dyn)',
    'optional(dyn)',
    'net.IP',
    'net.CIDR',
  ].map((text) => {
    const type = parseType(text);
    const name = 'name' in type ? type.name : type.kind === 'optional' ? 'optional_type' : type.kind;
    return [name, type] as const;
  }),
);
