/** The four patches: each makes the new object from the stored one, which then goes the way of every update. */
import { invalid } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { apiVersionOf, type GroupVersionKind, parseApiVersion } from '#common/api/groupVersion.ts';
import { applyJsonPatch } from '#common/api/jsonPatch.ts';
import { applyMergePatch } from '#common/api/mergePatch.ts';
import type { KubeObject, ObjectKey, UntypedObject } from '#common/api/meta.ts';
import { sortedJson } from '#common/api/sortedJson.ts';
import { applyStrategicMergePatch } from '#common/api/strategicMergePatch.ts';
import { mergeApplied } from './ownership.ts';
import { badRequest, invalidObject, notFound } from '#common/api/status.ts';
import { decodeObject, DecodeError } from '#common/schema/decode.ts';
import type { ObjectResult, ObjectSubresource, PatchBody, WriteOptions } from './registry.ts';
import type { ResourceDeps } from './resourceDeps.ts';
import { type Transform, updateObject } from './updateObject.ts';

export function patchObject(
  deps: ResourceDeps,
  key: ObjectKey,
  body: PatchBody,
  options: WriteOptions,
  subresource: ObjectSubresource | undefined,
): Promise<ObjectResult> {
  const rules = { subresource, createMissing: body.type === 'apply' && !subresource, fromPatch: true };
  // Decoding warns once per request, however often a lost race runs it again.
  const warned = new Set<string>();
  const once: WriteOptions = {
    ...options,
    warn: (text) => {
      if (warned.has(text)) return;
      warned.add(text);
      options.warn(text);
    },
  };
  const transform = body.type === 'apply' ? applied(deps, key, body, once, subresource) : patched(deps, key, body, once);
  return updateObject(deps, key, transform, rules, once);
}

function patched(
  deps: ResourceDeps,
  key: ObjectKey,
  body: PatchBody & { type: 'json' | 'merge' | 'strategic' },
  options: WriteOptions,
): Transform {
  return (current) => {
    if (!current) throw notFound(deps.groupResource, key.name);
    const { type, patch } = body;
    const document = current as UntypedObject;
    const value =
      type === 'json'
        ? applyJsonPatch(document, patch)
        : type === 'merge'
          ? applyMergePatch(document, patch)
          : applyStrategicMergePatch(document, patch, deps.type);
    return { object: decodePatched(deps, value, patch, type, body.duplicates, options) };
  };
}

/** What a patch made is decoded like a request's body; its problems are the patch's: 422, quoting what was made. */
function decodePatched(
  deps: ResourceDeps,
  value: unknown,
  patch: unknown,
  type: 'json' | 'merge' | 'strategic',
  duplicates: readonly string[] | undefined,
  options: WriteOptions,
): KubeObject {
  try {
    const { object, warnings } = decodeObject(deps.type, deps.kind, value, {
      fieldValidation: options.fieldValidation,
      ...(duplicates ? { duplicates } : {}),
    });
    for (const warning of warnings) options.warn(warning);
    return object;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const quoted =
      type === 'strategic' ? goMapText(patch) : deps.type.custom ? sortedJson(value) : JSON.stringify(inWireOrder(value));
    throw invalidObject('', '', '', [invalid(FieldPath.of('patch'), quoted, error.detail)]);
  }
}

/** Object fields in the order in which Kubernetes prints a patched object: top level by name, metadata as declared. */
function inWireOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const object = value as Record<string, unknown>;
  return Object.fromEntries(
    Object.keys(object)
      .sort()
      .map((field) => [field, field === 'metadata' ? metadataInOrder(object[field]) : object[field]]),
  );
}

const metadataOrder = [
  'name', 'generateName', 'namespace', 'selfLink', 'uid', 'resourceVersion', 'generation', 'creationTimestamp', 'deletionTimestamp',
  'deletionGracePeriodSeconds', 'labels', 'annotations', 'ownerReferences', 'finalizers', 'managedFields',
]; // prettier-ignore

function metadataInOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const rank = (field: string): number => (metadataOrder.indexOf(field) + metadataOrder.length + 1) % (metadataOrder.length + 1);
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => rank(a) - rank(b)));
}

/** A JSON value as Go prints a map: `map[a:1 b:[x y]]`. Messages about strategic merge patches quote it. */
function goMapText(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(goMapText).join(' ')}]`;
  if (typeof value !== 'object') return String(value as string | number | boolean);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${entries.map(([k, v]) => `${k}:${goMapText(v)}`).join(' ')}]`;
}

function applied(
  deps: ResourceDeps,
  key: ObjectKey,
  body: PatchBody & { type: 'apply' },
  options: WriteOptions,
  subresource: ObjectSubresource | undefined,
): Transform {
  const patch = applyConfiguration(deps.kind, key, body.patch);
  return (current) => {
    const { object } = mergeApplied(deps, current, patch, body.force, options, subresource);
    // Decoded for its canonical form, and to have a copy: the merged object shares parts with the stored one.
    return { object: decodeObject(deps.type, deps.kind, object, { fieldValidation: 'Ignore' }).object, managed: true };
  };
}

/** Checks that an apply is about the object at the address. Throws 400. */
export function applyConfiguration(gvk: GroupVersionKind, key: ObjectKey, patch: unknown): KubeObject {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) {
    throw badRequest('error decoding YAML: the apply configuration must be an object');
  }
  const configuration = patch as KubeObject;
  const { apiVersion = '', kind = '', metadata } = configuration;
  if (apiVersion !== apiVersionOf(gvk) || kind !== gvk.kind) {
    const { group, version } = parseApiVersion(String(apiVersion));
    throw badRequest(`invalid object type: ${group}/${version}, Kind=${kind}`);
  }
  if (metadata?.managedFields?.length) throw badRequest('metadata.managedFields must be nil');
  if (metadata?.name !== undefined && metadata.name !== key.name) {
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${key.name})`);
  }
  return configuration;
}
