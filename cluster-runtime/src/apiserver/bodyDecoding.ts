/**
 * From the bytes of a body to what the registry takes: a decoded object, a patch, the options of a deletion. JSON, YAML
 * and protobuf come in; whatever cannot be read is refused in Kubernetes' words.
 */
import type { GroupVersionKind } from '#common/api/groupVersion.ts';
import type { KubeObject } from '#common/api/meta.ts';
import type { StructType } from '#common/api/schemaType.ts';
import { ApiError, badRequest } from '#common/api/status.ts';
import { deleteOptionsType } from '#common/schema/builtinTypes.ts';
import { decodeAs, decodeObject } from '#common/schema/decode.ts';
import { JsonSyntaxError, parseJson, type ParsedJson } from '#common/schema/parseJson.ts';
import { checkTypeMeta, readTypeMeta, unrecognizedBody, unregisteredKind } from '#common/schema/typeMeta.ts';
import { acceptedTypes, bodyMediaType, protobufType, unknownBodyFormat } from './negotiation.ts';
import type { DeleteBody } from './options.ts';
import type { FieldValidation, PatchBody } from './registry/registry.ts';

/** What the address expects of a body. */
export interface ExpectedBody {
  readonly gvk: GroupVersionKind;
  readonly type: StructType;
  /** A custom resource: apiVersion and kind must be there. */
  readonly custom: boolean;
}

interface Decoded {
  readonly object: KubeObject;
  readonly warnings: readonly string[];
}

/** Decodes a whole object, as POST and PUT bring it. */
export async function decodeObjectBody(
  body: Buffer,
  contentType: string | undefined,
  expected: ExpectedBody,
  fieldValidation: FieldValidation,
): Promise<Decoded> {
  const { kind } = expected.gvk;
  switch (bodyMediaType(contentType)) {
    case '':
    case 'application/json': {
      const text = body.toString();
      let parsed: ParsedJson;
      try {
        parsed = parseJson(text);
      } catch (error) {
        if (!(error instanceof JsonSyntaxError)) throw error;
        throw unrecognizedBody(kind, `couldn't get version/kind; json parse error: ${error.message}`, text);
      }
      return decodeValue(parsed.value, text, expected, fieldValidation, parsed);
    }
    case 'application/yaml': {
      const text = body.toString();
      const { parseYaml, YamlSyntaxError } = await import('./yamlBody.ts');
      try {
        const { value, duplicates } = parseYaml(text);
        return withYamlDuplicates(decodeValue(value, text, expected, fieldValidation), duplicates, expected.gvk, fieldValidation);
      } catch (error) {
        if (error instanceof YamlSyntaxError) throw unrecognizedBody(kind, error.message, text);
        throw error;
      }
    }
    case protobufType: {
      const { decodeProtobuf, ProtobufError } = await import('#common/schema/protobuf.ts');
      try {
        return decodeValue(decodeProtobuf(body).value, body, expected, 'Ignore');
      } catch (error) {
        if (error instanceof ProtobufError) throw unrecognizedBody(kind, error.message, body);
        throw error;
      }
    }
    default:
      throw unknownBodyFormat(acceptedTypes);
  }
}

function decodeValue(
  value: unknown,
  body: string | Buffer,
  expected: ExpectedBody,
  fieldValidation: FieldValidation,
  parsed?: ParsedJson,
): Decoded {
  const gvk = expected.custom ? checkCustomTypeMeta(value, expected.gvk, body) : checkTypeMeta(value, expected.gvk, body);
  const { object, warnings } = decodeObject(expected.type, gvk, value, {
    fieldValidation,
    ...(parsed ? { duplicates: parsed.duplicates, layout: parsed.layout } : {}),
  });
  return { object: typeMetaFirst(object), warnings };
}

/** `apiVersion` and `kind` lead, so that lists can leave them out by skipping bytes. */
function typeMetaFirst(object: KubeObject): KubeObject {
  let leading = 0;
  for (const key in object) {
    if (key !== 'apiVersion' && key !== 'kind') break;
    if (++leading === 2) return object;
  }
  const { apiVersion, kind, metadata, ...rest } = object as KubeObject & Record<string, unknown>;
  return { apiVersion, kind, metadata, ...rest } as unknown as KubeObject;
}

function checkCustomTypeMeta(value: unknown, expected: GroupVersionKind, body: string | Buffer): GroupVersionKind {
  const read = readTypeMeta(value, expected);
  if ('problem' in read) throw unrecognizedBody(expected.kind, read.problem, body);
  const { kind } = (value ?? {}) as { kind?: string };
  if (!kind) throw unrecognizedBody(expected.kind, `Object 'Kind' is missing in '${body.toString()}'`, body);
  // Whether they are the right ones is decoding's business, which patches go through too.
  return expected;
}

function withYamlDuplicates(
  decoded: Decoded,
  duplicates: readonly string[],
  gvk: GroupVersionKind,
  fieldValidation: FieldValidation,
): Decoded {
  if (duplicates.length === 0 || fieldValidation === 'Ignore') return decoded;
  if (fieldValidation === 'Warn') return { object: decoded.object, warnings: [...duplicates, ...decoded.warnings] };
  const lines = duplicates.map((text) => `\n  ${text}`).join('');
  throw badRequest(
    `${gvk.kind} in version "${gvk.version}" cannot be handled as a ${gvk.kind}: strict decoding error: yaml: unmarshal errors:${lines}`,
  );
}

const patchTypes: Readonly<Record<string, PatchBody['type']>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};
const customPatchTypes = 'application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml';

