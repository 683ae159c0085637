/** What stands in for an absent field: Kubernetes prints some fields always, with their zero value. */
import type { Field, SchemaType, StructType } from '#common/api/schemaType.ts';

/** Sets an own property whatever its name: `__proto__` from a request must not reach the prototype. */
export function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  else target[key] = value;
}

const plans = new WeakMap<StructType, readonly (readonly [string, Field])[]>();

/** The fields of a structure that are printed even when nothing was given. */
export function alwaysPrinted(type: StructType): readonly (readonly [string, Field])[] {
  const known = plans.get(type);
  if (known) return known;
  const plan = [...type.fields].filter(([, field]) => isAlwaysPrinted(field));
  plans.set(type, plan);
  return plan;
}

function isAlwaysPrinted(field: Field): boolean {
  if (field.omitZero) return false;
  if (!field.omitEmpty) return true;
  if (field.pointer) return false;
  switch (field.type.kind) {
    case 'struct':
    case 'quantity':
    case 'intOrString':
    case 'time':
    case 'microTime':
      return true;
    case 'any':
      // A raw extension is a structure in Go, arbitrary JSON is not.
      return field.type.goType === 'runtime.RawExtension';
    default:
      return false;
  }
}

/** Fresh on every call where it is an object: the caller may change what it decodes. */
export function zeroValue(field: Field): unknown {
  if (field.pointer) return null;
  const type: SchemaType = field.type;
  switch (type.kind) {
    case 'struct': {
      const out: Record<string, unknown> = {};
      for (const [name, inner] of alwaysPrinted(type)) out[name] = zeroValue(inner);
      return out;
    }
    case 'string':
      return '';
    case 'boolean':
      return false;
    case 'int32':
    case 'int64':
    case 'float':
    case 'double':
    case 'intOrString':
      return 0;
    case 'quantity':
      return '0';
    case 'duration':
      return '0s';
    default:
      return null;
  }
}

const plainGoTypes: Partial<Record<SchemaType['kind'], string>> = {
  boolean: 'bool',
  float: 'float32',
  double: 'float64',
  bytes: '[]uint8',
};

/** The Go type that a message names for a value of this type. */
export function goTypeText(type: SchemaType): string {
  if (type.kind === 'struct') return type.goName;
  if (type.goType) return type.goType;
  if (type.kind === 'list') return `[]${goTypeText(type.item)}`;
  if (type.kind === 'map') return `map[string]${goTypeText(type.value)}`;
  return plainGoTypes[type.kind] ?? type.kind;
}
