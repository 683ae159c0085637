/**
 * Server-side apply: merges an applier's whole configuration into an object, takes out what it no longer names, and
 * keeps account of who owns which field. What others own is changed only by force; otherwise the answer is a conflict.
 */
import type { ManagedFieldsEntry } from '../meta.ts';
import { getOwn, isJsonObject, type JsonObject } from '../ownProperty.ts';
import { parseApiVersion } from '../groupVersion.ts';
import { ApiError, badRequest } from '../status.ts';
import type { StructType } from '../schemaType.ts';
import { unstructuredProblem } from '../unstructuredProblem.ts';
import { type ManagerConflict, applyConflict } from './applyConflict.ts';
import { type Comparison, compareTyped, emptyObjectOf } from './compare.ts';
import { type FieldSet, difference, emptySet, intersection, isEmptySet, withoutTree } from './fieldSet.ts';
import { fieldsOfLastApplied, withLastApplied } from './lastApplied.ts';
import {
  type KindVersions,
  type ManagerState,
  readManagedFields,
  sameManager,
  unownedFields,
  writeManagedFields,
} from './managedFields.ts';
import { mergeTyped } from './mergeTyped.ts';
import { prune } from './prune.ts';
import { fieldSetOf } from './typedFields.ts';
import { comparisonIn, filtered, managedFieldsOf, managersAfterUpdate, withoutChanges } from './updateManagedFields.ts';
import { typedProblem } from './validateTyped.ts';

export interface ApplyRequest {
  readonly type: StructType;
  /** What is stored, in the request's version; undefined when the object is being created. */
  readonly live: object | undefined;
  /** The configuration as it was sent. */
  readonly patch: object;
  readonly manager: string;
  readonly force: boolean;
  /** The version of the endpoint, and so of `live` and `patch`. */
  readonly apiVersion: string;
  readonly subresource?: string;
  /** The cluster's time, in RFC 3339. */
  readonly now: string;
  /** Fields that this endpoint does not write, whatever the configuration says. */
  readonly resetFields?: FieldSet;
  /** The kind's other versions; without it, all versions are taken to have the same fields. */
  readonly versions?: KindVersions;
}

export interface ApplyResult {
  /**
   * The merged object with its managedFields, before defaults. Nulls in it stand for absent fields, as in any request.
   * `live` itself when nothing changed at all.
   */
  readonly object: JsonObject;
  /** Empty when nobody manages the object. */
  readonly managedFields: ManagedFieldsEntry[];
}

const beforeFirstApply = 'before-first-apply';

/** Throws ApiErrors: 400 and 500 for a configuration that cannot be used, 409 for conflicts. */
export function applyPatch(request: ApplyRequest): ApplyResult {
  const { type, manager, apiVersion, subresource = '', versions } = request;
  const live = request.live as JsonObject | undefined;
  checkPatch(request);
  const patch = withoutSystemNulls(request.patch as JsonObject);
  const before = managedFieldsOf(live);
  const states = managersBeforeApply(request, before);
  const mine: ManagerState = {
    manager,
    operation: 'Apply',
    apiVersion,
    subresource,
    time: undefined,
    // Without `unownedFields` taken out yet: naming its metadata keeps an object from losing it.
    set: appliedSet(request, patch),
  };
  const last = states.find((state) => sameManager(state, mine));
  const others = states.filter((state) => state !== last);

  const merged = live ? (mergeTyped(type, live, patch) as JsonObject) : patch;
  const updated = prune({ type, apiVersion, merged, last, states: [...others, mine], versions });
  const base = live ?? emptyObjectOf(type);
  const comparison = updated === live ? unchanged : filtered(compareTyped(type, base, updated), request.resetFields);
  const versioned = { ...request, updated };
  if (!request.force) refuseConflicts(others, comparison, versioned);
  checkValues(type, patch);

  const time = updated === live ? last?.time : request.now;
  const owned = { ...mine, time, set: difference(mine.set, unownedFields) };
  const after = [...withoutChanges(others, comparison, versioned), sharing(owned, last)];
  const managedFields = writeManagedFields(after, before);
  const object = withLastApplied(manager, updated, patch);
  if (object === live && (managedFields === before || (managedFields.length === 0 && !before))) return { object, managedFields };
  return { object: withManagedFields(object, managedFields), managedFields };
}

const unchanged: Comparison = { changed: emptySet, removed: emptySet };

