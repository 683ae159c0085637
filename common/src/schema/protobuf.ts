/**
 * Decodes request bodies in Kubernetes' protobuf encoding, which kubectl uses since 1.32, into the value that the same
 * object has in JSON. What comes out then goes through the same decoding as JSON: zero values, defaults, checks.
 * Answers are never encoded: every client takes JSON.
 */
import { parseApiVersion } from '#common/api/groupVersion.ts';
import type { Field, ListType, MapType, ScalarType, SchemaType, StructType } from '#common/api/schemaType.ts';
import { formatTime } from '#common/api/time.ts';
import { builtinStruct, deleteOptionsType, typeOfKind } from './builtinTypes.ts';
import { ProtobufError, ProtobufReader } from './protobufReader.ts';
import { setOwn } from './zeroValues.ts';

export { ProtobufError } from './protobufReader.ts';

export interface ProtobufBody {
  apiVersion: string;
  kind: string;
  /** As JSON has it. */
  value: Record<string, unknown>;
}

const magic = [0x6b, 0x38, 0x73, 0x00];
/** Far beyond what a real object has; only schemas of custom resources nest at all. */
const maxDepth = 500;

/** Throws a ProtobufError. */
export function decodeProtobuf(bytes: Uint8Array): ProtobufBody {
  if (!magic.every((byte, i) => bytes[i] === byte)) {
    throw new ProtobufError(`provided data does not appear to be a protobuf message, expected prefix [${magic.join(' ')}]`);
  }
  const envelope = new ProtobufReader(bytes, magic.length);
  let apiVersion = '';
  let kind = '';
  let raw: ProtobufReader | undefined;
  for (let number = envelope.nextField(); number !== undefined; number = envelope.nextField()) {
    if (number === 2) raw = envelope.message();
    else if (number === 1) {
      const meta = envelope.message();
      for (let inner = meta.nextField(); inner !== undefined; inner = meta.nextField()) {
        if (inner === 1) apiVersion = meta.text();
        else if (inner === 2) kind = meta.text();
        else meta.skip();
      }
    } else envelope.skip();
  }
  const gvk = { ...parseApiVersion(apiVersion), kind };
  const type = typeOfKind(gvk) ?? (kind === 'DeleteOptions' ? deleteOptionsType() : undefined);
  // What nobody knows is refused by its kind; its content does not matter.
  const value = type && raw ? readStruct(type, raw, 0) : {};
  return { apiVersion, kind, value: { ...(apiVersion ? { apiVersion } : {}), ...(kind ? { kind } : {}), ...value } };
}

/** What a field number means inside a message: a field, or an embedded message whose fields belong to the same structure. */
interface MessagePlan {
  fields: Map<number, Field>;
  embedded: Map<number, MessagePlan>;
}

const plans = new WeakMap<StructType, MessagePlan>();

function planOf(type: StructType): MessagePlan {
  const known = plans.get(type);
  if (known) return known;
  const plan: MessagePlan = { fields: new Map(), embedded: new Map() };
  for (const field of type.fields.values()) {
    if (field.protoNumber === undefined) continue;
    let at = plan;
    for (const step of field.protoPath ?? []) {
      const inner = at.embedded.get(step) ?? { fields: new Map(), embedded: new Map() };
      at.embedded.set(step, inner);
      at = inner;
    }
    at.fields.set(field.protoNumber, field);
  }
  plans.set(type, plan);
  return plan;
}

function readStruct(type: StructType, reader: ProtobufReader, depth: number): Record<string, unknown> {
  if (depth > maxDepth) throw new ProtobufError('the message nests too deep');
  const out: Record<string, unknown> = {};
  readMessage(planOf(type), reader, out, depth);
  return out;
}

function readMessage(plan: MessagePlan, reader: ProtobufReader, out: Record<string, unknown>, depth: number): void {
  for (let number = reader.nextField(); number !== undefined; number = reader.nextField()) {
    const field = plan.fields.get(number);
    if (field) readField(field, reader, out, depth);
    else {
      const embedded = plan.embedded.get(number);
      if (embedded) readMessage(embedded, reader.message(), out, depth);
      else reader.skip();
    }
  }
}

function readField(field: Field, reader: ProtobufReader, out: Record<string, unknown>, depth: number): void {
  const { name, type } = field;
  if (type.kind === 'list') {
    const list = (out[name] ??= []) as unknown[];
    const isNumbers = type.item.kind === 'int32' || type.item.kind === 'int64';
    if (isNumbers && reader.wireType === 2) list.push(...reader.packed());
    else if (isWrapped(type)) list.push(...readWrapped(type, reader, depth));
    else list.push(readValue(type.item, reader, depth));
  } else if (type.kind === 'map') {
    const map = (out[name] ??= {}) as Record<string, unknown>;
    readEntry(type, reader.message(), map, depth);
  } else {
    const value = readValue(type, reader, depth);
    if (value !== undefined) out[name] = value;
  }
}

