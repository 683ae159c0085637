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

type Call<T extends CelValue[]> = (...values: T) => CelValue;

/** `fn('sets.contains(list(T), list(T)): bool', (all, some) => …)` */
export const fn = <T extends CelValue[]>(signature: string, call: Call<T>): CelFunction =>
  new Declaration(signature, undefined, call);

/** `method('string', 'startsWith(string): bool', (text, start) => …)`: the receiver is the first value. */
export const method = <T extends CelValue[]>(receiver: string, signature: string, call: Call<T>): CelFunction =>
  new Declaration(signature, receiver, call);

/** Its types are read when an expression first asks for them: most programs that load the functions never run one. */
class Declaration<T extends CelValue[]> implements CelFunction {
  readonly name: string;
  readonly isMethod: boolean;
  readonly call: Overload['call'];
  readonly #signature: string;
  readonly #receiver: string | undefined;
  #types: Pick<Overload, 'parameters' | 'result'> | undefined;

  constructor(signature: string, receiver: string | undefined, call: Call<T>) {
    this.name = signature.slice(0, signature.indexOf('('));
    this.isMethod = receiver !== undefined;
    this.call = call as unknown as Overload['call'];
    this.#signature = signature;
    this.#receiver = receiver;
  }

  get parameters(): readonly CelType[] {
    return (this.#types ??= this.#readTypes()).parameters;
  }

  get result(): CelType {
    return (this.#types ??= this.#readTypes()).result;
  }

  #readTypes(): Pick<Overload, 'parameters' | 'result'> {
    const [, parameters = '', result = ''] = /^[^(]+\((.*)\): (.+)$/.exec(this.#signature) ?? [];
    const receiver = this.#receiver === undefined ? [] : [parseType(this.#receiver)];
    return { parameters: [...receiver, ...splitTypes(parameters)], result: parseType(result) };
  }
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
  for (const declared of functions) {
    const overloads = byName.get(declared.name);
    if (overloads) overloads.push(declared);
    else byName.set(declared.name, [declared]);
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
