/**
 * Keeps the status of CustomResourceDefinitions: accepts their names, establishes them, and when one is deleted, deletes its
 * objects before letting it go.
 */
import type { KubeObject, ObjectKey } from '#common/api/meta.ts';
import { deepEqual } from '#common/base/freeze.ts';
import {
  cleanupFinalizer,
  conditionOf,
  isEstablished,
  type NewCondition,
  withCondition,
} from '#common/kinds/custom/definitionConditions.ts';
import { CustomResourceDefinition } from '#common/kinds/customResourceDefinition.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache, InformerEvent } from '../../client/client.ts';
import { type Controller, defineController, defineWatch, done, type ReconcileContext } from '../../controller/controller.ts';
import type { Registry, Resource } from '../registry/registry.ts';
import { acceptNames } from './acceptNames.ts';
import { approvalCondition } from './approval.ts';

type Definition = api.CustomResourceDefinition;

const apiServerUser = { name: 'system:apiserver', groups: ['system:masters'] };

export const definitionController = (registry: Registry): Controller =>
  defineController<Definition>({
    name: 'customresourcedefinition-controller',
    for: CustomResourceDefinition,
    watches: [defineWatch<Definition>({ kind: CustomResourceDefinition, keysFor: waitingForNames })],
    keysForAny: definitionOfDeleted,
    async reconcile(ctx, key) {
      const definition = ctx.cache.get(CustomResourceDefinition, key);
      if (!definition) return done;
      if (definition.metadata.deletionTimestamp === undefined) await writeStatus(ctx, definition, planStatus(ctx, definition));
      else if (definition.metadata.finalizers?.includes(cleanupFinalizer)) await cleanUp(ctx, registry, definition);
      return done;
    },
  });

/** Names that one definition gives up may be what others of its group wait for. */
function waitingForNames(event: InformerEvent<Definition>, cache: Cache): ObjectKey[] {
  const { object } = event;
  if (event.type !== 'deleted' && !(event.type === 'updated' && event.old.status?.acceptedNames !== object.status?.acceptedNames)) {
    return [];
  }
  return cache
    .list(CustomResourceDefinition)
    .filter((other) => other.spec.group === object.spec.group && conditionOf(other, 'NamesAccepted')?.status === 'False')
    .map(({ metadata }) => ({ namespace: '', name: metadata.name ?? '' }));
}

/** The definition that is being deleted and waits for the object that has gone. */
function definitionOfDeleted(event: InformerEvent<KubeObject>, kind: { group: string; plural: string }, cache: Cache): ObjectKey[] {
  if (event.type !== 'deleted') return [];
  const key = { namespace: '', name: `${kind.plural}.${kind.group}` };
  return cache.get(CustomResourceDefinition, key)?.metadata.deletionTimestamp === undefined ? [] : [key];
}

function planStatus({ cache, clock }: ReconcileContext, definition: Definition): Definition {
  const now = clock.now();
  const name = definition.metadata.name;
  const others = cache
    .list(CustomResourceDefinition)
    .filter((other) => other.spec.group === definition.spec.group && other.metadata.name !== name);
  const { acceptedNames, condition } = acceptNames(definition, others);
  let next = withCondition(definition, condition, now);
  if (!isEstablished(next)) next = withCondition(next, establishment(condition), now);
  const approval = approvalCondition(definition);
  if (approval) next = withCondition(next, approval, now);
  const { status } = next;
  if (!status || deepEqual(status.acceptedNames, acceptedNames)) return next;
  return { ...next, status: { ...status, acceptedNames } };
}

const establishment = (names: NewCondition): NewCondition =>
  names.status === 'True'
    ? {
        type: 'Established',
        status: 'True',
        reason: 'InitialNamesAccepted',
        message: 'the initial names have been accepted',
      }
    : { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' };

async function writeStatus({ client }: ReconcileContext, before: Definition, after: Definition): Promise<Definition> {
  if (after === before) return before;
  return client.as(apiServerUser.name, 'kube-apiserver').updateStatus(CustomResourceDefinition, after);
}

async function cleanUp(ctx: ReconcileContext, registry: Registry, definition: Definition): Promise<void> {
  const now = ctx.clock.now();
  const { group, versions } = definition.spec;
  const plural = definition.status?.acceptedNames?.plural ?? '';
  const resource = versions.map(({ name }) => registry.resource(group, name, plural)).find((one) => one !== undefined);
  let current = definition;
  if (resource && resource.list({ limit: 1 }).items.length > 0) {
    current = await writeStatus(ctx, definition, withCondition(definition, deletionInProgress, now));
    await deleteAll(resource);
    // The informers tell when those that finalizers keep have gone.
    if (resource.list({ limit: 1 }).items.length > 0) return;
  }
  const finished = withCondition(current, resource ? deletionCompleted : neverEstablished, now);
  const finalizers = (current.metadata.finalizers ?? []).filter((finalizer) => finalizer !== cleanupFinalizer);
  await writeStatus(ctx, current, { ...finished, metadata: { ...finished.metadata, finalizers } });
}

async function deleteAll(resource: Resource): Promise<void> {
  const options = {
    user: apiServerUser,
    fieldManager: 'kube-apiserver',
    dryRun: false,
    fieldValidation: 'Ignore',
    warn: () => undefined,
  } as const;
  await resource.deleteCollection({}, {}, options);
}

const deletionInProgress: NewCondition = {
  type: 'Terminating',
  status: 'True',
  reason: 'InstanceDeletionInProgress',
  message: 'CustomResource deletion is in progress',
};
const deletionCompleted: NewCondition = {
  type: 'Terminating',
  status: 'False',
  reason: 'InstanceDeletionCompleted',
  message: 'removed all instances',
};
const neverEstablished: NewCondition = {
  type: 'Terminating',
  status: 'False',
  reason: 'NeverEstablished',
  message: 'resource was never established',
};
