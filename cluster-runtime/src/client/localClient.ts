/**
 * The in-process client: the API server's own operations, without the wire. What it is given is copied before the
 * server changes it; what it gives back is the stored, frozen revision.
 */
import { deepClone } from '#common/base/freeze.ts';
import type { KubeObject, ObjectKey } from '#common/api/meta.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type { ObjectSubresource, PatchBody, Registry, User, WriteOptions } from '../apiserver/registry/registry.ts';
import type { Client, DeleteOptions, PatchType } from './client.ts';

export function createLocalClient(registry: Registry, user: User, fieldManager: string): Client {
  const options: WriteOptions = { user, fieldManager, dryRun: false, fieldValidation: 'Ignore', warn: () => undefined };

  const update = async <T extends KubeObject>(
    kind: KindDefinition<T>,
    object: T,
    subresource?: ObjectSubresource,
  ): Promise<T> => {
    const key = { namespace: object.metadata.namespace ?? '', name: object.metadata.name ?? '' };
    // A status update replaces everything else with what is stored, so only the status needs a copy of its own.
    const own =
      subresource === 'status'
        ? ({ ...object, metadata: { ...object.metadata }, status: deepClone((object as { status?: unknown }).status) } as T)
        : deepClone(object);
    return (await registry.resourceOf(kind).update(key, own, options, subresource)).object as T;
  };

  return {
    get: async <T extends KubeObject>(kind: KindDefinition<T>, key: ObjectKey) => registry.resourceOf(kind).get(key).object as T,
    list: async <T extends KubeObject>(kind: KindDefinition<T>, query = {}) =>
      registry
        .resourceOf(kind)
        .list(query)
        .items.map((item) => item.object as T),
    create: async <T extends KubeObject>(kind: KindDefinition<T>, object: T) =>
      (await registry.resourceOf(kind).create(object.metadata.namespace ?? '', deepClone(object), options)).object as T,
    update: <T extends KubeObject>(kind: KindDefinition<T>, object: T) => update(kind, object),
    updateStatus: <T extends KubeObject>(kind: KindDefinition<T>, object: T) => update(kind, object, 'status'),
    patch: async <T extends KubeObject>(
      kind: KindDefinition<T>,
      key: ObjectKey,
      type: PatchType,
      patch: unknown,
      { subresource, force = false }: { subresource?: 'status' | 'scale' | 'finalize' | 'approval'; force?: boolean } = {},
    ) => {
      const body: PatchBody = type === 'apply' ? { type, patch, force } : { type, patch };
      return (await registry.resourceOf(kind).patch(key, body, options, subresource)).object as T;
    },
    delete: async <T extends KubeObject>(kind: KindDefinition<T>, key: ObjectKey, deletion: DeleteOptions = {}) => {
      await registry.resourceOf(kind).delete(key, deletion, options);
    },
    bind: (key, uid, nodeName) =>
      registry.bind(
        key,
        {
          metadata: { name: key.name, namespace: key.namespace, uid },
          target: { apiVersion: 'v1', kind: 'Node', name: nodeName },
        },
        options,
      ),
    as: (name, manager) => createLocalClient(registry, { name, groups: groupsOf(name) }, manager ?? fieldManager),
  };
}

/** The groups that Kubernetes puts a component's user into. */
function groupsOf(name: string): string[] {
  const [system, kind, namespace] = name.split(':');
  if (system === 'system' && kind === 'serviceaccount')
    return ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
  if (system === 'system' && kind === 'node') return ['system:nodes', 'system:authenticated'];
  return ['system:masters', 'system:authenticated'];
}
