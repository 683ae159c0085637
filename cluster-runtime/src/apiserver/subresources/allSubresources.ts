/** Every subresource and where it is served. The only list of them. */
import type { Resource } from '../registry/registry.ts';
import { approval, ephemeralContainers, finalize, resize, status } from './plain.ts';
import { scale } from './scale.ts';
import type { Subresource } from './subresource.ts';

/** By group, plural and name; those of every kind that declares them come on top. */
const byName = new Map<string, Subresource>([
  ['/namespaces/finalize', finalize],
  ['/pods/ephemeralcontainers', ephemeralContainers],
  ['/pods/resize', resize],
  ['certificates.k8s.io/certificatesigningrequests/approval', approval],
]);

export function subresourceOf(resource: Resource, name: string): Subresource | undefined {
  const { kind } = resource;
  if (name === 'status') return kind.subresources.status ? status : undefined;
  if (name === 'scale') return kind.subresources.scale ? scale : undefined;
  return resource.custom ? undefined : byName.get(`${kind.group}/${kind.plural}/${name}`);
}
