/**
 * A scale is a view of another object's replica count. Who owns that count is kept in the object itself; these two
 * functions show it as the managers of a Scale, and bring a Scale's managers back.
 */
import type { ManagedFieldsEntry } from '../meta.ts';
import { type FieldSet, difference, fieldSetOfPaths, intersection, isEmptySet, union } from './fieldSet.ts';
import { type ManagerState, readManagedFields, sameManager, withSet, writeManagedFields } from './managedFields.ts';

const scaleVersion = 'autoscaling/v1';
const scaleSubresource = 'scale';
const scaleReplicas = fieldSetOfPaths(['spec', 'replicas']);

export interface ScaledKind {
  /** The version of the object's endpoint. */
  readonly apiVersion: string;
  /** Where the object has its count, `['spec', 'replicas']`. */
  readonly replicasPath: readonly string[];
}

const without = (state: ManagerState): Omit<ManagerState, 'entry'> => {
  const { entry: _entry, ...rest } = state;
  return rest;
};

/** The managers of the object's replica count as managers of its Scale. */
export function managedFieldsOfScale(
  entries: readonly ManagedFieldsEntry[] | undefined,
  { replicasPath }: ScaledKind,
): ManagedFieldsEntry[] {
  const replicas = fieldSetOfPaths(replicasPath);
  const owners = readManagedFields(entries).filter(({ set }) => owns(set, replicas));
  return writeManagedFields(
    owners.map((state) => ({ ...without(state), apiVersion: scaleVersion, set: scaleReplicas })),
    undefined,
  );
}

const owns = (set: FieldSet, path: FieldSet): boolean => !isEmptySet(intersection(set, path));

/** The object's managers after its Scale got the managers `scaleEntries`. */
export function managedFieldsAfterScale(
  entries: readonly ManagedFieldsEntry[] | undefined,
  scaleEntries: readonly ManagedFieldsEntry[] | undefined,
  { apiVersion, replicasPath }: ScaledKind,
): ManagedFieldsEntry[] {
  const replicas = fieldSetOfPaths(replicasPath);
  const scaleOwners = readManagedFields(scaleEntries).filter(({ set }) => owns(set, scaleReplicas));
  const states = readManagedFields(entries).map((state) => {
    const stillOwns = scaleOwners.some((owner) => sameManager({ ...owner, apiVersion: state.apiVersion }, state));
    return stillOwns ? state : withSet(state, difference(state.set, replicas));
  });
  for (const owner of scaleOwners) {
    const known = states.findIndex((state) => sameManager({ ...owner, apiVersion: state.apiVersion }, state));
    if (known < 0) {
      const subresource = owner.subresource || scaleSubresource;
      states.push({ ...without(owner), apiVersion, subresource, set: replicas });
    } else states[known] = withSet(states[known] as ManagerState, union((states[known] as ManagerState).set, replicas));
  }
  return writeManagedFields(states, entries);
}
