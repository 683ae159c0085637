/**
 * Serves the resources of all established CustomResourceDefinitions: what exists is served before this returns, so that an
 * API that comes back is complete when it says that it is ready; what changes later follows at once.
 *
 * Differs from Kubernetes: a watch that runs while its definition changes goes on with the schema that it began with.
 */
import type { Disposable } from '#common/base/disposable.ts';
import { type CustomKind, customKind } from '#common/kinds/custom/customKind.ts';
import { isEstablished } from '#common/kinds/custom/definitionConditions.ts';
import { CustomResourceDefinition } from '#common/kinds/customResourceDefinition.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache } from '../../client/client.ts';
import type { ApiRegistry } from '../registry/apiRegistry.ts';
import { ConvertedStore } from './convertedStore.ts';
import { conversionOf } from './conversion.ts';
import { deprecationWarningOf } from './versionDeprecation.ts';

const terminatingText = 'create not allowed while custom resource definition is terminating';

interface Served {
  readonly definition: api.CustomResourceDefinition;
  readonly plural: string;
  readonly versions: readonly string[];
}

export function serveCustomResources(registry: ApiRegistry, cache: Cache): Disposable {
  const served = new Map<string, Served>();
  const withdraw = (name: string, keep: readonly string[] = []): void => {
    const before = served.get(name);
    for (const version of before?.versions ?? []) {
      if (!keep.includes(version)) registry.removeCustom(before?.definition.spec.group ?? '', version, before?.plural ?? '');
    }
    served.delete(name);
  };
  return cache.informer(CustomResourceDefinition).onChange((event) => {
    const { object: definition } = event;
    const name = definition.metadata.name ?? '';
    if (event.type === 'deleted') return withdraw(name);
    if (!isEstablished(definition)) return;
    if (!concernsServing(definition, served.get(name)?.definition)) return;
    const kinds = kindsOf(definition);
    withdraw(
      name,
      kinds.map(({ kind }) => kind.version),
    );
    serve(registry, definition, kinds);
    served.set(name, {
      definition,
      plural: kinds[0]?.kind.plural ?? '',
      versions: kinds.map(({ kind }) => kind.version),
    });
  }, true);
}

/** Most changes are of the status alone. */
const concernsServing = (definition: api.CustomResourceDefinition, before: api.CustomResourceDefinition | undefined): boolean =>
  !before ||
  definition.spec !== before.spec ||
  definition.status?.acceptedNames !== before.status?.acceptedNames ||
  (definition.metadata.deletionTimestamp === undefined) !== (before.metadata.deletionTimestamp === undefined);

/** The versions to serve. One that is being deleted needs at least one: its objects are deleted through it. */
function kindsOf(definition: api.CustomResourceDefinition): CustomKind[] {
  const { versions } = definition.spec;
  const isServed = versions.filter((version) => version.served);
  const needed = isServed.length === 0 && definition.metadata.deletionTimestamp !== undefined;
  return (needed ? versions.filter((version) => version.storage) : isServed).map((version) => customKind(definition, version));
}

function serve(registry: ApiRegistry, definition: api.CustomResourceDefinition, kinds: readonly CustomKind[]): void {
  const { spec, status } = definition;
  const storage = spec.versions.find((version) => version.storage);
  if (!storage) return;
  const stored = kinds.find(({ kind }) => kind.version === storage.name) ?? customKind(definition, storage);
  for (const served of kinds) {
    const deprecationWarning = deprecationWarningOf(spec, served.kind.version);
    registry.addCustom(served.kind, served.type, {
      storageVersion: storage.name,
      listKind: status?.acceptedNames?.listKind ?? spec.names.listKind ?? `${served.kind.kind}List`,
      ...(deprecationWarning === undefined ? {} : { deprecationWarning }),
      ...(definition.metadata.deletionTimestamp === undefined ? {} : { refusesCreation: terminatingText }),
      view: (store) => new ConvertedStore(store, conversionOf(served, stored)),
    });
  }
}
