/**
 * Where a proxied request goes: the address of a pod, of one ready endpoint of a service, or of a node. The name in the
 * address may carry a scheme and a port: `name`, `name:port`, `scheme:name:port`.
 */
import type { KubeObject, ObjectKey } from '#common/api/meta.ts';
import { ApiError, badRequest } from '#common/api/status.ts';
import { EndpointSlice as endpointSliceKind } from '#common/kinds/endpointSlice.ts';
import type { EndpointSlice, Node, Pod, Service } from '#common/schema/generated/types.ts';
import type { Registry, Resource } from '../registry/registry.ts';

export interface ProxyTarget {
  readonly ip: string;
  readonly port: number;
  /** The pod behind the address, where there is one. */
  readonly pod?: ObjectKey;
}

const kubeletPort = 10250;
const defaultPort = 80;

function splitName(text: string, resource: Resource): { name: string; port: string } {
  const parts = text.split(':');
  const [first = '', second = '', third = ''] = parts;
  if (parts.length === 1) return { name: first, port: '' };
  if (parts.length === 2) return { name: first, port: second };
  if (parts.length === 3 && ['', 'http', 'https'].includes(first)) return { name: second, port: third };
  throw badRequest(`invalid ${resource.kind.kind.toLowerCase()} request ${JSON.stringify(text)}`);
}

/** Throws 404 for what does not exist, 400 for a port that is none, 503 when nothing is ready. */
export function resolveProxyTarget(resource: Resource, namespace: string, text: string, registry: Registry): ProxyTarget {
  const { name, port } = splitName(text, resource);
  const { object } = resource.get({ namespace, name });
  switch (resource.kind.plural) {
    case 'pods':
      return podTarget(object as Pod & KubeObject, port);
    case 'services':
      return serviceTarget(object as Service & KubeObject, port, text, registry);
    default:
      return nodeTarget(object as Node & KubeObject, port);
  }
}

const addressNotAllowed = (): ApiError => badRequest('address not allowed');

function portNumber(text: string, otherwise: number): number {
  if (!text) return otherwise;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw badRequest(`invalid port number: ${JSON.stringify(text)}`);
  return port;
}

function podTarget({ metadata, spec, status }: Pod & KubeObject, port: string): ProxyTarget {
  if (!status?.podIP) throw addressNotAllowed();
  const firstPort = spec?.containers?.find((container) => container.ports?.length)?.ports?.[0]?.containerPort;
  return {
    ip: status.podIP,
    port: portNumber(port, firstPort ?? defaultPort),
    pod: { namespace: metadata.namespace ?? '', name: metadata.name ?? '' },
  };
}

function nodeTarget({ status }: Node & KubeObject, port: string): ProxyTarget {
  const address = status?.addresses?.find((each) => each.type === 'InternalIP') ?? status?.addresses?.[0];
  if (!address) throw addressNotAllowed();
  return { ip: address.address, port: portNumber(port, kubeletPort) };
}

function serviceTarget({ metadata, spec }: Service & KubeObject, port: string, text: string, registry: Registry): ProxyTarget {
  const namespace = metadata.namespace ?? '';
  // A port by number means the one of that number; endpoints know ports by name.
  const portName = spec?.ports?.find((each) => String(each.port) === port)?.name ?? (/^\d+$/.test(port) ? '' : port);
  const slices = registry
    .resourceOf(endpointSliceKind)
    .list({ namespace, labelSelector: `kubernetes.io/service-name=${metadata.name}` });
  for (const { object } of slices.items) {
    const { endpoints = [], ports = [] } = object as EndpointSlice;
    const number = ports.find((each) => (each.name ?? '') === portName)?.port;
    const endpoint = endpoints.find((each) => each.conditions?.ready !== false && each.addresses.length > 0);
    const [ip] = endpoint?.addresses ?? [];
    if (number === undefined || number === null || !endpoint || !ip) continue;
    const { targetRef } = endpoint;
    return { ip, port: number, ...(targetRef?.kind === 'Pod' ? { pod: { namespace, name: targetRef.name ?? '' } } : {}) };
  }
  throw new ApiError(503, 'ServiceUnavailable', `no endpoints available for service ${JSON.stringify(text)}`);
}
