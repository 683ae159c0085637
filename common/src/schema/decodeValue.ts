/**
 * The walk behind decode.ts: one function per form of type, a mutable stack for the place that messages name.
 *
 * A wrong type is remembered (the first one counts) and the walk goes on; a wrong quantity, time or int-or-string ends it
 * at once and therefore wins. That is the order in which Kubernetes reports them.
 *
 * Differs from Kubernetes: an int64 beyond 2^53 is rounded to the nearest number that JavaScript has.
 */
import { parseQuantity, quantityProblem, roundUpToMilli } from '#common/api/quantity.ts';
import type { Field, ListType, MapType, ScalarType, SchemaType, StructType } from '#common/api/schemaType.ts';
import { canonicalTime, timeProblem } from '#common/api/time.ts';
import { canonicalBase64 } from './base64Text.ts';
import { builtinStruct } from './builtinTypes.ts';
import type { JsonLayout } from './jsonLayout.ts';
import { alwaysPrinted, goTypeText, setOwn, zeroValue } from './zeroValues.ts';

/** Ends the walk with this reason. */
export class Abort extends Error {}

/** Where the walk is and what it has found. */
export class DecodeContext {
  /** Unknown fields are collected only when somebody will hear of them. */
  readonly strict: boolean;
  savedError: string | undefined;
  unknownFields: string[] | undefined;
  /** Field, list index or map key per level, and the structure that a field belongs to. */
  readonly steps: (Field | number | string)[] = [];
  readonly owners: (StructType | undefined)[] = [];
  depth = 0;
  /** Above zero inside values that Kubernetes decodes apart from the rest, where unknown fields go unnoticed. */
  lenient = 0;

  readonly layout: JsonLayout | undefined;

  constructor(strict: boolean, layout: JsonLayout | undefined) {
    this.strict = strict;
    this.layout = layout;
  }

  enter(step: Field | number | string, owner: StructType | undefined): void {
    this.steps[this.depth] = step;
    this.owners[this.depth] = owner;
    this.depth++;
  }

  leave(): void {
    this.depth--;
  }

  /** `json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type []v1.Container`. */
  mismatch(what: string, goType: string): string {
    const names: string[] = [];
    let owner = '';
    for (let i = 0; i < this.depth; i++) {
      const step = this.steps[i];
      if (typeof step !== 'object') continue;
      if (step.embedded) names.push(...step.embedded);
      names.push(step.name);
      owner = this.owners[i]?.goName.split('.').at(-1) ?? '';
    }
    const place = names.length ? `Go struct field ${owner}.${names.join('.')}` : 'Go value';
    return `json: cannot unmarshal ${what} into ${place} of type ${goType}`;
  }

  save(reason: string): undefined {
    this.savedError ??= reason;
    return undefined;
  }

  /** `spec.containers[0].image`, `metadata.labels.app`. */
  path(): string {
    let path = '';
    for (let i = 0; i < this.depth; i++) {
      const step = this.steps[i];
      if (typeof step === 'number') path += `[${step}]`;
      else path += `${path ? '.' : ''}${typeof step === 'object' ? step.name : step}`;
    }
    return path;
  }

  unknown(key: string): void {
    if (!this.strict || this.lenient > 0) return;
    const path = this.path();
    (this.unknownFields ??= []).push(path ? `${path}.${key}` : key);
  }
}

const jsonTypeName = (value: unknown): string => {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
};

