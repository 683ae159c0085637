/**
 * What an apply configuration that an expression made does to an object: it is merged as server-side apply merges, without
 * anybody owning anything. Atomic parts may not be in it, for they would take away what it does not name.
 */
import type { GroupVersionKind } from '#common/api/groupVersion.ts';
import { apiVersionOf } from '#common/api/groupVersion.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { isJsonObject, type JsonObject, setOwn } from '#common/api/ownProperty.ts';
import type { SchemaType, StructType } from '#common/api/schemaType.ts';
import { mergeTyped } from '#common/api/structuredMerge/mergeTyped.ts';
import { typedProblem } from '#common/api/structuredMerge/validateTyped.ts';
import { unstructuredProblem } from '#common/api/unstructuredProblem.ts';
import { jsonOfValue } from '#common/cel/jsonValues.ts';
import { CelMap, CelObject, type CelValue, fieldsOf, isList, typeName, valueText } from '#common/cel/values.ts';
import { appliedType } from '#common/kinds/admission/policyTypes.ts';
import { PolicyFailure } from './policyFailure.ts';

/** The object with the configuration merged into it. `type` is undefined where Kubernetes has no schema. Throws PolicyFailure. */
export function applyConfiguration(
  object: KubeObject,
  configuration: CelValue,
  gvk: GroupVersionKind,
  type: StructType | undefined,
): unknown {
  if (!(configuration instanceof CelObject) || configuration.type.name !== appliedType.name) {
    throw new PolicyFailure(`unsupported return type from ApplyConfiguration expression: ${typeName(configuration)}`);
  }
  checkTypeNames(configuration, appliedType.name);
  const patch = { ...(configurationJson(configuration) as JsonObject), apiVersion: apiVersionOf(gvk), kind: gvk.kind };
  const refuse = (why: string): never => {
    throw new PolicyFailure(`error applying patch: ${why}`);
  };
  if (!type) {
    const what = `${gvk.group ? `${gvk.group}/` : '/'}${gvk.version}, Kind=${gvk.kind}`;
    return refuse(`failed to convert patch object to typed object: no corresponding type for ${what}`);
  }
  const problem = nullProblem(type, patch, '') ?? typedProblem(type, patch);
  if (problem !== undefined) refuse(`failed to convert patch object to typed object: ${problem}`);
  const atomic = [...atomicParts(type, patch, '')];
  if (atomic.length > 0) {
    refuse(`invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: ${atomic.join(', ')}`);
  }
  const merged = mergeTyped(type, object, patch);
  const unfit = type.custom ? undefined : unstructuredProblem(type, merged as JsonObject);
  if (unfit !== undefined) {
    throw new PolicyFailure(`unable to convert unstructured object to ${gvk.group}/${gvk.version}, Kind=${gvk.kind}: ${unfit}`);
  }
  return merged;
}

/** Objects must be of the type that their place has; maps and lists count as the place that they are in. */
function checkTypeNames(value: CelValue, expected: string): void {
  if (value instanceof CelObject) {
    const { name } = value.type;
    if (name !== expected) {
      throw new PolicyFailure(
        `type mismatch: unexpected type name ${JSON.stringify(name)}, expected ${JSON.stringify(expected)}, which matches field name path from root Object type`,
      );
    }
    for (const field of value.names()) checkTypeNames(value.get(field) ?? null, `${expected}.${field}`);
  } else if (value instanceof CelMap) {
    for (const [, inner] of value.entries()) checkTypeNames(inner, expected);
  } else if (isList(value)) {
    for (const item of value) checkTypeNames(item, expected);
  }
}

/** A map is an object in the place of one, but none as the item of a list. */
function configurationJson(value: CelValue): unknown {
  if (isList(value)) return value.map((item) => (item instanceof CelMap ? valueText(item) : configurationJson(item)));
  const fields = value instanceof CelObject || value instanceof CelMap ? fieldsOf(value) : undefined;
  if (!fields) return jsonOfValue(value);
  const json: JsonObject = {};
  for (const [key, inner] of fields.entries()) setOwn(json, valueText(key), configurationJson(inner));
  return json;
}

const numeric = new Set(['int32', 'int64', 'float', 'double']);

/** Elsewhere null stands for an absent field; what an expression makes has to be a value. The first of them, by its path. */
function nullProblem(type: SchemaType | undefined, value: unknown, path: string): string | undefined {
  if (!type) return undefined;
  if (value === null) {
    if (type.kind === 'struct' || type.kind === 'map') return `${path}: expected map, got &{NULL_VALUE}`;
    if (type.kind === 'list') return `${path}: expected list, got &{NULL_VALUE}`;
    if (type.kind === 'boolean') return `${path}: expected boolean, got &{NULL_VALUE}`;
    if (numeric.has(type.kind)) return `${path}: expected numeric (int or float), got structpb.NullValue`;
    return type.kind === 'string' ? `${path}: expected string, got &value.valueUnstructured{Value:0}` : undefined;
  }
  if (!isJsonObject(value) || (type.kind !== 'struct' && type.kind !== 'map')) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const field = type.kind === 'map' ? type.value : type.fields.get(key)?.type;
    const problem = nullProblem(field, inner, `${path}.${key}`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function* atomicParts(type: SchemaType | undefined, value: unknown, path: string): Iterable<string> {
  if (!type || value === null || value === undefined) return;
  if (type.kind === 'list') {
    if (type.listType === 'atomic') yield path;
    if (Array.isArray(value)) for (const [i, item] of value.entries()) yield* atomicParts(type.item, item, `${path}[${i}]`);
  } else if (type.kind === 'struct' || type.kind === 'map') {
    if (type.mapType === 'atomic') yield path;
    if (!isJsonObject(value)) return;
    for (const [key, inner] of Object.entries(value)) {
      yield* atomicParts(type.kind === 'map' ? type.value : type.fields.get(key)?.type, inner, `${path}.${key}`);
    }
  }
}
