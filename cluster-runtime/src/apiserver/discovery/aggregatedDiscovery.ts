/** Discovery in one document (apidiscovery.k8s.io/v2): every group with its versions, resources and subresources. */
import type { DiscoveryResource } from './discoveryResource.ts';
import type { ServedGroup } from './groupVersions.ts';

/** For `/apis`, or for `/api` when given the core group alone. */
export const aggregatedDiscovery = (groups: readonly ServedGroup[]): object => ({
  kind: 'APIGroupDiscoveryList',
  apiVersion: 'apidiscovery.k8s.io/v2',
  metadata: {},
  items: groups.map(({ name, versions }) => ({
    metadata: name ? { name } : {},
    versions: versions.map(({ version, resources }) => ({
      version,
      resources: resources.map(resourceEntry),
      freshness: 'Current',
    })),
  })),
});

function resourceEntry(resource: DiscoveryResource): object {
  const { plural, singular, namespaced, verbs, shortNames, categories, subresources, custom, group, version, kind } = resource;
  // Built-in kinds leave out a group and version that are the document's own; custom ones repeat them.
  const own = custom ? { group, version } : { group: '', version: '' };
  return {
    resource: plural,
    responseKind: { ...own, kind },
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs,
    ...(shortNames.length ? { shortNames } : {}),
    ...(categories.length ? { categories } : {}),
    ...(subresources.length
      ? {
          subresources: subresources.map((subresource) => ({
            subresource: subresource.name,
            responseKind: subresource.version
              ? { group: subresource.group ?? '', version: subresource.version, kind: subresource.kind }
              : { ...own, kind: subresource.kind },
            verbs: subresource.verbs,
          })),
        }
      : {}),
  };
}
