/** The conditions in the status of a CustomResourceDefinition. Never changes what it is given. */
import { formatTime } from '#common/api/time.ts';
import type { CustomResourceDefinition, CustomResourceDefinitionCondition } from '#common/schema/generated/types.ts';

/** Keeps a deleted definition until its objects are gone. */
export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io';

/** A condition before anybody has said since when it holds. */
export type NewCondition = Omit<CustomResourceDefinitionCondition, 'lastTransitionTime'>;

export const deletionPending: NewCondition = {
  type: 'Terminating',
  status: 'True',
  reason: 'InstanceDeletionPending',
  message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
};

export const conditionOf = (definition: CustomResourceDefinition, type: string): CustomResourceDefinitionCondition | undefined =>
  definition.status?.conditions?.find((condition) => condition.type === type);

export const isEstablished = (definition: CustomResourceDefinition): boolean =>
  conditionOf(definition, 'Established')?.status === 'True';

/** Sets a condition in its place, or at the end; the same definition when it was set already. */
export function withCondition(
  definition: CustomResourceDefinition,
  condition: NewCondition,
  now: number,
): CustomResourceDefinition {
  const { status = { acceptedNames: { plural: '', kind: '' }, storedVersions: [] } } = definition;
  const conditions = status.conditions ?? [];
  const old = conditions.find(({ type }) => type === condition.type);
  if (old?.status === condition.status && old.reason === condition.reason && old.message === condition.message) return definition;
  const since = old?.status === condition.status ? old.lastTransitionTime : undefined;
  const next = { ...condition, lastTransitionTime: since ?? formatTime(now) } as CustomResourceDefinitionCondition;
  const changed = old ? conditions.map((one) => (one === old ? next : one)) : [...conditions, next];
  return { ...definition, status: { ...status, conditions: changed } };
}
