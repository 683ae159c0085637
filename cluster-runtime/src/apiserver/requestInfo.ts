/**
 * What a request is about, read from its method and address alone: verb, group, version, namespace, resource, name and
 * subresource. This is what authorization sees, so it is worked out before anybody knows whether the address is served.
 */
import type { Query } from './http/query.ts';

export interface RequestInfo {
  readonly path: string;
  /** `get`, `list`, `watch`, `create` …; the method in lower case where no resource is meant. */
  readonly verb: string;
  readonly isResource: boolean;
  readonly group: string;
  readonly version: string;
  readonly namespace: string;
  readonly resource: string;
  readonly subresource: string;
  readonly name: string;
  /** `watch` for the deprecated `/watch/` addresses. */
  readonly special: '' | 'watch' | 'proxy';
  /** What follows the subresource: the path behind a proxy. */
  readonly rest: readonly string[];
  /** True when the address ends in a slash. */
  readonly trailingSlash: boolean;
  /** An empty part in the middle: never an address of the API. */
  readonly malformed: boolean;
}

const namespaceSubresources = new Set(['status', 'finalize']);

const verbs: Readonly<Record<string, string>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** The name that a field selector pins down, if it does: `metadata.name=x`. */
function selectedName(query: Query): string {
  const selector = query.get('fieldSelector');
  if (!selector) return '';
  for (const term of selector.split(',')) {
    const match = /^\s*metadata\.name\s*==?\s*([^=!,\\]+?)\s*$/.exec(term);
    const name = match?.[1];
    if (name && name !== '.' && name !== '..' && !name.includes('/') && !name.includes('%')) return name;
  }
  return '';
}

const nonResource = (method: string, path: string, malformed: boolean): RequestInfo => ({
  path,
  verb: method.toLowerCase(),
  isResource: false,
  group: '',
  version: '',
  namespace: '',
  resource: '',
  subresource: '',
  name: '',
  special: '',
  rest: [],
  trailingSlash: path.length > 1 && path.endsWith('/'),
  malformed,
});

/** @param path decoded, without the query. */
export function parseRequestInfo(method: string, path: string, query: Query): RequestInfo {
  const trailingSlash = path.length > 1 && path.endsWith('/');
  let start = 0;
  let end = path.length;
  while (path.charCodeAt(start) === 47) start++;
  while (end > start && path.charCodeAt(end - 1) === 47) end--;
  const parts = path.slice(start, end).split('/');
  const malformed = start > 1 || path.length - end > 1 || parts.includes('');
  let at: number;
  let group = '';
  if (parts[0] === 'api') {
    if (parts.length < 3) return nonResource(method, path, malformed);
    at = 1;
  } else if (parts[0] === 'apis') {
    if (parts.length < 4) return nonResource(method, path, malformed);
    group = parts[1] ?? '';
    at = 2;
  } else return nonResource(method, path, malformed);

  const version = parts[at++] ?? '';
  let special: RequestInfo['special'] = '';
  let verb = verbs[method] ?? '';
  const first = parts[at];
  if ((first === 'watch' || first === 'proxy') && parts.length > at + 1) {
    special = first;
    verb = first;
    at++;
  }
  let namespace = '';
  if (parts[at] === 'namespaces' && parts.length > at + 1) {
    namespace = parts[at + 1] ?? '';
    const after = parts[at + 2];
    if (after !== undefined && !namespaceSubresources.has(after)) at += 2;
  }
  const resource = parts[at] ?? '';
  let name = parts[at + 1] ?? '';
  const subresource = special === 'proxy' ? '' : (parts[at + 2] ?? '');
  if (!name && verb === 'get') {
    verb = query.boolean('watch') ? 'watch' : 'list';
    name = selectedName(query);
  } else if (!name && verb === 'watch') name = selectedName(query);
  else if (!name && verb === 'delete') verb = 'deletecollection';
  return {
    path,
    verb,
    isResource: true,
    group,
    version,
    namespace,
    resource,
    subresource,
    name,
    special,
    rest: parts.length > at + 3 ? parts.slice(at + 3) : [],
    trailingSlash,
    malformed,
  };
}
