/** The operations of documents: what can be done at which path, in a form of its own that both versions are written from. */
import { apiVersionOf, type GroupVersion, type GroupVersionKind } from '#common/api/groupVersion.ts';
import { builtinSubresources } from '#common/schema/generated/discovery.ts';
import type { DiscoveryResource } from '../discovery/discoveryResource.ts';
import type { OpenApiData } from './openApiData.ts';

export interface Operation {
  method: string;
  path: string;
  /** Kubernetes' name for what is done: get, list, post, put, patch, delete, deletecollection, watch, watchlist, connect. */
  action: string;
  /** What the operation takes and gives; absent for discovery and the like. */
  gvk?: GroupVersionKind;
  subresource: string;
  /** The kind of the resource itself, where the operation is on a subresource. */
  ownerKind: string;
  namespaced: boolean;
  /** A list over all namespaces of what is namespaced. */
  allNamespaces: boolean;
}

/** The operations of the built-in API, by the document they belong to: `api/v1`, `apis/apps/v1`, `version`. */
export function builtinOperations(data: OpenApiData): Map<string, Operation[]> {
  const kinds = new Map<string, string>();
  const namespacedLists = new Set<string>();
  for (const [, path, action, kind] of data.operations) {
    const [, list = '', inside = '', plural = '', rest = ''] =
      /^(\/apis?\/.*?)(?:(\/namespaces\/\{namespace\}))?\/([a-z]+)(\/\{name\})?$/.exec(path) ?? [];
    if (rest && action === 'get') kinds.set(`${documentKey(path)} ${plural}`, kind);
    if (inside && !rest) namespacedLists.add(`${list}/${plural}`);
  }
  const documents = new Map<string, Operation[]>();
  for (const [method, path, action, kind] of data.operations) {
    // Files of the machine that the server runs on are not served.
    if (path.startsWith('/logs')) continue;
    const key = documentKey(path);
    const [, plural = ''] = /\/([a-z]+)\/\{name\}/.exec(path) ?? [];
    const operation: Operation = {
      method: method.toLowerCase(),
      path,
      action,
      ...(kind ? { gvk: gvkOf(key, path, kind) } : {}),
      subresource: subresourceOf(path),
      ownerKind: kinds.get(`${key} ${plural}`) ?? kind,
      namespaced: path.includes('/namespaces/{namespace}/'),
      allNamespaces: namespacedLists.has(path),
    };
    const operations = documents.get(key) ?? [];
    operations.push(operation);
    documents.set(key, operations);
  }
  return documents;
}

export function documentKey(path: string): string {
  const parts = path.split('/').filter(Boolean);
  if (parts[0] === 'api') return parts.slice(0, 2).join('/');
  return parts[0] === 'apis' ? parts.slice(0, 3).join('/') : parts.join('/');
}

const subresourceOf = (path: string): string => /\{name\}\/([a-z]+)/.exec(path)?.[1] ?? '';

/** The kind is of the document's own version, but for a few subresources. */
function gvkOf(key: string, path: string, kind: string): GroupVersionKind {
  const gv = groupVersionOf(key);
  const [, plural = ''] = /\/([a-z]+)\/\{name\}\//.exec(path) ?? [];
  const subresource = builtinSubresources[`${gv.group}/${gv.version}/${plural}`]?.find(
    ({ name }) => name === subresourceOf(path),
  );
  return { group: subresource?.group ?? gv.group, version: subresource?.version ?? gv.version, kind };
}

export function groupVersionOf(key: string): GroupVersion {
  const parts = key.split('/');
  return parts[0] === 'api' ? { group: '', version: parts[1] ?? '' } : { group: parts[1] ?? '', version: parts[2] ?? '' };
}

/** The operations of a custom resource. */
export function customOperations(resource: DiscoveryResource): Operation[] {
  const { group, version, kind, plural, namespaced } = resource;
  const gvk = { group, version, kind };
  const root = `/apis/${apiVersionOf(resource)}`;
  const collection = `${root}${namespaced ? '/namespaces/{namespace}' : ''}/${plural}`;
  const one = `${collection}/{name}`;
  const at = (path: string, actions: readonly (readonly [string, string])[], of: GroupVersionKind = gvk): Operation[] =>
    actions.map(([method, action]) => ({
      method,
      path,
      action,
      gvk: of,
      subresource: subresourceOf(path),
      ownerKind: kind,
      namespaced: path.includes('/namespaces/{namespace}/'),
      allNamespaces: namespaced && !path.includes('/namespaces/{namespace}/'),
    }));
  const update = [
    ['get', 'get'],
    ['put', 'put'],
    ['patch', 'patch'],
  ] as const;
  return [
    ...(namespaced ? at(`${root}/${plural}`, [['get', 'list']]) : []),
    ...at(collection, [
      ['get', 'list'],
      ['post', 'post'],
      ['delete', 'deletecollection'],
    ]),
    ...at(one, [...update, ['delete', 'delete']]),
    ...resource.subresources.flatMap((subresource) =>
      at(`${one}/${subresource.name}`, update, {
        group: subresource.group ?? group,
        version: subresource.version ?? version,
        kind: subresource.kind,
      }),
    ),
  ];
}

const verbs: Record<string, string> = {
  get: 'read',
  list: 'list',
  post: 'create',
  put: 'replace',
  patch: 'patch',
  delete: 'delete',
  deletecollection: 'delete',
  watch: 'watch',
  watchlist: 'watch',
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `createAppsV1NamespacedDeployment`: unique, and the same from version to version. */
export function operationId(key: string, operation: Operation): string {
  const { action, method, path, subresource, namespaced, gvk, ownerKind, allNamespaces } = operation;
  const { group, version } = groupVersionOf(key);
  const scope = /^apis?(?:\/|$)/.test(key) ? `${capital((group || 'core').split('.')[0] ?? '')}${capital(version)}` : '';
  if (!gvk) return `get${scope || capital(path.replace(/[^A-Za-z]/g, ''))}${version ? 'APIResources' : ''}`;
  return [
    action === 'connect' ? `connect${scope}${capital(method)}` : `${verbs[action] ?? action}${scope}`,
    action === 'deletecollection' ? 'Collection' : '',
    namespaced ? 'Namespaced' : '',
    subresource ? `${ownerKind}${capital(subresource)}` : gvk.kind,
    path.endsWith('{path}') ? 'WithPath' : '',
    action === 'watchlist' ? 'List' : '',
    allNamespaces ? 'ForAllNamespaces' : '',
  ].join('');
}
