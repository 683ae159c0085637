/** Which ports an object has, where they lead in a pod, and how a browser reaches them. */
import type { Ingress, IngressBackend, Node, Pod, PodSpec, Service, ServicePort } from '#common/schema/generated/types.ts';

export interface PortChoice {
  /** The port by which people know it. */
  readonly port: number;
  readonly name?: string;
  /** In the pod: a number, or the name that the pod's container gives to one. */
  readonly target: number | string;
  readonly secure: boolean;
}

const isSecure = (port: number | undefined, name = '', appProtocol = ''): boolean =>
  port === 443 || port === 8443 || /^https\b/.test(name) || appProtocol.toLowerCase() === 'https';

/** TCP ports only: nothing else is forwarded. */
export const containerPorts = (spec: PodSpec | undefined): PortChoice[] =>
  [...(spec?.containers ?? []), ...(spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always')]
    .flatMap(({ ports }) => ports ?? [])
    .filter(({ protocol = 'TCP' }) => protocol === 'TCP')
    .map(({ containerPort, name }) => ({
      port: containerPort,
      ...(name ? { name } : {}),
      target: containerPort,
      secure: isSecure(containerPort, name),
    }));

export const servicePorts = ({ spec }: Service): PortChoice[] => (spec?.ports ?? []).filter(isTcp).map(choiceOf);

const isTcp = ({ protocol = 'TCP' }: ServicePort): boolean => protocol === 'TCP';

const choiceOf = ({ port, name, targetPort, appProtocol }: ServicePort): PortChoice => ({
  port,
  ...(name ? { name } : {}),
  target: targetPort ?? port,
  secure: isSecure(port, name, appProtocol),
});

/** The number of a target in that pod; undefined where no container has a port of that name. */
export function targetIn({ spec }: Pod, target: number | string): number | undefined {
  if (typeof target === 'number') return target;
  if (/^\d+$/.test(target)) return Number(target);
  return (spec?.containers ?? []).flatMap(({ ports }) => ports ?? []).find(({ name }) => name === target)?.containerPort;
}

/** Whether connections find somebody there. */
export const isReadyPod = ({ metadata, status }: Pod): boolean =>
  !metadata.deletionTimestamp &&
  status?.phase === 'Running' &&
  status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;

/** The one that is best forwarded to: ready before running before nothing. */
export const bestPod = (pods: readonly Pod[]): Pod | undefined =>
  pods.find(isReadyPod) ?? pods.find(({ status, metadata }) => status?.phase === 'Running' && !metadata.deletionTimestamp);

/**
 * Where a Service answers outside the cluster without being forwarded. On the playground NodePorts are ports of this
 * machine; elsewhere they are on the nodes, and load balancers have addresses of their own.
 */
export function serviceUrl(service: Service, playground: boolean, nodes: readonly Node[] = []): string | undefined {
  const { type, ports = [], externalName } = service.spec ?? {};
  if (type === 'ExternalName' && externalName) return `http://${externalName}`;
  const port = ports.find(isTcp);
  if (!port || (type !== 'NodePort' && type !== 'LoadBalancer')) return undefined;
  const url = (host: string, number: number): string =>
    `${choiceOf(port).secure ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${number}`;
  if (playground) return port.nodePort ? url('127.0.0.1', port.nodePort) : undefined;
  const [entry] = service.status?.loadBalancer?.ingress ?? [];
  const balancer = entry?.hostname ?? entry?.ip;
  if (balancer) return url(balancer, port.port);
  const addresses = nodes.flatMap(({ status }) => status?.addresses ?? []);
  const address = (
    addresses.find(({ type: kind }) => kind === 'ExternalIP') ?? addresses.find(({ type: kind }) => kind === 'InternalIP')
  )?.address;
  return address && port.nodePort ? url(address, port.nodePort) : undefined;
}

export interface IngressTarget {
  /** As a person reads it: `shop.example/cart → cart:80` */
  readonly title: string;
  readonly service: string;
  readonly port: number | string;
  readonly path: string;
}

/** The Services behind an Ingress, one per path, the default backend last. */
export function ingressTargets({ spec }: Ingress): IngressTarget[] {
  const targets = (spec?.rules ?? []).flatMap(({ host = '*', http }) =>
    (http?.paths ?? []).flatMap(({ path = '/', pathType, backend }) =>
      targetOf(backend, `${host}${path}`, pathType === 'Exact' || pathType === 'Prefix' ? path : '/'),
    ),
  );
  return [...targets, ...(spec?.defaultBackend ? targetOf(spec.defaultBackend, '*', '/') : [])];
}

function targetOf({ service }: IngressBackend, from: string, path: string): IngressTarget[] {
  const port = service?.port?.name ?? service?.port?.number;
  if (!service || port === undefined) return [];
  return [{ title: `${from} → ${service.name}:${port}`, service: service.name, port, path }];
}