/** Keeps the stored entry when an applier claims at the same time just what it claimed before. */
function sharing(state: ManagerState, last: ManagerState | undefined): ManagerState {
  if (!last || state.time !== last.time || state.apiVersion !== last.apiVersion) return state;
  const same = isEmptySet(difference(state.set, last.set)) && isEmptySet(difference(last.set, state.set));
  return same ? last : state;
}

function withManagedFields(object: JsonObject, managedFields: ManagedFieldsEntry[]): JsonObject {
  const given = object['metadata'];
  const { managedFields: _old, ...metadata } = isJsonObject(given) ? given : {};
  return { ...object, metadata: managedFields.length > 0 ? { ...metadata, managedFields } : metadata };
}

/** `/v1, Kind=ConfigMap`, as the messages name a kind. */
function kindText(patch: JsonObject): string {
  const { group, version } = parseApiVersion(String(patch['apiVersion'] ?? ''));
  return `${group}/${version}, Kind=${String(patch['kind'] ?? '')}`;
}

/** `namespace/name; /v1, Kind=ConfigMap`, as the messages name the applied object. */
export function appliedObjectText(patch: JsonObject): string {
  const metadata = isJsonObject(patch['metadata']) ? patch['metadata'] : {};
  return `${String(getOwn(metadata, 'namespace') ?? '')}/${String(getOwn(metadata, 'name') ?? '')}; ${kindText(patch)}`;
}

function checkPatch({ patch: given, apiVersion, type }: ApplyRequest): void {
  const patch = given as JsonObject;
  if (managedFieldsOf(patch) !== undefined) throw badRequest('metadata.managedFields must be nil');
  if (patch['apiVersion'] !== apiVersion) {
    throw badRequest(
      `Incorrect version specified in apply patch. Specified patch version: ${String(patch['apiVersion'])}, expected: ${apiVersion}`,
    );
  }
  const problem = typedProblem(type, patch);
  if (problem === undefined) return;
  throw new ApiError(500, '', `failed to create typed patch object (${appliedObjectText(patch)}): ${problem}`);
}

/** What the schema's types do not tell: a whole number that is none, a text that is no time or quantity. */
function checkValues(type: StructType, patch: JsonObject): void {
  const problem = type.custom ? undefined : unstructuredProblem(type, patch);
  if (problem === undefined) return;
  const what = `failed to convert new object (${appliedObjectText(patch)}) to proper version`;
  throw new ApiError(500, '', `${what}: unable to convert unstructured object to ${kindText(patch)}: ${problem}`);
}

/** Clients that print whole objects send `creationTimestamp: null` and the like; it says nothing. */
function withoutSystemNulls(patch: JsonObject): JsonObject {
  const metadata = patch['metadata'];
  if (!isJsonObject(metadata)) return patch;
  const kept = Object.entries(metadata).filter(
    ([key, value]) => value !== null || unownedFields['f:metadata']?.[`f:${key}`] === undefined,
  );
  return kept.length === Object.keys(metadata).length ? patch : { ...patch, metadata: Object.fromEntries(kept) };
}

function appliedSet({ type, resetFields }: ApplyRequest, patch: JsonObject): FieldSet {
  const set = fieldSetOf(type, patch);
  return resetFields ? withoutTree(set, resetFields) : set;
}

/** An object that nobody manages yet belongs to a manager of that name, so that applying to it can conflict. */
function managersBeforeApply(request: ApplyRequest, before: ManagedFieldsEntry[] | undefined): readonly ManagerState[] {
  const states = readManagedFields(before);
  if (states.length > 0 || !request.live) return states;
  const { subresource: _subresource, ...rest } = request;
  return managersAfterUpdate([], { ...rest, live: undefined, updated: request.live, manager: beforeFirstApply });
}

function refuseConflicts(
  others: readonly ManagerState[],
  comparison: Comparison,
  request: ApplyRequest & { updated: object },
): void {
  const conflicts: ManagerConflict[] = [];
  for (const state of others) {
    const change = comparisonIn(state.apiVersion, comparison, request);
    const set = change ? intersection(state.set, change.changed) : emptySet;
    if (!isEmptySet(set)) conflicts.push({ state, set });
  }
  if (conflicts.length === 0) return;
  const allowed = request.live ? fieldsOfLastApplied(request.manager, request.type, request.live as JsonObject) : emptySet;
  const error = applyConflict(conflicts.map(({ state, set }) => ({ state, set: difference(set, allowed) })));
  if (error) throw error;
}