/** Undefined means: nothing there, or not decodable (and remembered). `value` is never null. */
export function decodeValue(ctx: DecodeContext, type: SchemaType, value: unknown): unknown {
  switch (type.kind) {
    case 'struct':
      return decodeStruct(ctx, type, value);
    case 'list':
      return decodeList(ctx, type, value);
    case 'map':
      return decodeMap(ctx, type, value);
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

function decodeScalar(ctx: DecodeContext, type: ScalarType, value: unknown): unknown {
  switch (type.kind) {
    case 'string':
      return typeof value === 'string' ? value : ctx.save(ctx.mismatch(jsonTypeName(value), goTypeText(type)));
    case 'boolean':
      return typeof value === 'boolean' ? value : ctx.save(ctx.mismatch(jsonTypeName(value), goTypeText(type)));
    case 'int32':
      return isInt32(value) && isWrittenAsInteger(ctx)
        ? value
        : ctx.save(ctx.mismatch(numberOrType(ctx, value), goTypeText(type)));
    case 'int64':
      if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= 2 ** 63 && isWrittenAsInteger(ctx))
        return value;
      return ctx.save(ctx.mismatch(numberOrType(ctx, value), goTypeText(type)));
    case 'float':
    case 'double':
      return typeof value === 'number' ? value : ctx.save(ctx.mismatch(jsonTypeName(value), goTypeText(type)));
    case 'bytes':
      return decodeBytes(ctx, type, value);
    case 'quantity':
      return decodeQuantity(ctx, value);
    case 'time':
    case 'microTime':
      return decodeTime(ctx, type.kind, value);
    case 'intOrString':
      if (typeof value === 'string' || (isInt32(value) && isWrittenAsInteger(ctx))) return value;
      throw new Abort(ctx.mismatch(numberOrType(ctx, value), 'int32'));
    case 'duration':
      if (typeof value === 'string') return value;
      throw new Abort(ctx.mismatch(jsonTypeName(value), 'string'));
    case 'fieldsV1':
      return value;
    case 'any':
      return type.goType?.startsWith('v1.JSONSchemaPropsOr') ? decodeSchemaChoice(ctx, type.goType, value) : value;
  }
}

const isInt32 = (value: unknown): value is number => typeof value === 'number' && value === (value | 0);

/** Where an integer is wanted a number is quoted, another type is only named. */
const numberOrType = (ctx: DecodeContext, value: unknown): string =>
  typeof value === 'number' ? `number ${numberText(ctx, value)}` : jsonTypeName(value);

/** Kubernetes refuses `1.0` and `1e3` for an integer; in the parsed value they look like one. */
const isWrittenAsInteger = (ctx: DecodeContext): boolean => {
  if (!ctx.layout?.numbers.size) return true;
  const written = ctx.layout.numbers.get(ctx.path());
  return written === undefined || (/^-?\d+$/.test(written) && BigInt.asIntN(64, BigInt(written)) === BigInt(written));
};

function decodeBytes(ctx: DecodeContext, type: ScalarType, value: unknown): unknown {
  if (Array.isArray(value)) return bytesOfList(ctx, value);
  if (typeof value !== 'string') return ctx.save(ctx.mismatch(jsonTypeName(value), goTypeText(type)));
  const decoded = canonicalBase64(value);
  return typeof decoded === 'string' ? decoded : ctx.save(`illegal base64 data at input byte ${decoded.badByte}`);
}

/** Bytes may also be written as a list of numbers. */
function bytesOfList(ctx: DecodeContext, list: readonly unknown[]): string | undefined {
  let binary = '';
  for (const [i, item] of list.entries()) {
    ctx.enter(i, undefined);
    const fits = typeof item === 'number' && Number.isInteger(item) && item >= 0 && item <= 255;
    if (!fits && item !== null) ctx.save(ctx.mismatch(numberOrType(ctx, item), 'uint8'));
    binary += String.fromCharCode(fits ? item : 0);
    ctx.leave();
  }
  return btoa(binary);
}

function decodeQuantity(ctx: DecodeContext, value: unknown, inMilli = false): string {
  // Objects and booleans are read as the text that they are in JSON, which is never a quantity.
  const text = typeof value === 'string' ? value : typeof value === 'number' ? numberText(ctx, value) : '{';
  const quantity = parseQuantity(text);
  if (!quantity) throw new Abort(quantityProblem(text));
  return inMilli ? roundUpToMilli(quantity).text : quantity.text;
}

/** The number as it was written, where that is known to differ from how JavaScript prints it. */
const numberText = (ctx: DecodeContext, value: number): string =>
  ctx.layout?.numbers.get(ctx.path()) ?? String(value).replace('e+', 'e');

/** What clients send nearly always: canonical already. Days up to 28 exist in every month. */
const plainTime = /^[1-9]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{6})?Z$/;
/** Kubernetes' absent time, printed as null. */
const zeroTime = /^0001-01-01T00:00:00(?:\.0+)?Z$/;

function decodeTime(ctx: DecodeContext, kind: 'time' | 'microTime', value: unknown): string | null {
  if (typeof value !== 'string') throw new Abort(ctx.mismatch(jsonTypeName(value), 'string'));
  const plain = plainTime.exec(value);
  if (plain && (plain[1] !== undefined) === (kind === 'microTime')) return value;
  const canonical = canonicalTime(value, kind);
  if (canonical === undefined) throw new Abort(timeProblem(value, kind));
  return zeroTime.test(canonical) ? null : canonical;
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
