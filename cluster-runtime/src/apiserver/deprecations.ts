/** Kinds whose use Kubernetes advises against: every request for them is answered with a warning. */
import type { Resource } from './registry/registry.ts';

const deprecated = new Map([
  ['/v1/Endpoints', 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice'],
  ['/v1/ComponentStatus', 'v1 ComponentStatus is deprecated in v1.19+'],
]);

const remembered = new WeakMap<object, string>();

/** The text of the warning; empty for what is not deprecated. */
export function deprecationWarning(resource: Resource): string {
  if (resource.deprecationWarning !== undefined) return resource.deprecationWarning;
  const { kind } = resource;
  let text = remembered.get(kind);
  if (text === undefined) remembered.set(kind, (text = deprecated.get(`${kind.group}/${kind.version}/${kind.kind}`) ?? ''));
  return text;
}
