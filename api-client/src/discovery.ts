/** What a cluster serves: every kind with its path, custom ones included. In one document where the server has it so. */
import { ApiError } from '#common/api/status.ts';
import type { ApiClient } from './apiClient.ts';
import { resourcePath, rootOf } from './apiPath.ts';

export interface ApiResource {
  readonly group: string;
  readonly version: string;
  /** `v1`, `apps/v1` */
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  /** `status`, `scale`, `log` … */
  readonly subresources: readonly string[];
}

export const collectionPath = ({ apiVersion, plural }: ApiResource, namespace?: string): string =>
  resourcePath(apiVersion, plural, namespace);

/** All kinds in all versions, each group's preferred version first. A group whose server is down is left out. */
export async function discover(api: ApiClient, signal?: AbortSignal): Promise<readonly ApiResource[]> {
  const [core, groups] = await Promise.all([discoverAt(api, '/api', signal), discoverAt(api, '/apis', signal)]);
  return [...core, ...groups];
}

const aggregated = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat('application/json')
  .join(',');

async function discoverAt(api: ApiClient, root: '/api' | '/apis', signal?: AbortSignal): Promise<readonly ApiResource[]> {
  const answer = await api.get<AggregatedList | CoreVersions | GroupList>(root, signal, aggregated);
  if (answer.kind === 'APIGroupDiscoveryList') return answer.items.flatMap(ofAggregatedGroup);
  const versions =
    answer.kind === 'APIVersions' ? answer.versions : answer.kind === 'APIGroupList' ? answer.groups.flatMap(versionsOf) : [];
  const lists = await Promise.all(versions.map((apiVersion) => discoverVersion(api, apiVersion, signal)));
  return lists.flat();
}

/** One group's version, asked for by itself; nothing when it is not served, or by a server that is down. */
export async function discoverVersion(api: ApiClient, apiVersion: string, signal?: AbortSignal): Promise<readonly ApiResource[]> {
  try {
    return ofResourceList(apiVersion, (await api.get<ResourceList>(rootOf(apiVersion), signal)).resources);
  } catch (error) {
    // A whole group that is not served is answered in plain text.
    if (error instanceof ApiError && (error.code === 404 || error.code === 503)) return [];
    throw error;
  }
}

interface AggregatedList {
  readonly kind: 'APIGroupDiscoveryList';
  readonly items: readonly AggregatedGroup[];
}
interface AggregatedGroup {
  readonly metadata?: { readonly name?: string };
  readonly versions?: readonly { readonly version: string; readonly resources?: readonly AggregatedResource[] }[];
}
interface AggregatedResource {
  readonly resource: string;
  readonly responseKind?: { readonly kind?: string } | null;
  readonly scope: 'Namespaced' | 'Cluster';
  readonly singularResource?: string;
  readonly verbs?: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly subresources?: readonly { readonly subresource: string }[];
}

function ofAggregatedGroup({ metadata, versions = [] }: AggregatedGroup): ApiResource[] {
  const group = metadata?.name ?? '';
  return versions.flatMap(({ version, resources = [] }) =>
    resources.map((entry) => ({
      group,
      version,
      apiVersion: group ? `${group}/${version}` : version,
      kind: entry.responseKind?.kind ?? '',
      plural: entry.resource,
      singular: entry.singularResource ?? '',
      shortNames: entry.shortNames ?? [],
      categories: entry.categories ?? [],
      namespaced: entry.scope === 'Namespaced',
      verbs: entry.verbs ?? [],
      subresources: (entry.subresources ?? []).map(({ subresource }) => subresource),
    })),
  );
}

interface CoreVersions {
  readonly kind: 'APIVersions';
  readonly versions: readonly string[];
}
interface Group {
  readonly preferredVersion?: { readonly groupVersion: string };
  readonly versions: readonly { readonly groupVersion: string }[];
}
interface GroupList {
  readonly kind: 'APIGroupList';
  readonly groups: readonly Group[];
}
interface ResourceList {
  readonly resources: readonly ListedResource[];
}
interface ListedResource {
  readonly name: string;
  readonly singularName?: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs?: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

const versionsOf = ({ preferredVersion, versions }: Group): string[] => [
  ...new Set([...(preferredVersion ? [preferredVersion.groupVersion] : []), ...versions.map(({ groupVersion }) => groupVersion)]),
];

function ofResourceList(apiVersion: string, list: readonly ListedResource[]): ApiResource[] {
  const slash = apiVersion.indexOf('/');
  const subresources = list.filter(({ name }) => name.includes('/'));
  return list
    .filter(({ name }) => !name.includes('/'))
    .map((entry) => ({
      group: apiVersion.slice(0, Math.max(slash, 0)),
      version: apiVersion.slice(slash + 1),
      apiVersion,
      kind: entry.kind,
      plural: entry.name,
      singular: entry.singularName ?? '',
      shortNames: entry.shortNames ?? [],
      categories: entry.categories ?? [],
      namespaced: entry.namespaced,
      verbs: entry.verbs ?? [],
      subresources: subresources
        .filter(({ name }) => name.startsWith(`${entry.name}/`))
        .map(({ name }) => name.slice(entry.name.length + 1)),
    }));
}