/** The kind of patch that the Content-Type names. */
export function patchTypeOf(contentType: string | undefined, custom: boolean): PatchBody['type'] {
  const media = bodyMediaType(contentType);
  const type = Object.hasOwn(patchTypes, media) ? patchTypes[media] : undefined;
  if (custom && (type === undefined || type === 'strategic')) throw unknownBodyFormat(customPatchTypes);
  if (type === undefined) throw new ApiError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
  return type;
}

const jsonTypeName = (value: unknown): string =>
  Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
const wrongType = (prefix: string, value: unknown, goType: string): ApiError =>
  badRequest(`${prefix}json: cannot unmarshal ${value === null ? 'null' : jsonTypeName(value)} into Go value of type ${goType}`);

/** Reads a patch. `warn` gets what an apply has twice. */
export async function decodePatch(
  body: Buffer,
  type: PatchBody['type'],
  force: boolean,
  fieldValidation: FieldValidation,
  warn: (text: string) => void,
): Promise<PatchBody> {
  if (type === 'apply') return { type, force, patch: await decodeApplyPatch(body, fieldValidation, warn) };
  const prefix = type === 'strategic' ? '' : 'error decoding patch: ';
  let parsed: ParsedJson;
  try {
    parsed = parseJson(body.toString());
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw badRequest(`${prefix}${error.message}`);
    throw error;
  }
  const { duplicates } = parsed;
  if (type === 'json') return { type, patch: checkJsonPatch(parsed.value, prefix), duplicates };
  const patch = parsed.value;
  if (patch === null) {
    if (type === 'merge') throw badRequest('Invalid JSON Patch');
    return { type, patch: {}, duplicates };
  }
  if (typeof patch !== 'object' || Array.isArray(patch)) throw wrongType(prefix, patch, 'map[string]interface {}');
  return { type, patch, duplicates };
}

const maxJsonPatchOperations = 10_000;

function checkJsonPatch(value: unknown, prefix: string): unknown[] {
  if (value === null) return [];
  if (!Array.isArray(value)) throw wrongType(prefix, value, '[]handlers.jsonPatchOp');
  for (const operation of value as unknown[]) {
    if (operation === null) continue;
    if (typeof operation !== 'object' || Array.isArray(operation)) throw wrongType(prefix, operation, 'handlers.jsonPatchOp');
    for (const field of ['op', 'path', 'from']) {
      const given = (operation as Record<string, unknown>)[field];
      if (given === undefined || given === null || typeof given === 'string') continue;
      throw badRequest(
        `${prefix}json: cannot unmarshal ${jsonTypeName(given)} into Go struct field jsonPatchOp.${field} of type string`,
      );
    }
  }
  if (value.length > maxJsonPatchOperations) {
    throw new ApiError(
      413,
      'RequestEntityTooLarge',
      `Request entity too large: The allowed maximum operations in a JSON patch is ${maxJsonPatchOperations}, got ${value.length}`,
    );
  }
  return value as unknown[];
}

async function decodeApplyPatch(body: Buffer, fieldValidation: FieldValidation, warn: (text: string) => void): Promise<unknown> {
  const text = body.toString();
  let value: unknown;
  let duplicates: readonly string[] = [];
  const json = tryJson(text);
  if (json && json.duplicates.length === 0) value = json.value;
  else {
    const { parseYaml, YamlSyntaxError } = await import('./yamlBody.ts');
    try {
      ({ value, duplicates } = parseYaml(text));
    } catch (error) {
      if (error instanceof YamlSyntaxError)
        throw badRequest(`error decoding YAML: error converting YAML to JSON: ${error.message}`);
      throw error;
    }
  }
  if (duplicates.length > 0 && fieldValidation === 'Strict') {
    const lines = duplicates.map((line) => `\n  ${line}`).join('');
    throw badRequest(`error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:${lines}`);
  }
  if (fieldValidation === 'Warn') duplicates.forEach(warn);
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw wrongType('error decoding YAML: error unmarshaling JSON: while decoding JSON: ', value, 'map[string]interface {}');
  }
  return value;
}

/** Most apply patches are JSON, which is also YAML. */
function tryJson(text: string): ParsedJson | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return undefined;
    throw error;
  }
}

/** Reads the DeleteOptions of a DELETE; undefined when there is no body. */
export async function decodeDeleteBody(body: Buffer, contentType: string | undefined): Promise<DeleteBody | undefined> {
  if (body.length === 0) return undefined;
  let value: unknown;
  switch (bodyMediaType(contentType)) {
    case '':
    case 'application/json':
      try {
        ({ value } = parseJson(body.toString()));
      } catch (error) {
        if (error instanceof JsonSyntaxError) throw badRequest(`couldn't get version/kind; json parse error: ${error.message}`);
        throw error;
      }
      break;
    case 'application/yaml': {
      const { parseYaml, YamlSyntaxError } = await import('./yamlBody.ts');
      try {
        ({ value } = parseYaml(body.toString()));
      } catch (error) {
        if (error instanceof YamlSyntaxError) throw badRequest(error.message);
        throw error;
      }
      break;
    }
    case protobufType: {
      const { decodeProtobuf, ProtobufError } = await import('#common/schema/protobuf.ts');
      try {
        ({ value } = decodeProtobuf(body));
      } catch (error) {
        if (error instanceof ProtobufError) throw badRequest(error.message);
        throw error;
      }
      break;
    }
    default:
      throw unknownBodyFormat(acceptedTypes);
  }
  const read = readTypeMeta(value, { group: '', version: 'v1', kind: 'DeleteOptions' });
  if ('problem' in read) throw badRequest(read.problem);
  // DELETE reads its body with a registry of its own, which knows no other kind; this one is at home in every group.
  if (read.gvk.kind !== 'DeleteOptions') throw badRequest(unregisteredKind(read.gvk));
  const { result } = decodeAs(deleteOptionsType(), value, { fieldValidation: 'Ignore' }, badRequest);
  return result as DeleteBody;
}