/** Lists with a name of their own in Go that are messages of their own in protobuf. */
const wrappedLists = new Set(['v1.ExtraValue', 'v1.Verbs']);
const isWrapped = (type: ListType): boolean => type.goType !== undefined && wrappedLists.has(type.goType);

function readWrapped(type: ListType, reader: ProtobufReader, depth: number): unknown[] {
  const items: unknown[] = [];
  const message = reader.message();
  for (let number = message.nextField(); number !== undefined; number = message.nextField()) {
    if (number === 1) items.push(readValue(type.item, message, depth));
    else message.skip();
  }
  return items;
}

function readEntry(type: MapType, entry: ProtobufReader, map: Record<string, unknown>, depth: number): void {
  let key = '';
  let value: unknown;
  for (let number = entry.nextField(); number !== undefined; number = entry.nextField()) {
    if (number === 1) key = entry.text();
    else if (number === 2)
      value = type.value.kind === 'list' ? readWrapped(type.value, entry, depth) : readValue(type.value, entry, depth);
    else entry.skip();
  }
  setOwn(map, key, value ?? null);
}

/** Undefined where the value is an absent one, such as a time that is not set. */
function readValue(type: SchemaType, reader: ProtobufReader, depth: number): unknown {
  switch (type.kind) {
    case 'struct':
      return readStruct(type, reader.message(), depth + 1);
    case 'string':
    case 'duration':
      return reader.text();
    case 'boolean':
      return reader.boolean();
    case 'int32':
    case 'int64':
      return reader.integer();
    case 'float':
    case 'double':
      return reader.double();
    case 'bytes':
      return base64Of(reader.bytes());
    case 'quantity':
      return readParts(reader, (part) => part.text())[1] ?? '0';
    case 'intOrString': {
      const parts = readParts(reader, (part, number) => (number === 3 ? part.text() : part.integer()));
      return parts[1] === 1 ? (parts[3] ?? '') : (parts[2] ?? 0);
    }
    case 'time':
    case 'microTime':
      return readTime(type.kind, reader);
    case 'fieldsV1':
    case 'any':
      return readAny(type, reader, depth);
    default:
      return reader.skip();
  }
}

/** The fields of a small message by number. */
function readParts(reader: ProtobufReader, read: (part: ProtobufReader, number: number) => unknown): unknown[] {
  const parts: unknown[] = [];
  const message = reader.message();
  for (let number = message.nextField(); number !== undefined; number = message.nextField()) {
    if (number <= 3) parts[number] = read(message, number);
    else message.skip();
  }
  return parts;
}

function readTime(kind: 'time' | 'microTime', reader: ProtobufReader): string | undefined {
  const [, seconds, nanos] = readParts(reader, (part) => part.integer()) as (number | undefined)[];
  if (seconds === undefined && nanos === undefined) return undefined;
  const ms = (seconds ?? 0) * 1000;
  if (Math.abs(ms) > 8.64e15) throw new ProtobufError('the time is out of range');
  const whole = formatTime(ms);
  return kind === 'time' ? whole : `${whole.slice(0, -1)}.${String(Math.floor((nanos ?? 0) / 1000)).padStart(6, '0')}Z`;
}

/** Free-form values travel as JSON text inside a message; the parts of a JSON schema have messages of their own. */
function readAny(type: ScalarType, reader: ProtobufReader, depth: number): unknown {
  if (type.goType?.startsWith('v1.JSONSchemaPropsOr')) return readSchemaChoice(type.goType, reader.message(), depth);
  const text = readParts(reader, (part) => part.text())[1] as string | undefined;
  if (!text) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ProtobufError('a free-form value is not JSON');
  }
}

function readSchemaChoice(goType: string, reader: ProtobufReader, depth: number): unknown {
  const schema = builtinStruct('io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps');
  const schemaNumber = goType === 'v1.JSONSchemaPropsOrBool' ? 2 : 1;
  let allows: boolean | undefined;
  let one: unknown;
  const list: unknown[] = [];
  for (let number = reader.nextField(); number !== undefined; number = reader.nextField()) {
    if (number === schemaNumber) one = readStruct(schema, reader.message(), depth + 1);
    else if (number === 1) allows = reader.boolean();
    else if (number === 2)
      list.push(goType === 'v1.JSONSchemaPropsOrArray' ? readStruct(schema, reader.message(), depth + 1) : reader.text());
    else reader.skip();
  }
  return one ?? (list.length ? list : allows);
}

function base64Of(bytes: Uint8Array): string {
  let binary = '';
  for (let start = 0; start < bytes.length; start += 0x2000)
    binary += String.fromCharCode(...bytes.subarray(start, start + 0x2000));
  return btoa(binary);
}
