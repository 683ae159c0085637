/**
 * Which addresses of the resource API exist and which methods each takes. An address that does not exist is 404 (plain
 * text where even the group is unknown), a method that an address does not take is 405.
 */
import { ApiError, pathNotFound } from '#common/api/status.ts';
import type { Exchange } from './http/exchange.ts';
import { sendPageNotFound } from './http/exchange.ts';
import type { Registry, Resource } from './registry/registry.ts';
import type { RequestInfo } from './requestInfo.ts';
import type { Subresource } from './subresources/subresource.ts';

export const methodNotAllowedHere = (): ApiError =>
  new ApiError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});

/** Groups that are served by built-in kinds, by their versions. Kept until the set of resources changes. */
export class BuiltInGroups {
  readonly #registry: Registry;
  #groups: ReadonlySet<string> | undefined;

  constructor(registry: Registry) {
    this.#registry = registry;
    registry.onResourcesChanged(() => (this.#groups = undefined));
  }

  has(group: string): boolean {
    this.#groups ??= new Set(this.#registry.resources.filter((r) => !r.custom).map((r) => r.kind.group));
    return this.#groups.has(group);
  }
}

/** 404: a Status under the groups that the server knows, plain text elsewhere. */
export function sendNotServed(exchange: Exchange, groups: BuiltInGroups): void {
  const { info } = exchange;
  const known = info.path.startsWith('/api/')
    ? true
    : info.path.startsWith('/apis/') && groups.has(info.path.split('/')[2] ?? '');
  if (known) exchange.sendError(pathNotFound());
  else sendPageNotFound(exchange);
}

const allMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** The methods of the address that `info` names, or undefined when there is no such address. */
export function methodsOf(
  info: RequestInfo,
  resource: Resource,
  subresource: Subresource | undefined,
): readonly string[] | undefined {
  const { kind } = resource;
  const { verbs } = kind;
  // The name of a namespace is also its namespace.
  const inNamespace = info.namespace !== '' && !(info.resource === 'namespaces' && info.group === '');
  const named =
    info.resource === 'namespaces' && info.group === '' ? info.namespace !== '' : info.name !== '' && hasNameInPath(info);
  if (info.special === 'proxy') return undefined;
  if (info.special === 'watch') return verbs.includes('watch') && !info.subresource ? ['GET'] : undefined;
  if (kind.namespaced !== inNamespace) {
    if (!kind.namespaced || named || !verbs.includes('list')) return undefined;
    return ['GET'];
  }
  if (info.subresource) {
    if (!subresource || (info.rest.length > 0 && !subresource.takesPath)) return undefined;
    return subresource.methods;
  }
  if (resource.custom && named) return allMethods;
  const methods: string[] = [];
  if (named) {
    if (verbs.includes('get')) methods.push('GET');
    if (verbs.includes('update')) methods.push('PUT');
    if (verbs.includes('patch')) methods.push('PATCH');
    if (verbs.includes('delete')) methods.push('DELETE');
  } else {
    if (verbs.includes('list')) methods.push('GET');
    if (verbs.includes('create')) methods.push('POST');
    if (verbs.includes('deletecollection')) methods.push('DELETE');
  }
  return methods.length > 0 ? methods : undefined;
}

/** A list that selects one name carries it in `name`, too, without having it in the address. */
const hasNameInPath = (info: RequestInfo): boolean => info.verb !== 'list' && info.verb !== 'watch';
