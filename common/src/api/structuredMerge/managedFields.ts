/**
 * The list of managers in an object's metadata: read into states, changed, and written back in Kubernetes' order.
 * Entries of managers whose share did not change are kept as they are.
 */
import type { ManagedFieldsEntry } from '../meta.ts';
import { isJsonObject, type JsonObject } from '../ownProperty.ts';
import type { StructType } from '../schemaType.ts';
import { type FieldSet, fieldSetOfPaths, isEmptySet, leaf, nodeOf, union } from './fieldSet.ts';

export type Operation = 'Apply' | 'Update';

/** Who it is that owns something. */
export interface ManagerIdentity {
  readonly manager: string;
  readonly operation: Operation;
  readonly apiVersion: string;
  readonly subresource: string;
}

export interface ManagerState extends ManagerIdentity {
  readonly time: string | undefined;
  readonly set: FieldSet;
  /** The entry that says just this, if it came from one. */
  readonly entry?: ManagedFieldsEntry;
}

/**
 * Another version of the same kind, for managers that speak it. Undefined for a version that is no longer served:
 * its managers are forgotten.
 */
export interface KindVersion {
  readonly type: StructType;
  toVersion(object: JsonObject): JsonObject;
  fromVersion(object: JsonObject): JsonObject;
}
export type KindVersions = (apiVersion: string) => KindVersion | undefined;

/** What nobody owns: the object's identity and what the server keeps for itself. */
export const unownedFields: FieldSet = fieldSetOfPaths(
  ['apiVersion'],
  ['kind'],
  ['metadata'],
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'selfLink',
    'uid',
    'clusterName',
    'generation',
    'managedFields',
    'resourceVersion',
  ].map((name) => ['metadata', name]),
);

const mostUpdaters = 10;
const bucketName = 'ancient-changes';

const elementShape = /^[fkvi]:/;

/** A client's FieldsV1 in the form that sets have; undefined when it is malformed. Elements of unknown kinds are left out. */
function cleanSet(value: unknown, depth = 0): FieldSet | undefined {
  if (!isJsonObject(value) || depth > 1000) return undefined;
  const children: Record<string, FieldSet> = {};
  for (const key of Object.keys(value)) {
    if (!elementShape.test(key)) continue;
    const child = cleanSet(value[key], depth + 1);
    if (!child) return undefined;
    children[key] = child;
  }
  return nodeOf(children, Object.hasOwn(value, '.')) ?? leaf;
}

const stateOf = (entry: ManagedFieldsEntry, set: FieldSet): ManagerState => ({
  manager: entry.manager ?? '',
  operation: entry.operation ?? 'Update',
  apiVersion: entry.apiVersion ?? '',
  subresource: entry.subresource ?? '',
  time: entry.time,
  set,
  entry,
});

/** Entries that this server wrote. */
export const readManagedFields = (entries: readonly ManagedFieldsEntry[] | undefined | null): ManagerState[] =>
  (entries ?? []).map((entry) => stateOf(entry, (entry.fieldsV1 ?? leaf) as FieldSet));

/** Entries that a client sent; undefined when one of them is malformed. A later entry of the same manager wins. */
export function readForeignManagedFields(entries: readonly ManagedFieldsEntry[]): ManagerState[] | undefined {
  const states = new Map<string, ManagerState>();
  for (const entry of entries) {
    if (!isJsonObject(entry)) return undefined;
    const { operation, fieldsType, fieldsV1 } = entry as ManagedFieldsEntry;
    const set = fieldsV1 == null ? leaf : cleanSet(fieldsV1);
    if ((operation !== 'Apply' && operation !== 'Update') || fieldsType !== 'FieldsV1' || !set) return undefined;
    if (typeof (entry.apiVersion ?? '') !== 'string' || typeof (entry.manager ?? '') !== 'string') return undefined;
    const state = stateOf(entry, set);
    states.set(identityOf(state), state);
  }
  return [...states.values()];
}

/** An applier is the same whatever version it speaks; an updater is not. */
const identityOf = ({ manager, operation, apiVersion, subresource }: ManagerIdentity): string =>
  JSON.stringify([manager, operation, operation === 'Apply' ? '' : apiVersion, subresource]);

export const sameManager = (a: ManagerIdentity, b: ManagerIdentity): boolean =>
  a.manager === b.manager &&
  a.operation === b.operation &&
  a.subresource === b.subresource &&
  (a.operation === 'Apply' || a.apiVersion === b.apiVersion);

/** The state with another set; the same state when the set is the same. */
export function withSet(state: ManagerState, set: FieldSet): ManagerState {
  if (set === state.set) return state;
  const { entry: _entry, ...rest } = state;
  return { ...rest, set };
}

/** Adds to a manager's share, or makes a new manager, at `time`. */
export function claim(states: readonly ManagerState[], who: Omit<ManagerState, 'time' | 'entry'>, time: string): ManagerState[] {
  const fresh: ManagerState = { ...who, time };
  const known = states.find((state) => sameManager(state, fresh));
  if (!known) return [...states, fresh];
  const grown = union(known.set, who.set);
  const next = grown === known.set && known.time === time ? known : { ...fresh, set: grown };
  return states.map((state) => (state === known ? next : state));
}

const byAge = (a: ManagerState, b: ManagerState): number =>
  compareTexts(a.time ?? '', b.time ?? '') || compareTexts(identityOf(a), identityOf(b));

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Beyond ten updaters, the oldest of a version are merged into one. */
export function capUpdaters(states: readonly ManagerState[]): readonly ManagerState[] {
  const updaters = states.filter(({ operation }) => operation === 'Update');
  if (updaters.length <= mostUpdaters) return states;
  const kept = new Set(states);
  const oldest = new Map<string, ManagerState>();
  let count = updaters.length;
  for (const updater of updaters.sort(byAge)) {
    if (count <= mostUpdaters) break;
    const bucket = oldest.get(updater.apiVersion);
    if (bucket) {
      kept.delete(bucket);
      kept.delete(updater);
      const { apiVersion, time } = updater;
      const merged = { manager: bucketName, operation: 'Update', apiVersion, subresource: '', time } as const;
      const next = { ...merged, set: union(updater.set, bucket.set) };
      kept.add(next);
      oldest.set(apiVersion, next);
      count--;
    } else oldest.set(updater.apiVersion, updater);
  }
  return [...kept];
}

const byOrder = (a: ManagerState, b: ManagerState): number =>
  compareTexts(a.operation, b.operation) ||
  compareTexts(a.time ?? '', b.time ?? '') ||
  compareTexts(a.manager, b.manager) ||
  compareTexts(a.apiVersion, b.apiVersion) ||
  compareTexts(a.subresource, b.subresource);

/** The entries for the object's metadata; when they are just the entries of `before`, `before` itself. */
export function writeManagedFields(
  states: readonly ManagerState[],
  before: readonly ManagedFieldsEntry[] | undefined,
): ManagedFieldsEntry[] {
  const entries = states
    .filter(({ set }) => !isEmptySet(set))
    .sort(byOrder)
    .map(entryOf);
  if (entries.length === before?.length && entries.every((entry, i) => entry === before[i]))
    return before as ManagedFieldsEntry[];
  return entries;
}

const entryOf = ({ entry, manager, operation, apiVersion, subresource, time, set }: ManagerState): ManagedFieldsEntry =>
  entry ?? {
    ...(manager ? { manager } : {}),
    operation,
    apiVersion,
    ...(time === undefined ? {} : { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: set,
    ...(subresource ? { subresource } : {}),
  };
