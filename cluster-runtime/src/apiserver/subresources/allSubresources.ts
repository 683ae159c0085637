/** Every subresource and where it is served. The only list of them. */
import type { Resource } from '../registry/registry.ts';
import { attach } from './attach.ts';
import { binding } from './binding.ts';
import { eviction } from './eviction.ts';
import { exec } from './exec.ts';
import { log } from './log.ts';
import { approval, ephemeralContainers, finalize, resize, status } from './plain.ts';
import { portForward } from './portForward.ts';
import { proxy } from './proxy.ts';
import { scale } from './scale.ts';
import type { Subresource } from './subresource.ts';
import { token } from './token.ts';

/** By group, plural and name; those of every kind that declares them come on top. */
const byName = new Map<string, Subresource>([
  ['/namespaces/finalize', finalize],
  ['/nodes/proxy', proxy],
  ['/pods/attach', attach],
  ['/pods/binding', binding],
  ['/pods/ephemeralcontainers', ephemeralContainers],
  ['/pods/eviction', eviction],
  ['/pods/exec', exec],
  ['/pods/log', log],
  ['/pods/portforward', portForward],
  ['/pods/proxy', proxy],
  ['/pods/resize', resize],
  ['/serviceaccounts/token', token],
  ['/services/proxy', proxy],
  ['certificates.k8s.io/certificatesigningrequests/approval', approval],
]);

export function subresourceOf(resource: Resource, name: string): Subresource | undefined {
  const { kind } = resource;
  if (name === 'status') return kind.subresources.status ? status : undefined;
  if (name === 'scale') return kind.subresources.scale ? scale : undefined;
  return resource.custom ? undefined : byName.get(`${kind.group}/${kind.plural}/${name}`);
}
