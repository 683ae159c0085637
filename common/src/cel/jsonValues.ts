/** JSON, as objects of the API are, seen as values of expressions: with declared types lazily, without by what is there. */
import { durationNanos } from '#common/api/duration.ts';
import { parseTime } from '#common/api/time.ts';
import { type CelType, dyn } from './types.ts';
import { CelDuration, CelMap, CelObject, CelTimestamp, CelUint, type CelValue, fieldsOf, isList, valueText } from './values.ts';

type Json = Readonly<Record<string, unknown>>;

/** `unescape` gives the JSON's name of a field from the one that expressions use. */
export function valueOfJson(json: unknown, type: CelType = dyn, unescape: (name: string) => string = (name) => name): CelValue {
  if (json === null || json === undefined) return null;
  if (type.kind === 'wrapper') return valueOfJson(json, type.of, unescape);
  if (typeof json === 'boolean') return json;
  if (typeof json === 'number') return numberValue(json, type);
  if (typeof json === 'string') return textValue(json, type);
  if (Array.isArray(json)) {
    const of = type.kind === 'list' ? type.of : dyn;
    return json.map((item) => valueOfJson(item, of, unescape));
  }
  const object = json as Json;
  if (type.kind !== 'object') {
    const of = type.kind === 'map' ? type.value : dyn;
    return new CelMap(Object.entries(object).map(([key, value]) => [key, valueOfJson(value, of, unescape)]));
  }
  const { fields } = type;
  const get = (name: string): CelValue | undefined => {
    const written = unescape(name);
    // A declared field that is null counts as not there.
    if (!Object.hasOwn(object, written) || (fields && (!fields.has(name) || object[written] === null))) return undefined;
    return valueOfJson(object[written], fields?.get(name), unescape);
  };
  const names = (): string[] =>
    fields ? [...fields.keys()].filter((name) => Object.hasOwn(object, unescape(name))) : Object.keys(object);
  return new CelObject(type, names, get);
}

function numberValue(json: number, type: CelType): CelValue {
  const name = 'name' in type ? type.name : '';
  if (name === 'double') return json;
  if (name === 'uint') return new CelUint(BigInt(Math.trunc(json)));
  return Number.isInteger(json) ? BigInt(json) : json;
}

function textValue(json: string, type: CelType): CelValue {
  const name = 'name' in type ? type.name : '';
  if (name === 'google.protobuf.Timestamp') {
    const ms = parseTime(json);
    return ms === undefined ? json : new CelTimestamp(BigInt(Math.round(ms * 1e6)));
  }
  if (name === 'google.protobuf.Duration') {
    const nanos = durationNanos(json);
    return nanos === undefined ? json : new CelDuration(nanos);
  }
  if (name === 'bytes') return Uint8Array.from(atob(json), (character) => character.charCodeAt(0));
  return json;
}

/** The way back: what an expression made, as the API would be given it. */
export function jsonOfValue(value: CelValue): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) return value.map((item) => jsonOfValue(item));
  if (value instanceof Uint8Array) return btoa(String.fromCharCode(...value));
  if (value instanceof CelUint) return Number(value.value);
  if (value instanceof CelTimestamp) return new Date(Number(value.nanos / 1_000_000n)).toISOString().replace(/\.000Z$/, 'Z');
  const fields = fieldsOf(value);
  if (!fields) return valueText(value);
  const json: [string, unknown][] = [];
  for (const [key, inner] of fields.entries()) json.push([valueText(key), jsonOfValue(inner)]);
  return Object.fromEntries(json);
}
