/** Deletion: at once, after a grace period, or when the last finalizer has gone. */
import type { KubeObject, ObjectKey } from '#common/api/meta.ts';
import { ApiError, notFound } from '#common/api/status.ts';
import { formatTime } from '#common/api/time.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type { DeleteOptions } from '../../client/client.ts';
import { type Entry, WriteConflict } from '../../store/store.ts';
import { unstored } from './createObject.ts';
import type { DeleteResult, WriteOptions } from './registry.ts';
import type { ResourceDeps } from './resourceDeps.ts';

const orphanFinalizer = 'orphan';
const foregroundFinalizer = 'foregroundDeletion';

/** True when nothing holds the object any more: it is being deleted, without finalizers or grace left. */
export function isFullyDeleted(kind: KindDefinition, object: KubeObject): boolean {
  const { deletionTimestamp, finalizers, deletionGracePeriodSeconds } = object.metadata;
  return deletionTimestamp !== undefined && !finalizers?.length && !deletionGracePeriodSeconds && !kind.deletion?.holds(object);
}

/** Removes the stored object; `last` is the state that watchers see going. */
export async function removeEntry(deps: ResourceDeps, current: Entry, last: KubeObject): Promise<Entry> {
  const gone = await deps.store.delete(current.key, current.revision, last);
  deps.services.release(deps.storage.kind, current.object);
  return gone;
}

export async function deleteObject(
  deps: ResourceDeps,
  key: ObjectKey,
  deletion: DeleteOptions,
  options: WriteOptions,
): Promise<DeleteResult> {
  if (deps.kind.deleteWarning && deletion.propagationPolicy === undefined) options.warn(deps.kind.deleteWarning);
  for (;;) {
    const current = deps.store.get(deps.storage.key(key));
    if (!current) throw notFound(deps.groupResource, key.name);
    requirePreconditions(deps, current.object, deletion);
    await deps.admission.review({
      operation: 'DELETE',
      kind: deps.storage.kind,
      ...(deps.kind === deps.storage.kind ? {} : { requested: deps.kind }),
      namespace: key.namespace,
      name: key.name,
      subresource: undefined,
      object: undefined,
      old: current.object,
      deletion,
      options,
    });
    try {
      return await deleteEntry(deps, current, deletion, options);
    } catch (error) {
      // Somebody wrote in between: look again, and check the preconditions again.
      if (!(error instanceof WriteConflict)) throw error;
    }
  }
}

function requirePreconditions(deps: ResourceDeps, object: KubeObject, { preconditions }: DeleteOptions): void {
  const { uid = '', resourceVersion = '', name = '' } = object.metadata;
  const refuse = (why: string): never => {
    const { kind, group } = deps.kind;
    throw new ApiError(
      409,
      'Conflict',
      `Operation cannot be fulfilled on ${group ? `${kind}.${group}` : kind} "${name}": ${why}`,
      {
        name,
        ...(group ? { group } : {}),
        kind,
      },
    );
  };
  if (preconditions?.uid && preconditions.uid !== uid) {
    refuse(
      `the UID in the precondition (${preconditions.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
    );
  }
  if (preconditions?.resourceVersion && preconditions.resourceVersion !== resourceVersion) {
    refuse(
      `the ResourceVersion in the precondition (${preconditions.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
    );
  }
}

async function deleteEntry(
  deps: ResourceDeps,
  current: Entry,
  deletion: DeleteOptions,
  options: WriteOptions,
): Promise<DeleteResult> {
  const { kind } = deps.storage;
  const old = current.object;
  const grace = kind.deletionGrace?.(old, deletion.gracePeriodSeconds);
  const finalizers = finalizersFor(deps, old, deletion);
  const waits = finalizers.length > 0 || (grace !== undefined && grace > 0) || kind.deletion?.holds(old) === true;
  const marked = waits || grace !== undefined ? mark(deps, old, finalizers, grace ?? 0) : old;

  if (waits) {
    if (marked === old) return { type: 'object', result: deps.storage.fromStored(current) };
    const entry = options.dryRun ? unstored(current.key, marked) : await deps.store.update(current.key, marked, current.revision);
    return { type: 'object', result: deps.storage.fromStored(entry) };
  }
  const gone = options.dryRun ? current : await removeEntry(deps, current, marked);
  if (kind.deleteAnswersObject)
    return { type: 'object', result: deps.storage.fromStored(unstored(current.key, options.dryRun ? old : gone.object)) };
  return { type: 'status', uid: old.metadata.uid ?? '', name: old.metadata.name ?? '' };
}

/** The object with its deletion noted; the same object when that is noted already and nothing is to be shortened. */
function mark(deps: ResourceDeps, old: KubeObject, finalizers: readonly string[], grace: number): KubeObject {
  const { metadata } = old;
  const sameFinalizers =
    finalizers.length === (metadata.finalizers?.length ?? 0) && finalizers.every((f) => metadata.finalizers?.includes(f));
  if (metadata.deletionTimestamp !== undefined && sameFinalizers && (metadata.deletionGracePeriodSeconds ?? 0) <= grace)
    return old;
  const { finalizers: _, ...rest } = metadata;
  const { kind } = deps.storage;
  const noted = kind.deletion?.mark?.(old, deps.clock.now()) ?? old;
  const first = metadata.deletionTimestamp === undefined;
  return {
    ...noted,
    metadata: {
      ...rest,
      ...(finalizers.length ? { finalizers: [...finalizers] } : {}),
      deletionTimestamp:
        metadata.deletionTimestamp === undefined || grace < (metadata.deletionGracePeriodSeconds ?? 0)
          ? formatTime(deps.clock.now() + grace * 1000)
          : metadata.deletionTimestamp,
      // A namespace goes when its content has gone, not after some seconds.
      ...(kind.deletion
        ? {}
        : { deletionGracePeriodSeconds: first ? grace : Math.min(grace, metadata.deletionGracePeriodSeconds ?? grace) }),
      ...(first && metadata.generation !== undefined && !kind.deletion ? { generation: metadata.generation + 1 } : {}),
    },
  };
}

/** What the object must still wait for, given what is to become of its dependents. */
function finalizersFor(deps: ResourceDeps, object: KubeObject, deletion: DeleteOptions): string[] {
  const present = object.metadata.finalizers ?? [];
  const others = present.filter((f) => f !== orphanFinalizer && f !== foregroundFinalizer);
  const asked = deletion.propagationPolicy;
  let orphan = asked === 'Orphan';
  let foreground = asked === 'Foreground';
  if (asked === undefined) {
    orphan = present.includes(orphanFinalizer);
    foreground = present.includes(foregroundFinalizer);
    if (!orphan && !foreground) orphan = deps.kind.defaultPropagation === 'orphan';
  }
  const cleanup = object.metadata.deletionTimestamp === undefined ? deps.storage.kind.deletion?.finalizer : undefined;
  const wanted = [
    ...(orphan ? [orphanFinalizer] : []),
    ...(foreground ? [foregroundFinalizer] : []),
    ...(cleanup === undefined ? [] : [cleanup]),
  ];
  const kept = present.filter((f) => others.includes(f) || wanted.includes(f));
  return [...kept, ...wanted.filter((f) => !kept.includes(f))];
}
