/** Which container of a pod a request means, and whether the pod is anywhere yet. */
import type { Pod } from '#common/schema/generated/types.ts';
import { badRequest } from '#common/api/status.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Resource } from '../registry/registry.ts';
import { keyOfRequest } from '../resourceHandlers.ts';

/** The pod that the address names. Throws 404. */
export const podOfRequest = (exchange: Exchange, resource: Resource): Pod =>
  resource.get(keyOfRequest(exchange, resource)).object as Pod;

const containerNames = ({ spec }: Pod): string[] =>
  [...(spec?.initContainers ?? []), ...(spec?.containers ?? []), ...(spec?.ephemeralContainers ?? [])].map(
    (container) => container.name,
  );

/** The named container, or the only one. Throws 400 with the choice. */
export function chooseContainer(pod: Pod, wanted: string | undefined): string {
  const { name } = pod.metadata;
  const names = containerNames(pod);
  if (wanted) {
    if (names.includes(wanted)) return wanted;
    throw badRequest(`container ${wanted} is not valid for pod ${name}`);
  }
  const [only] = pod.spec?.containers ?? [];
  if (names.length === 1 && only) return only.name;
  if (names.length === 0) throw badRequest(`a container name must be specified for pod ${name}`);
  throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${names.join(' ')}]`);
}

/** Throws 400 while no node has the pod. */
export function requireHost(pod: Pod): void {
  if (!pod.spec?.nodeName) throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
}
