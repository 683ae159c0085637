/**
 * Takes out of a merged object what an applier used to own, no longer names, and nobody else owns. Content that an
 * applier never owned goes only together with the field or element that held it.
 */
import type { JsonObject } from '../ownProperty.ts';
import type { StructType } from '../schemaType.ts';
import { type FieldSet, difference, emptySet, intersection, isEmptySet, union, withFieldsOnTheWay } from './fieldSet.ts';
import type { KindVersions, ManagerState } from './managedFields.ts';
import { removeFields } from './mergeTyped.ts';
import { fieldSetOf } from './typedFields.ts';

export interface PruneRequest {
  readonly type: StructType;
  readonly apiVersion: string;
  readonly merged: JsonObject;
  /** What the applier owned before, and in which version. */
  readonly last: ManagerState | undefined;
  /** Every manager's share, the applier's new one included. */
  readonly states: readonly ManagerState[];
  readonly versions: KindVersions | undefined;
}

export function prune(request: PruneRequest): JsonObject {
  const { last, states, merged } = request;
  if (!last || isEmptySet(last.set)) return merged;
  const lastFields = withFieldsOnTheWay(last.set);
  const owned = ownedByVersion(states);
  const stillOwned = withFieldsOnTheWay(owned.get(last.apiVersion) ?? emptySet);
  if (isEmptySet(difference(lastFields, stillOwned))) return merged;
  const lastVersion = new VersionView(request, last.apiVersion);
  const whole = lastVersion.of(merged);
  let pruned = lastVersion.back(remove(lastVersion.type, whole, lastFields));
  for (const [apiVersion, set] of owned) {
    const view = new VersionView(request, apiVersion);
    pruned = view.back(addBackOwned(view.type, view.of(merged), view.of(pruned), set));
  }
  return lastVersion.back(addBackUnowned(lastVersion.type, whole, lastVersion.of(pruned), lastFields));
}

const remove = (type: StructType, object: JsonObject, set: FieldSet): JsonObject => removeFields(type, object, set) as JsonObject;

const fieldsOf = (type: StructType, object: JsonObject): FieldSet => withFieldsOnTheWay(fieldSetOf(type, object));

/** What was taken out although a manager owns it comes back. */
function addBackOwned(type: StructType, merged: JsonObject, pruned: JsonObject, owned: FieldSet): JsonObject {
  const kept = union(fieldsOf(type, pruned), withFieldsOnTheWay(owned));
  return remove(type, merged, difference(fieldsOf(type, merged), kept));
}

/** What was taken out although the applier never owned it comes back. */
function addBackUnowned(type: StructType, merged: JsonObject, pruned: JsonObject, last: FieldSet): JsonObject {
  const gone = difference(fieldsOf(type, merged), fieldsOf(type, pruned));
  return remove(type, merged, intersection(gone, last));
}

function ownedByVersion(states: readonly ManagerState[]): Map<string, FieldSet> {
  const owned = new Map<string, FieldSet>();
  for (const { apiVersion, set } of states) owned.set(apiVersion, union(owned.get(apiVersion) ?? emptySet, set));
  return owned;
}

/** The object as one version of the kind has it. Versions that cannot be converted to are taken as they are. */
class VersionView {
  readonly type: StructType;
  readonly of: (object: JsonObject) => JsonObject;
  readonly back: (object: JsonObject) => JsonObject;

  constructor({ type, apiVersion, versions }: PruneRequest, wanted: string) {
    const version = wanted === apiVersion ? undefined : versions?.(wanted);
    this.type = version?.type ?? type;
    this.of = version ? (object) => version.toVersion(object) : (object) => object;
    this.back = version ? (object) => version.fromVersion(object) : (object) => object;
  }
}
