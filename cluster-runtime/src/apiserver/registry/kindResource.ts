/** One served resource: puts the operations together behind the Resource contract. */
import { expired, ApiError, notFound } from '#common/api/status.ts';
import type { KubeObject, ObjectKey } from '#common/api/meta.ts';
import { RevisionCompacted, RevisionInFuture } from '../../store/store.ts';
import { decodeContinue, encodeContinue, expiredContinue } from './continueToken.ts';
import { createObject } from './createObject.ts';
import { deleteObject } from './deleteObject.ts';
import { type ListRevision, listRevision, objectFilter, revisionTooLarge } from './listQuery.ts';
import { patchObject } from './patchObject.ts';
import type { ListAnswer, ListQuery, ObjectResult, ObjectSubresource, Resource, WriteOptions } from './registry.ts';
import type { ResourceDeps } from './resourceDeps.ts';
import { getScale, patchScale, updateScale } from './scaleSubresource.ts';
import { updateObject } from './updateObject.ts';
import { watchResource } from './watchResource.ts';

/** What only the resources of a CustomResourceDefinition have. */
export interface CustomTraits {
  readonly storageVersion: string;
  readonly listKind: string;
  readonly deprecationWarning?: string;
}

export function createResource(deps: ResourceDeps, custom?: CustomTraits): Resource {
  return {
    kind: deps.kind,
    get type() {
      return deps.type;
    },
    listKind: custom?.listKind ?? `${deps.kind.kind}List`,
    ...(custom ? { custom: { storageVersion: custom.storageVersion } } : {}),
    ...(custom?.deprecationWarning === undefined ? {} : { deprecationWarning: custom.deprecationWarning }),
    get: (key) => getObject(deps, key),
    list: (query) => listObjects(deps, query),
    watch: (query, onEvents, onError) => watchResource(deps, query, onEvents, onError),
    getScale: (key) => getScale(deps, key),
    create: (namespace, object, options) => settled(deps, createObject(deps, namespace, object, options)),
    update: (key, object, options, subresource) =>
      settled(
        deps,
        subresource === 'scale'
          ? updateScale(deps, key, object, options)
          : replaceObject(deps, key, object, options, subresource),
      ),
    patch: (key, patch, options, subresource) =>
      settled(
        deps,
        subresource === 'scale' ? patchScale(deps, key, patch, options) : patchObject(deps, key, patch, options, subresource),
      ),
    delete: (key, deletion, options) => settled(deps, deleteObject(deps, key, deletion, options)),
    deleteCollection: async (query, deletion, options) => {
      const answer = listObjects(deps, query);
      for (const { object } of answer.items) {
        try {
          await deleteObject(
            deps,
            { namespace: object.metadata.namespace ?? '', name: object.metadata.name ?? '' },
            deletion,
            options,
          );
        } catch (error) {
          // Gone in the meantime is what was wanted.
          if (!(error instanceof ApiError && error.reason === 'NotFound')) throw error;
        }
      }
      return answer;
    },
  };
}

/**
 * A write that lost against one that is not acknowledged yet is refused only once that one is: whoever reads again then
 * finds what it lost against, in its informers too.
 */
async function settled<T>(deps: ResourceDeps, write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    await deps.store.flush();
    throw error;
  }
}

function replaceObject(
  deps: ResourceDeps,
  key: ObjectKey,
  object: KubeObject,
  options: WriteOptions,
  subresource: ObjectSubresource | undefined,
): Promise<ObjectResult> {
  const stated = object.metadata?.resourceVersion ?? '';
  return updateObject(
    deps,
    key,
    () => {
      // An earlier attempt has put the revision here that it lost against.
      object.metadata = { ...object.metadata, resourceVersion: stated };
      return { object };
    },
    { subresource, createMissing: !subresource && deps.kind.createOnUpdate === true, fromPatch: false },
    options,
  );
}

function getObject(deps: ResourceDeps, key: ObjectKey): ObjectResult {
  const entry = deps.store.get(deps.storage.key(key));
  if (!entry) throw notFound(deps.groupResource, key.name);
  return deps.storage.fromStored(entry);
}

function listObjects(deps: ResourceDeps, query: ListQuery): ListAnswer {
  const filter = objectFilter(deps.kind, query);
  const wanted = listRevision(query);
  const prefix = deps.storage.prefix(query.namespace);
  const { store, storage } = deps;
  const limit = query.limit !== undefined && query.limit > 0 ? query.limit : 0;

  if (filter.name !== undefined && query.namespace !== undefined && wanted.type === 'latest' && !query.continue) {
    requireReached(wanted, store.revision);
    const entry = store.get(storage.key({ namespace: query.namespace, name: filter.name }));
    const items = entry && filter.matches(storage.read(entry)) ? [storage.fromStored(entry)] : [];
    return { resourceVersion: String(store.revision), items };
  }

  const page = query.continue ? decodeContinue(query.continue, prefix) : undefined;
  requireReached(wanted, store.revision);
  const revision = page ? page.revision : wanted.type === 'exact' ? wanted.revision : undefined;
  const items: ObjectResult[] = [];
  let startKey = page?.startKey;
  try {
    if (filter.everything) {
      const answer = store.list(prefix, { ...optional({ revision, startKey }), ...(limit ? { limit } : {}) });
      return {
        resourceVersion: String(answer.revision),
        items: answer.entries.map((entry) => storage.fromStored(entry)),
        ...(answer.nextKey === undefined
          ? {}
          : { continue: encodeContinue(answer.revision, prefix, answer.nextKey), remainingItemCount: answer.remaining }),
      };
    }
    // With a selector nobody knows how many follow: a full page goes on wherever anything is left.
    const answer = store.list(prefix, optional({ revision, startKey }));
    startKey = undefined;
    for (const entry of answer.entries) {
      if (limit && items.length === limit) {
        startKey = entry.key;
        break;
      }
      if (filter.matches(storage.read(entry))) items.push(storage.fromStored(entry));
    }
    return {
      resourceVersion: String(answer.revision),
      items,
      ...(startKey === undefined ? {} : { continue: encodeContinue(answer.revision, prefix, startKey) }),
    };
  } catch (error) {
    if (error instanceof RevisionInFuture) throw revisionTooLarge(revision ?? 0, error.current);
    if (error instanceof RevisionCompacted) {
      throw page ? expiredContinue(prefix, page.startKey) : expired('The resourceVersion for the provided list is too old.');
    }
    throw error;
  }
}

const optional = <T extends Record<string, unknown>>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: NonNullable<T[K]> };

function requireReached(wanted: ListRevision, current: number): void {
  if (wanted.type === 'latest' && wanted.atLeast !== undefined && wanted.atLeast > current)
    throw revisionTooLarge(wanted.atLeast, current);
}
