/** The types that expressions are checked with, how they are written, and which fit which. */

export interface ObjectType {
  readonly kind: 'object';
  readonly name: string;
  /** By the name that expressions use. Undefined: any field, of any type. */
  readonly fields: ReadonlyMap<string, CelType> | undefined;
}

export type CelType =
  | { readonly kind: 'dyn'; readonly name: string }
  | { readonly kind: 'primitive'; readonly name: string }
  | { readonly kind: 'opaque'; readonly name: string }
  | { readonly kind: 'wrapper'; readonly name: string; readonly of: CelType }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'list'; readonly of: CelType }
  | { readonly kind: 'map'; readonly key: CelType; readonly value: CelType }
  | { readonly kind: 'optional'; readonly of: CelType }
  | { readonly kind: 'type'; readonly of: CelType }
  | ObjectType;

const primitive = (name: string): CelType => ({ kind: 'primitive', name });

export const dyn: CelType = { kind: 'dyn', name: 'dyn' };
/** What a part is whose problem has been told; nothing more is said of it. */
export const erroneous: CelType = { kind: 'dyn', name: '!error!' };
export const bool = primitive('bool');
export const int = primitive('int');
export const uint = primitive('uint');
export const double = primitive('double');
export const string = primitive('string');
export const bytes = primitive('bytes');
export const nullType = primitive('null_type');
export const timestamp = primitive('google.protobuf.Timestamp');
export const duration = primitive('google.protobuf.Duration');
export const listOf = (of: CelType): CelType => ({ kind: 'list', of });
export const mapOf = (key: CelType, value: CelType): CelType => ({ kind: 'map', key, value });
export const optionalOf = (of: CelType): CelType => ({ kind: 'optional', of });
export const parameter = (name: string): CelType => ({ kind: 'parameter', name });
export const opaque = (name: string): CelType => ({ kind: 'opaque', name });
export const typeOf = (of: CelType): CelType => ({ kind: 'type', of });

const byName: ReadonlyMap<string, CelType> = new Map([
  ['bool', bool],
  ['int', int],
  ['uint', uint],
  ['double', double],
  ['string', string],
  ['bytes', bytes],
  ['null_type', nullType],
  ['dyn', dyn],
  ['timestamp', timestamp],
  ['duration', duration],
]);

/** `list(string)`, `map(K, dyn)`, `optional(T)`, `kubernetes.Quantity`: what declarations of functions are written with. */
export function parseType(text: string): CelType {
  const { type, rest } = readType(text.trim());
  if (rest.trim()) throw new Error(`not a type: ${text}`);
  return type;
}

function readType(text: string): { type: CelType; rest: string } {
  const name = /^[\w.]+/.exec(text)?.[0] ?? '';
  let rest = text.slice(name.length);
  const inner: CelType[] = [];
  if (rest.startsWith('(')) {
    do {
      const next = readType(rest.slice(1).trimStart());
      inner.push(next.type);
      rest = next.rest.trimStart();
    } while (rest.startsWith(','));
    rest = rest.slice(1);
  }
  return { type: typeNamed(name, inner), rest };
}

function typeNamed(name: string, [first = dyn, second = dyn]: readonly CelType[]): CelType {
  if (name === 'list') return listOf(first);
  if (name === 'map') return mapOf(first, second);
  if (name === 'optional') return optionalOf(first);
  if (name === 'type') return typeOf(first);
  if (/^[A-Z]$/.test(name)) return parameter(name);
  return byName.get(name) ?? opaque(name);
}

/** As problems write it. */
export function typeText(type: CelType): string {
  switch (type.kind) {
    case 'list':
      return `list(${typeText(type.of)})`;
    case 'map':
      return `map(${typeText(type.key)}, ${typeText(type.value)})`;
    case 'optional':
      return `optional_type(${typeText(type.of)})`;
    case 'type':
      return `type(${typeText(type.of)})`;
    case 'wrapper':
      return `wrapper(${typeText(type.of)})`;
    case 'primitive':
      return type.name === 'null_type'
        ? 'null'
        : type.name === timestampName
          ? 'timestamp'
          : type.name === durationName
            ? 'duration'
            : type.name;
    default:
      return type.name;
  }
}

const timestampName = 'google.protobuf.Timestamp';
const durationName = 'google.protobuf.Duration';

/** What the parameters of a call's types stand for. */
export type Bindings = ReadonlyMap<string, CelType>;

/** Whether a value of the type `from` may stand where `to` is wanted, and what its parameters are then; undefined: it may not. */
export function assign(from: CelType, to: CelType, bindings: Bindings): Bindings | undefined {
  if (to.kind === 'parameter') {
    const bound = bindings.get(to.name);
    if (!bound) return new Map([...bindings, [to.name, from]]);
    // Where one of two is dynamic, what they have in common is.
    if (from.kind === 'dyn' && bound.kind !== 'dyn') return new Map([...bindings, [to.name, from]]);
    if (assign(from, bound, bindings)) return bindings;
    // What was bound first may be the narrower one: an empty list's element, null beside an object.
    return assign(bound, from, bindings) ? new Map([...bindings, [to.name, from]]) : undefined;
  }
  if (from.kind === 'parameter') {
    const bound = bindings.get(from.name);
    return bound ? assign(bound, to, bindings) : new Map([...bindings, [from.name, to]]);
  }
  if (from.kind === 'dyn' || to.kind === 'dyn') return bindings;
  if (to.kind === 'wrapper') return isNull(from) ? bindings : assign(from.kind === 'wrapper' ? from.of : from, to.of, bindings);
  if (from.kind === 'wrapper') return assign(from.of, to, bindings);
  if (from.kind === 'list' && to.kind === 'list') return assign(from.of, to.of, bindings);
  if (from.kind === 'optional' && to.kind === 'optional') return assign(from.of, to.of, bindings);
  if (from.kind === 'map' && to.kind === 'map') {
    const keys = assign(from.key, to.key, bindings);
    return keys && assign(from.value, to.value, keys);
  }
  if (from.kind === 'type' && to.kind === 'type') return bindings;
  if (isNull(from)) return to.kind === 'object' || to.kind === 'opaque' || isNull(to) || isTime(to) ? bindings : undefined;
  if (from.kind === 'object' && to.kind === 'map') return from.fields ? undefined : bindings;
  return from.kind === to.kind && 'name' in from && 'name' in to && from.name === to.name ? bindings : undefined;
}

const isNull = (type: CelType): boolean => type.kind === 'primitive' && type.name === 'null_type';
const isTime = (type: CelType): boolean =>
  type.kind === 'primitive' && (type.name === timestampName || type.name === durationName);

/** The type with its parameters filled in; what nothing is known of is dynamic. */
export function substitute(type: CelType, bindings: Bindings, depth = 0): CelType {
  if (depth > 20) return dyn;
  const of = (inner: CelType): CelType => substitute(inner, bindings, depth + 1);
  switch (type.kind) {
    case 'parameter': {
      const bound = bindings.get(type.name);
      return bound ? of(bound) : dyn;
    }
    case 'list':
    case 'optional':
    case 'type':
      return { ...type, of: of(type.of) };
    case 'map':
      return mapOf(of(type.key), of(type.value));
    default:
      return type;
  }
}
