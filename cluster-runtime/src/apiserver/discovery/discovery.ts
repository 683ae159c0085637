/**
 * Serves discovery: `/api`, `/apis` and what lies below them down to a version. Documents are made on first request and
 * again when the served resources change.
 *
 * The playground's own group is told to every client that asks for the aggregated form, in whatever version, as all kubectls
 * do; a plain `GET /apis` has Kubernetes' groups and custom ones, as whoever compares it with another cluster's expects.
 *
 * Differs from Kubernetes: nothing is ever stale or served by another process, so that every version is `Current`.
 */
import { createHash } from 'node:crypto';
import { playgroundGroup } from '#common/kinds/playgroundGroup.ts';
import type { DocumentAnswer, DocumentRequest, DocumentSource } from '../documents.ts';
import { parseAccept } from '../negotiation.ts';
import type { Registry } from '../registry/registry.ts';
import { aggregatedDiscovery } from './aggregatedDiscovery.ts';
import { discoveryResource } from './discoveryResource.ts';
import { groupsOf, type ServedGroup } from './groupVersions.ts';
import { apiVersions, groupDocument, groupList, resourceList } from './legacyDiscovery.ts';

/** `full`: the old form for those who would rather have had the aggregated one. */
type Form = 'aggregated' | 'full' | 'plain';

const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** `serverAddress` is what `/api` tells clients; nobody is known to use it. */
export function createDiscovery(
  registry: Pick<Registry, 'resources' | 'onResourcesChanged'>,
  serverAddress = '127.0.0.1',
): DocumentSource {
  let groups: ServedGroup[] | undefined;
  const bodies = new Map<string, { body: string; etag: string }>();
  registry.onResourcesChanged(() => {
    groups = undefined;
    bodies.clear();
  });

  const document = (path: string, form: Form): object | undefined => {
    groups ??= groupsOf(registry.resources.map(({ kind, custom }) => discoveryResource(kind, custom?.storageVersion)));
    const [, root, ...rest] = path.split('/');
    const core = groups.filter(({ name }) => name === '');
    const named = groups.filter(({ name }) => name !== '');
    if (form === 'aggregated') return aggregatedDiscovery(root === 'api' ? core : named);
    if (root === 'api') {
      const [group] = core;
      if (!group) return undefined;
      if (rest.length === 0) return apiVersions(group, serverAddress);
      const version = rest.length === 1 ? group.versions.find((v) => v.version === rest[0]) : undefined;
      return version && resourceList(version);
    }
    if (root !== 'apis' || rest.length > 2) return undefined;
    if (rest.length === 0) return groupList(named.filter(({ name }) => name !== playgroundGroup || form === 'full'));
    const group = named.find(({ name }) => name === rest[0]);
    if (!group || rest.length === 1) return group && groupDocument(group);
    const version = group.versions.find((v) => v.version === rest[1]);
    return version && resourceList(version);
  };

  return (request: DocumentRequest): DocumentAnswer | undefined => {
    const path = request.path.length > 1 && request.path.endsWith('/') ? request.path.slice(0, -1) : request.path;
    const hasBothForms = path === '/api' || path === '/apis';
    const aggregated = hasBothForms && prefersAggregated(request.accept);
    const form: Form = aggregated ? 'aggregated' : request.accept?.includes('APIGroupDiscoveryList') ? 'full' : 'plain';
    const key = `${form} ${path}`;
    let made = bodies.get(key);
    if (!made) {
      const content = document(path, form);
      if (!content) return undefined;
      const body = JSON.stringify(content);
      made = { body, etag: `"${createHash('sha512').update(body).digest('hex').toUpperCase()}"` };
      bodies.set(key, made);
    }
    if (!hasBothForms) return { status: 200, contentType: 'application/json', body: made.body };
    if (!aggregated) return { status: 200, contentType: 'application/json', body: made.body, headers: { Vary: 'Accept' } };
    const headers = { ETag: made.etag, Vary: 'Accept' };
    if (request.ifNoneMatch === made.etag) return { status: 304, contentType: aggregatedType, body: '', headers };
    return { status: 200, contentType: aggregatedType, body: made.body, headers };
  };
}

/** Whether the best of the forms that the client takes is the one document. */
function prefersAggregated(accept: string | undefined): boolean {
  if (!accept?.includes('APIGroupDiscoveryList')) return false;
  for (const { type, parameters } of parseAccept(accept)) {
    if (type !== 'application/json' && type !== '*/*' && type !== 'application/*') continue;
    const as = parameters.get('as');
    if (as === undefined) return false;
    if (as === 'APIGroupDiscoveryList' && parameters.get('g') === 'apidiscovery.k8s.io' && parameters.get('v') === 'v2')
      return true;
  }
  return false;
}
