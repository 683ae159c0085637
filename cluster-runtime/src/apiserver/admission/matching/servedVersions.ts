/**
 * The versions and groups in which the objects of one resource are served, and an object as another of them shows it:
 * autoscaling/v1 and v2, core and events.k8s.io events, the versions of a custom resource.
 */
import { apiVersionOf } from '#common/api/groupVersion.ts';
import type { KubeObject } from '#common/api/meta.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import { pruneCustomObject } from '#common/schema/decodeCustom.ts';
import type { Registry, Resource } from '../../registry/registry.ts';

/** Which registry to ask; it is made after the plugins that ask it. */
export type RegistryOf = () => Pick<Registry, 'resources' | 'resource'>;

/** By the list of resources, which is a new one whenever a definition comes or goes. */
const known = new WeakMap<readonly Resource[], Map<string, readonly Resource[]>>();

const storedKind = (kind: KindDefinition): KindDefinition => kind.storedAs?.kind ?? kind;

/** Every resource over the same objects as `kind`, its own included, in the registry's order. */
export function versionsOf(registry: Pick<Registry, 'resources'>, kind: KindDefinition): readonly Resource[] {
  const { resources } = registry;
  let byPlace = known.get(resources);
  if (!byPlace) known.set(resources, (byPlace = new Map()));
  const { group, plural } = storedKind(kind);
  const place = `${group}/${plural}`;
  let versions = byPlace.get(place);
  if (!versions) {
    versions = resources.filter((resource) => {
      const stored = storedKind(resource.kind);
      return stored.group === group && stored.plural === plural && !resource.kind.virtual;
    });
    byPlace.set(place, versions);
  }
  return versions;
}

/** `object`, which is in the version of `from`, as the resource `to` shows it. Never changes `object`. */
export function shownAs(object: KubeObject, from: KindDefinition, to: Resource): KubeObject {
  const { kind } = to;
  if (kind.group === from.group && kind.version === from.version) return object;
  const stored = from.storedAs ? from.storedAs.toStored(object) : object;
  if (kind.storedAs) return kind.storedAs.fromStored(stored);
  if (!to.custom) return stored;
  return pruneCustomObject(to.type, { ...stored, apiVersion: apiVersionOf(kind) });
}
