/**
 * The walk behind decode.ts: one function per form of type, a mutable stack for the place that messages name.
 *
 * A wrong type is remembered (the first one counts) and the walk goes on; a wrong quantity, time or int-or-string ends it
 * at once and therefore wins. That is the order in which Kubernetes reports them.
 *
 * Differs from Kubernetes: an int64 beyond 2^53 is rounded to the nearest number that JavaScript has.
 */
import type { ListType, MapType, SchemaType, StructType } from '#common/api/schemaType.ts';
import { builtinStruct } from './builtinTypes.ts';
import { Abort, type DecodeContext, jsonTypeName } from './decodeContext.ts';
import { decodeQuantity, decodeScalar } from './decodeScalar.ts';
import { alwaysPrinted, goTypeText, setOwn, zeroValue } from './zeroValues.ts';

/** Undefined means: nothing there, or not decodable (and remembered). `value` is never null. */
export function decodeValue(ctx: DecodeContext, type: SchemaType, value: unknown): unknown {
  switch (type.kind) {
    case 'struct':
      return decodeStruct(ctx, type, value);
    case 'list':
      return decodeList(ctx, type, value);
    case 'map':
      return decodeMap(ctx, type, value);
    case 'any':
      return type.goType?.startsWith('v1.JSONSchemaPropsOr') ? decodeSchemaChoice(ctx, type.goType, value) : value;
    default:
      return decodeScalar(ctx, type, value);
  }
}

export function decodeStruct(ctx: DecodeContext, type: StructType, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return ctx.save(ctx.mismatch(jsonTypeName(value), type.goName));
  const source = value as Record<string, unknown>;
  const out: Record<string, unknown> = {};
  const fields = type.fields;
  for (const key in source) {
    const field = fields.get(key);
    if (field === undefined) {
      if (type.preserveUnknown) setOwn(out, key, source[key]);
      else ctx.unknown(key);
      continue;
    }
    const given = source[key];
    if (given === null || given === undefined) continue;
    ctx.enter(field, type);
    const decoded = decodeValue(ctx, field.type, given);
    ctx.leave();
    if (decoded === undefined || (field.omitEmpty && !field.pointer && isEmpty(field.type, decoded))) continue;
    if (decoded === null && field.omitZero) continue;
    out[key] = decoded;
  }
  for (const [name, field] of alwaysPrinted(type)) {
    if (out[name] === undefined) out[name] = zeroValue(field);
  }
  return out;
}

/** What `omitempty` leaves out; structures never count as empty. */
function isEmpty(type: SchemaType, value: unknown): boolean {
  if (value === '' || value === 0 || value === false) return type.kind !== 'intOrString' && type.kind !== 'any';
  if (type.kind === 'list') return (value as unknown[]).length === 0;
  if (type.kind !== 'map') return false;
  for (const _key in value as object) return false;
  return true;
}

function decodeList(ctx: DecodeContext, type: ListType, value: unknown): unknown {
  if (!Array.isArray(value)) return ctx.save(ctx.mismatch(jsonTypeName(value), goTypeText(type)));
  const { item } = type;
  const out = new Array<unknown>(value.length);
  for (let i = 0; i < value.length; i++) {
    const given = value[i] as unknown;
    if (given === null || given === undefined) {
      out[i] = zeroElement(item);
      continue;
    }
    ctx.enter(i, undefined);
    out[i] = decodeValue(ctx, item, given);
    ctx.leave();
  }
  return out;
}

function decodeMap(ctx: DecodeContext, type: MapType, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return ctx.save(ctx.mismatch(jsonTypeName(value), goTypeText(type)));
  }
  const source = value as Record<string, unknown>;
  const out: Record<string, unknown> = {};
  const isResourceList = type.goType === 'v1.ResourceList';
  for (const key in source) {
    const given = source[key];
    if (given === null || given === undefined) {
      setOwn(out, key, zeroElement(type.value));
      continue;
    }
    ctx.enter(key, undefined);
    const decoded = isResourceList ? decodeQuantity(ctx, given, true) : decodeValue(ctx, type.value, given);
    ctx.leave();
    setOwn(out, key, decoded);
  }
  return out;
}

/** What a null in a list or a map stands for. */
function zeroElement(type: SchemaType): unknown {
  if (type.kind === 'bytes') return '';
  return zeroValue({ name: '', type, required: false, pointer: false, omitEmpty: false, goType: '' });
}

/** The parts of a JSON schema that are a schema or something else: a boolean, a list of schemas, a list of strings. */
function decodeSchemaChoice(ctx: DecodeContext, goType: string, value: unknown): unknown {
  const schema = builtinStruct('io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps');
  const before = ctx.savedError;
  ctx.lenient++;
  try {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return decodeStruct(ctx, schema, value);
    if (goType === 'v1.JSONSchemaPropsOrBool') {
      if (typeof value === 'boolean') return value;
      throw new Abort('boolean or JSON schema expected');
    }
    if (!Array.isArray(value)) return null;
    const item: SchemaType = goType === 'v1.JSONSchemaPropsOrArray' ? schema : { kind: 'string' };
    return decodeList(ctx, { kind: 'list', item, listType: 'atomic', mapKeys: [] }, value);
  } finally {
    ctx.lenient--;
    // These are decoded by themselves, so that what is wrong in them ends the whole.
    if (before === undefined && ctx.savedError !== undefined) throw new Abort(ctx.savedError);
  }
}
