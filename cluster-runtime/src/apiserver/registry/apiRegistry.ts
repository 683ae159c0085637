/** All served resources: one per kind of `allKinds`, and those that CustomResourceDefinitions add. */
import { Emitter } from '#common/base/emitter.ts';
import type { Clock } from '#common/base/clock.ts';
import type { Random } from '#common/base/random.ts';
import { unexpected } from '#common/base/unexpected.ts';
import { apiVersionOf } from '#common/api/groupVersion.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { pathNotFound } from '#common/api/status.ts';
import { allKinds } from '#common/kinds/allKinds.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import { typeOfKind } from '#common/schema/builtinTypes.ts';
import type { StructType } from '#common/api/schemaType.ts';
import { type Store, storageKey, storagePrefix } from '../../store/store.ts';
import { AdmissionChain, type AdmissionPlugin, type BookingState } from '../admission/admission.ts';
import { bindPod } from './bindPod.ts';
import { createResource } from './kindResource.ts';
import type { Registry, Resource } from './registry.ts';
import type { SharedDeps } from './resourceDeps.ts';
import { ServiceAllocator } from './serviceAllocator.ts';
import { storageOf } from './storage.ts';

export interface RegistryOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly admissionPlugins: readonly AdmissionPlugin[];
}

/** How a version of a custom resource is served. */
export interface CustomServing {
  /** The version that its objects are stored in. */
  readonly storageVersion: string;
  readonly listKind: string;
  /** Told to every client that uses this version. */
  readonly deprecationWarning?: string;
  /** Why nothing can be created any more. */
  readonly refusesCreation?: string;
  /** The store as this version sees it: everything in it converted. */
  view(store: Store): Store;
}

/** A registry that custom resources, and those of other API servers, can be added to. */
export interface ApiRegistry extends Registry {
  /** Serves `kind` with a schema of its own; the same group, version and plural again replaces it. What is built in stays. */
  addCustom(kind: KindDefinition, type: StructType, serving: CustomServing): void;
  removeCustom(group: string, version: string, plural: string): void;
  /** Serves a resource whose objects are not stored but made when they are asked for. */
  addComputed(resource: Resource): void;
  removeComputed(resource: Resource): void;
}

const nameOf = (group: string, version: string, plural: string): string => `${apiVersionOf({ group, version })}/${plural}`;

export function createRegistry(options: RegistryOptions): ApiRegistry {
  const { store, clock, random } = options;
  const admission = new AdmissionChain(options.admissionPlugins, admissionState(store, clock, random));
  const deps: SharedDeps = { store, clock, random, admission, services: new ServiceAllocator(store, random) };
  const byName = new Map<string, Resource>();
  const changed = new Emitter<void>();
  let resources: readonly Resource[] = [];

  const add = (kind: KindDefinition, typeOf: () => StructType, custom?: CustomServing): void => {
    const resource = createResource(
      {
        ...deps,
        ...(custom ? { store: custom.view(store) } : {}),
        ...(custom?.refusesCreation ? { refusesCreation: custom.refusesCreation } : {}),
        kind,
        // Looked up when first needed: most kinds are never used in a session, and their tables cost start-up time.
        get type() {
          return typeOf();
        },
        storage: storageOf(kind),
        groupResource: { group: kind.group, resource: kind.plural },
      },
      custom,
    );
    byName.set(nameOf(kind.group, kind.version, kind.plural), resource);
    resources = [...byName.values()];
  };
  for (const kind of allKinds) {
    add(kind, () => typeOfKind(kind) ?? unexpected(`the schema has no ${kind.kind} in ${apiVersionOf(kind)}`));
  }

  const isBuiltIn = (group: string, version: string, plural: string): boolean => {
    const resource = byName.get(nameOf(group, version, plural));
    return resource !== undefined && !resource.custom;
  };

  const review: Registry['review'] = ({ resource, key, ...request }, options) =>
    admission.reviewSent({ ...request, kind: resource.kind, namespace: key.namespace, name: key.name, old: undefined, options });

  return {
    review,
    bind: (key, binding, options) => bindPod(deps, key, binding, options),
    resource: (group, version, plural) => byName.get(nameOf(group, version, plural)),
    resourceOf<T extends KubeObject>(kind: KindDefinition<T>): Resource<T> {
      const resource = byName.get(nameOf(kind.group, kind.version, kind.plural));
      // Kinds that come and go may have gone since somebody got hold of them.
      if (!resource) throw pathNotFound();
      return resource as unknown as Resource<T>;
    },
    get resources() {
      return resources;
    },
    onResourcesChanged: (listener) => changed.event(listener),
    addCustom(kind, type, serving) {
      if (isBuiltIn(kind.group, kind.version, kind.plural)) return;
      add(kind, () => type, serving);
      changed.fire();
    },
    addComputed(resource) {
      const { group, version, plural } = resource.kind;
      byName.set(nameOf(group, version, plural), resource);
      resources = [...byName.values()];
      changed.fire();
    },
    removeComputed({ kind }) {
      if (!byName.delete(nameOf(kind.group, kind.version, kind.plural))) return;
      resources = [...byName.values()];
      changed.fire();
    },
    removeCustom(group, version, plural) {
      if (isBuiltIn(group, version, plural)) return;
      if (!byName.delete(nameOf(group, version, plural))) return;
      resources = [...byName.values()];
      changed.fire();
    },
  };
}

function admissionState(store: Store, clock: Clock, random: Random): BookingState {
  return {
    get: <T extends KubeObject>(kind: KindDefinition<T>, namespace: string, name: string) =>
      store.get(storageKey(kind.group, kind.plural, kind.namespaced ? namespace : '', name))?.object as T | undefined,
    list: <T extends KubeObject>(kind: KindDefinition<T>, namespace?: string) =>
      store.list(storagePrefix(kind.group, kind.plural, namespace)).entries.map((entry) => entry.object as T),
    suffix: () => random.suffix(),
    now: () => clock.now(),
    replace<T extends KubeObject>(kind: KindDefinition<T>, object: T, old: T) {
      const { namespace = '', name = '', resourceVersion } = old.metadata;
      const key = storageKey(kind.group, kind.plural, kind.namespaced ? namespace : '', name);
      // What can fail is the journal's transaction, and then the request's own write says so.
      store.update(key, object, Number(resourceVersion)).catch(() => undefined);
    },
  };
}
