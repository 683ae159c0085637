/**
 * Who owns what after a plain write (POST, PUT, and every patch but apply): the writer gets what it changed, and others
 * lose it. Called for every write, so it costs what the change costs: shared parts of the objects are not looked at.
 */
import type { ManagedFieldsEntry } from '../meta.ts';
import { isJsonObject, type JsonObject } from '../ownProperty.ts';
import type { StructType } from '../schemaType.ts';
import { type Comparison, compareTyped, emptyObjectOf } from './compare.ts';
import { type FieldSet, difference, isEmptySet, withoutTree } from './fieldSet.ts';
import {
  type KindVersions,
  type ManagerIdentity,
  type ManagerState,
  capUpdaters,
  claim,
  readForeignManagedFields,
  readManagedFields,
  sameManager,
  unownedFields,
  withSet,
  writeManagedFields,
} from './managedFields.ts';

export interface UpdateRequest {
  /** The structure of `live` and `updated`, which are of `apiVersion`. */
  readonly type: StructType;
  /** What is stored; undefined when the object is being created. */
  readonly live: object | undefined;
  /** The object as the client wants it, with defaults, before admission changes it. */
  readonly updated: object;
  readonly manager: string;
  readonly apiVersion: string;
  /** `status`, `scale` …; absent or empty for the object itself. */
  readonly subresource?: string;
  /** The cluster's time, in RFC 3339. */
  readonly now: string;
  /** Fields that this endpoint does not write, whatever the request says: `f:status` of the object itself. */
  readonly resetFields?: FieldSet;
  /** The kind's other versions; without it, all versions are taken to have the same fields. */
  readonly versions?: KindVersions;
}

type Metadata = { managedFields?: ManagedFieldsEntry[] | null };

export const managedFieldsOf = (object: object | undefined): ManagedFieldsEntry[] | undefined => {
  const metadata = (object as JsonObject | undefined)?.['metadata'];
  return isJsonObject(metadata) ? ((metadata as Metadata).managedFields ?? undefined) : undefined;
};

/** A client empties the list by sending none of it, or a single empty entry. */
const isReset = (entries: readonly ManagedFieldsEntry[] | undefined): boolean => {
  if (!entries || entries.length > 1) return false;
  const [only] = entries;
  return only === undefined || (isJsonObject(only) && Object.keys(only).length === 0);
};

/** The `metadata.managedFields` that `updated` gets: an empty list for none, `live`'s own list when nothing changed. */
export function updateManagedFields(request: UpdateRequest): ManagedFieldsEntry[] {
  const { live, updated } = request;
  const before = managedFieldsOf(live);
  const states = currentManagers(before, managedFieldsOf(updated), request.subresource);
  // An object that is managed by nobody stays so until somebody applies to it.
  if (states.length === 0 && live) return [];
  return writeManagedFields(managersAfterUpdate(states, request), before);
}

/** The managers that the write starts from: the client may have edited them, but not through a subresource. */
function currentManagers(
  before: ManagedFieldsEntry[] | undefined,
  sent: ManagedFieldsEntry[] | undefined,
  subresource: string | undefined,
): ManagerState[] {
  if (sent === before || subresource) return readManagedFields(before);
  if (isReset(sent)) return [];
  const states = sent ? readForeignManagedFields(sent) : undefined;
  return states?.length ? states : readManagedFields(before);
}

/** The managers after a plain write. */
export function managersAfterUpdate(states: readonly ManagerState[], request: UpdateRequest): readonly ManagerState[] {
  const { type, live, updated, manager, apiVersion, subresource = '', now } = request;
  const comparison = filtered(compareTyped(type, live ?? emptyObjectOf(type), updated), request.resetFields);
  const writer = {
    manager,
    operation: 'Update',
    apiVersion,
    subresource,
    set: difference(comparison.changed, unownedFields),
  } as const;
  const left = withoutChanges(states, comparison, request, writer);
  return isEmptySet(writer.set) ? left : capUpdaters(claim(left, writer, now));
}

export const filtered = (comparison: Comparison, resetFields: FieldSet | undefined): Comparison =>
  resetFields
    ? { changed: withoutTree(comparison.changed, resetFields), removed: withoutTree(comparison.removed, resetFields) }
    : comparison;

type Versioned = Pick<UpdateRequest, 'live' | 'updated' | 'apiVersion' | 'resetFields' | 'versions'>;

/** Takes from every manager what the write changed or removed; `writer`, who gets it all anyway, loses only the latter. */
export function withoutChanges(
  states: readonly ManagerState[],
  comparison: Comparison,
  request: Versioned,
  writer?: ManagerIdentity,
): ManagerState[] {
  const result: ManagerState[] = [];
  for (const state of states) {
    const change = comparisonIn(state.apiVersion, comparison, request);
    if (!change) continue;
    const kept = writer && sameManager(state, writer) ? state.set : difference(state.set, change.changed);
    result.push(withSet(state, difference(kept, change.removed)));
  }
  return result;
}

/** The change as a manager of another version sees it; undefined when that version is gone. */
export function comparisonIn(apiVersion: string, comparison: Comparison, request: Versioned): Comparison | undefined {
  if (apiVersion === request.apiVersion || !request.versions) return comparison;
  const version = request.versions(apiVersion);
  if (!version) return undefined;
  const live = request.live ? version.toVersion(request.live as JsonObject) : emptyObjectOf(version.type);
  const updated = version.toVersion(request.updated as JsonObject);
  return filtered(compareTyped(version.type, live, updated), request.resetFields);
}
