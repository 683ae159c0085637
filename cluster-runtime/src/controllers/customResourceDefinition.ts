/**
 * Keeps the status of CustomResourceDefinitions: accepts their names, establishes them, and when one is deleted, deletes its
 * objects before letting it go.
 */
import { keyOf, type KubeObject, type ObjectKey } from '#common/api/meta.ts';
import { deepEqual } from '#common/base/freeze.ts';
import {
  cleanupFinalizer,
  conditionOf,
  isEstablished,
  type NewCondition,
  withCondition,
} from '#common/kinds/custom/definitionConditions.ts';
import { CustomResourceDefinition } from '#common/kinds/customResourceDefinition.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import { hasReason } from '#common/api/status.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache, Client, InformerEvent } from '../client/client.ts';
import { defineController, defineWatch, done, type ReconcileContext } from '../controller/controller.ts';
import { acceptNames } from './customResourceDefinition/acceptNames.ts';
import { approvalCondition } from './customResourceDefinition/approval.ts';

type Definition = api.CustomResourceDefinition;

export const customResourceDefinitionController = defineController<Definition>({
  name: 'customresourcedefinition-controller',
  writes: 'any',
  for: CustomResourceDefinition,
  watches: [defineWatch<Definition>({ kind: CustomResourceDefinition, keysFor: waitingForNames })],
  keysForAny: definitionOfDeleted,
  async reconcile(ctx, key) {
    const definition = ctx.cache.get(CustomResourceDefinition, key);
    if (!definition) return done;
    if (definition.metadata.deletionTimestamp === undefined) await writeStatus(ctx, definition, planStatus(ctx, definition));
    else if (definition.metadata.finalizers?.includes(cleanupFinalizer)) await cleanUp(ctx, definition);
    return done;
  },
});

/** Names that one definition gives up may be what others of its group wait for. */
function waitingForNames(event: InformerEvent<Definition>, cache: Cache): ObjectKey[] {
  const { object } = event;
  if (
    event.type !== 'deleted' &&
    !(event.type === 'updated' && event.old.status?.acceptedNames !== object.status?.acceptedNames)
  ) {
    return [];
  }
  return cache
    .list(CustomResourceDefinition)
    .filter((other) => other.spec.group === object.spec.group && conditionOf(other, 'NamesAccepted')?.status === 'False')
    .map(({ metadata }) => ({ namespace: '', name: metadata.name ?? '' }));
}

/** The definition that is being deleted and waits for the object that has gone. */
function definitionOfDeleted(
  event: InformerEvent<KubeObject>,
  kind: { group: string; plural: string },
  cache: Cache,
): ObjectKey[] {
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

/** In Kubernetes this is a part of the API server, and its writes are the API server's. */
const asApiServer = ({ client }: ReconcileContext): Client => client.as('system:apiserver', 'kube-apiserver');

async function writeStatus(ctx: ReconcileContext, before: Definition, after: Definition): Promise<Definition> {
  return after === before ? before : asApiServer(ctx).updateStatus(CustomResourceDefinition, after);
}

async function cleanUp(ctx: ReconcileContext, definition: Definition): Promise<void> {
  const now = ctx.clock.now();
  const kind = servedKind(ctx.cache, definition);
  let current = definition;
  if (kind && ctx.cache.informer(kind).size > 0) {
    current = await writeStatus(ctx, definition, withCondition(definition, deletionInProgress, now));
    await deleteAll(ctx, kind);
    // Those that finalizers keep come back here when they have gone.
    if (ctx.cache.informer(kind).size > 0) return;
  }
  const finished = withCondition(current, kind ? deletionCompleted : neverEstablished, now);
  const finalizers = (current.metadata.finalizers ?? []).filter((finalizer) => finalizer !== cleanupFinalizer);
  await writeStatus(ctx, current, { ...finished, metadata: { ...finished.metadata, finalizers } });
}

/** One version is enough to reach all objects. */
function servedKind(cache: Cache, { spec, status }: Definition): KindDefinition | undefined {
  const plural = status?.acceptedNames?.plural;
  return cache.kinds().find((kind) => kind.group === spec.group && kind.plural === plural);
}

async function deleteAll(ctx: ReconcileContext, kind: KindDefinition): Promise<void> {
  const client = asApiServer(ctx);
  for (const object of ctx.cache.list(kind)) {
    try {
      await client.delete(kind, keyOf(object));
    } catch (error) {
      // Gone in the meantime is what was wanted.
      if (!hasReason(error, 'NotFound')) throw error;
    }
  }
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
