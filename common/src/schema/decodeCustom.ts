/**
 * Decoding of custom resources. Only their metadata is read as strictly as a built-in object; the rest keeps its values,
 * whatever their types (validation judges them), and loses the fields that the schema does not know.
 */
import { apiVersionOf, type GroupVersionKind } from '#common/api/groupVersion.ts';
import { invalid } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { isJsonObject, type JsonObject, setOwn } from '#common/api/ownProperty.ts';
import type { SchemaType, StructType } from '#common/api/schemaType.ts';
import { sortedJson } from '#common/api/sortedJson.ts';
import { badRequest, invalidObject } from '#common/api/status.ts';
import { objectMetaType } from './builtinTypes.ts';
import type { DecodeOptions } from './decode.ts';
import { Abort, DecodeContext } from './decodeContext.ts';
import { decodeStruct } from './decodeValue.ts';

type Fail = (detail: string) => Error;

/** What a walk has found. `pruned` and `inMetadata` are paths of unknown fields. */
interface Walk {
  readonly pruned: string[];
  readonly inMetadata: string[];
  readonly fail: Fail;
}

/** As `decodeObject`. `fail` makes the error from the bare reason. */
export function decodeCustomObject(
  type: StructType,
  gvk: GroupVersionKind,
  value: unknown,
  options: DecodeOptions,
  fail: Fail,
): { object: KubeObject; warnings: string[] } {
  const source = isJsonObject(value) ? value : {};
  requireKind(source, gvk);
  const { apiVersion: _apiVersion, kind: _kind, metadata: given, ...rest } = source;
  const own: Walk = { pruned: [], inMetadata: [], fail };
  const metadata = given === undefined || given === null ? {} : decodeMetadata(given, 'metadata', own.inMetadata, fail);
  const walk: Walk = { pruned: [], inMetadata: [], fail };
  const content = prune(type, rest, '', walk) as JsonObject;
  const object = { apiVersion: apiVersionOf(gvk), kind: gvk.kind, metadata, ...content } as unknown as KubeObject;

  if (options.fieldValidation === 'Ignore') return { object, warnings: [] };
  const unknown = [...own.inMetadata, ...walk.pruned.sort(), ...walk.inMetadata];
  const duplicates = new Set(options.layout?.duplicates.map(({ path }) => path) ?? options.duplicates);
  const problems = [
    ...[...duplicates].map((path) => `duplicate field ${JSON.stringify(path)}`),
    ...unknown.map((path) => `unknown field ${JSON.stringify(path)}`),
  ];
  if (problems.length > 0 && options.fieldValidation === 'Strict') throw fail(`strict decoding error: ${problems.join(', ')}`);
  return { object, warnings: problems };
}

/** `object` without the fields that `type` does not know. Shares what the type leaves open. */
export function pruneCustomObject(type: StructType, object: KubeObject): KubeObject {
  const { apiVersion, kind, metadata, ...rest } = object as KubeObject & JsonObject;
  const content = prune(type, rest, '', { pruned: [], inMetadata: [], fail: badRequest }) as JsonObject;
  return { apiVersion, kind, metadata, ...content } as unknown as KubeObject;
}

/** Throws ApiErrors for an object that says it is something else. */
function requireKind({ apiVersion = '', kind, metadata }: JsonObject, expected: GroupVersionKind): void {
  const wanted = apiVersionOf(expected);
  if (apiVersion !== wanted) {
    throw badRequest(`the API version in the data (${String(apiVersion)}) does not match the expected API version (${wanted})`);
  }
  if (kind === expected.kind) return;
  const name = isJsonObject(metadata) && typeof metadata['name'] === 'string' ? metadata['name'] : '';
  throw invalidObject(expected.group, String(kind), name, [invalid(FieldPath.of('kind'), kind, `must be ${expected.kind}`)]);
}

function decodeMetadata(value: unknown, path: string, unknown: string[], fail: Fail): JsonObject {
  const ctx = new DecodeContext(true, undefined);
  let result: unknown;
  try {
    result = decodeStruct(ctx, objectMetaType(), value);
  } catch (error) {
    if (error instanceof Abort) throw fail(error.message);
    throw error;
  }
  if (ctx.savedError !== undefined) throw fail(ctx.savedError);
  for (const field of ctx.unknownFields ?? []) unknown.push(`${path}.${field}`);
  return result as JsonObject;
}

/** Containers of known types are copied, so that the result may be changed. */
function prune(type: SchemaType, value: unknown, path: string, walk: Walk): unknown {
  switch (type.kind) {
    case 'struct':
      return isJsonObject(value) ? pruneStruct(type, value, path, walk) : value;
    case 'list':
      return Array.isArray(value) ? value.map((item, i) => prune(type.item, item, `${path}[${i}]`, walk)) : value;
    case 'map': {
      if (!isJsonObject(value)) return value;
      const out: JsonObject = {};
      for (const key of Object.keys(value)) setOwn(out, key, prune(type.value, value[key], join(path, key), walk));
      return out;
    }
    default:
      return value;
  }
}

function pruneStruct(type: StructType, value: JsonObject, path: string, walk: Walk): JsonObject {
  const isEmbedded = path !== '' && type.fields.get('metadata')?.type === objectMetaType();
  const out: JsonObject = {};
  for (const key of Object.keys(value)) {
    const field = type.fields.get(key);
    const at = join(path, key);
    if (isEmbedded && field && isTypeMeta(key)) setOwn(out, key, embeddedField(key, value[key], at, walk));
    else if (field) setOwn(out, key, prune(field.type, value[key], at, walk));
    else if (type.preserveUnknown) setOwn(out, key, value[key]);
    else walk.pruned.push(at);
  }
  return out;
}

const join = (path: string, key: string): string => (path ? `${path}.${key}` : key);

const isTypeMeta = (key: string): boolean => key === 'apiVersion' || key === 'kind' || key === 'metadata';

/** What makes a whole object inside of another one an object. */
function embeddedField(key: string, value: unknown, path: string, { inMetadata, fail }: Walk): unknown {
  if (value === null) return value;
  if (key === 'metadata') {
    return decodeMetadata(value, path, inMetadata, (detail) => fail(`${path}: Invalid value: ${sortedJson(value)}: ${detail}`));
  }
  if (typeof value === 'string') return value;
  throw fail(`${path}: Invalid value: ${sortedJson(value)}: must be a string`);
}
