/** The kinds of the built-in API as types of expressions, as their OpenAPI schemas declare them. */
import * as types from '#common/cel/types.ts';
import type { CelType } from '#common/cel/types.ts';
import type { Field, SchemaType, StructType } from '#common/api/schemaType.ts';

/** `name` is how problems call it: the kind, or the path to it from there. */
export const celTypeOfKind = (type: StructType, kind: string): CelType => objectOf(type, kind, []);

/** Undefined for what Kubernetes has no type for, and then says that there is no such field: quantities, and lists and maps of them. */
function celTypeOfSchema(type: SchemaType, name: string, within: readonly StructType[]): CelType | undefined {
  switch (type.kind) {
    case 'struct':
      return objectOf(type, name, within);
    case 'list': {
      const of = celTypeOfSchema(type.item, `${name}.@idx`, within);
      return of && types.listOf(of);
    }
    case 'map': {
      const value = celTypeOfSchema(type.value, `${name}.@prop`, within);
      return value && types.mapOf(types.string, value);
    }
    case 'quantity':
      return undefined;
    case 'boolean':
      return types.bool;
    case 'int32':
    case 'int64':
      return types.int;
    case 'float':
    case 'double':
      return types.double;
    case 'time':
    case 'microTime':
      return types.timestamp;
    case 'bytes':
      return types.bytes;
    case 'fieldsV1':
      return { kind: 'object', name, fields: new Map() };
    case 'intOrString':
    case 'any':
      return types.dyn;
    default:
      return types.string;
  }
}

function objectOf(type: StructType, name: string, within: readonly StructType[]): CelType {
  // A JSON schema has JSON schemas in it.
  if (type.untyped || within.includes(type)) return types.dyn;
  const inner = [...within, type];
  const fields = [...type.fields.values()].flatMap((field: Field): [string, CelType][] => {
    const found = celTypeOfSchema(field.type, `${name}.${field.name}`, inner);
    return found ? [[field.name, found]] : [];
  });
  return { kind: 'object', name, fields: new Map(fields) };
}
