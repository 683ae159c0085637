/** Discovery in its first form: one document for the groups, one for a group, one for each version's resources. */
import { createHash } from 'node:crypto';
import type { GroupVersionKind } from '#common/api/groupVersion.ts';
import type { DiscoveryResource } from './discoveryResource.ts';
import type { ServedGroup, ServedVersion } from './groupVersions.ts';

/** `/api`. */
export const apiVersions = (core: ServedGroup, serverAddress: string): object => ({
  kind: 'APIVersions',
  versions: core.versions.map(({ version }) => version),
  serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
});

const groupBody = ({ name, versions }: ServedGroup): object => {
  const [preferredVersion, ...others] = versions.map(({ groupVersion, version }) => ({ groupVersion, version }));
  return { name, versions: [preferredVersion, ...others], preferredVersion };
};

/** `/apis`. */
export const groupList = (groups: readonly ServedGroup[]): object => ({
  kind: 'APIGroupList',
  apiVersion: 'v1',
  groups: groups.map(groupBody),
});

/** `/apis/apps`. */
export const groupDocument = (group: ServedGroup): object => ({ kind: 'APIGroup', apiVersion: 'v1', ...groupBody(group) });

/** `/apis/apps/v1` and `/api/v1`; the latter has no apiVersion. */
export const resourceList = ({ groupVersion, resources }: ServedVersion): object => ({
  kind: 'APIResourceList',
  ...(groupVersion.includes('/') ? { apiVersion: 'v1' } : {}),
  groupVersion,
  resources: resources.flatMap(resourceEntries),
});

function resourceEntries(resource: DiscoveryResource): object[] {
  const { plural, singular, namespaced, kind, verbs, shortNames, categories, storedAs, subresources } = resource;
  return [
    {
      name: plural,
      singularName: singular,
      namespaced,
      kind,
      verbs,
      ...(shortNames.length ? { shortNames } : {}),
      ...(categories.length ? { categories } : {}),
      ...(storedAs ? { storageVersionHash: storageVersionHash(storedAs) } : {}),
    },
    ...subresources.map((subresource) => ({
      name: `${plural}/${subresource.name}`,
      singularName: '',
      namespaced,
      ...(subresource.version ? { group: subresource.group, version: subresource.version } : {}),
      kind: subresource.kind,
      verbs: subresource.verbs,
    })),
  ];
}

/** Tells clients when the stored form of a kind changes, without telling what it is. */
function storageVersionHash({ group, version, kind }: GroupVersionKind): string {
  return createHash('sha256').update(`${group}/${version}/${kind}`).digest().subarray(0, 8).toString('base64');
}
