/**
 * Where a webhook listens: a program on this machine, by URL or behind a Service that leads to `localhost`, or a pod in the
 * cluster's network behind any other Service.
 *
 * Differs from Kubernetes: no connection leaves this machine, so a URL has to name a loopback address or `localhost`, and so
 * has an ExternalName. An EndpointSlice of the type FQDN with the address `localhost` leads to this machine, too. Programs in
 * simulated containers do not speak TLS, so that a call of theirs fails as one of a server without HTTPS does.
 */
import { connect as connectSocket, isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { EndpointSlice } from '#common/kinds/endpointSlice.ts';
import { Service } from '#common/kinds/service.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { AdmissionState } from '../admission.ts';
import { transportProblem } from './callFailure.ts';

export interface WebhookClient {
  readonly caBundle?: string;
  readonly service?: { readonly name: string; readonly namespace: string; readonly path?: string; readonly port?: number };
  readonly url?: string;
}

export interface WebhookAddress {
  /** With the path and without the timeout, as messages name it. */
  readonly url: string;
  /** As in the `Host` header. */
  readonly host: string;
  readonly path: string;
  /** Whom the certificate has to be for. */
  readonly serverName: string;
}

/** Opens a connection into the cluster's network. Throws errors with codes, as a socket has them. */
export type ConnectInside = (ip: string, port: number) => Duplex;

/** The reason why there is no way to a webhook, in Kubernetes' words where it has some. */
export class Unreachable extends Error {}

export function addressOf({ url, service }: WebhookClient): WebhookAddress {
  if (url !== undefined) {
    const parsed = new URL(url);
    const path = parsed.pathname || '/';
    return { url: `https://${parsed.host}${path}`, host: parsed.host, path, serverName: bareHost(parsed.hostname) };
  }
  const { name = '', namespace = '', path = '/', port = 443 } = service ?? {};
  const serverName = `${name}.${namespace}.svc`;
  const absolute = path.startsWith('/') ? path : `/${path}`;
  return { url: `https://${serverName}:${port}${absolute}`, host: `${serverName}:${port}`, path: absolute, serverName };
}

/** Without the brackets of an IPv6 address. */
const bareHost = (host: string): string => host.replace(/^\[|\]$/g, '');

const isLoopback = (host: string): boolean =>
  host === '::1' || host.toLowerCase() === 'localhost' || (isIP(host) === 4 && host.startsWith('127.'));

/** An open, or opening, connection and the address that it goes to. Throws Unreachable. */
export interface WayIn {
  readonly socket: Duplex;
  readonly target: string;
}

export function openWay({ url, service }: WebhookClient, state: AdmissionState, inside: ConnectInside | undefined): WayIn {
  if (url !== undefined) {
    const { hostname, port } = new URL(url);
    return onThisMachine(bareHost(hostname), Number(port || 443));
  }
  const { name = '', namespace = '', port = 443 } = service ?? {};
  const found = state.get(Service, namespace, name);
  if (!found) throw new Unreachable(`service ${JSON.stringify(name)} not found`);
  if (found.spec?.type === 'ExternalName') return onThisMachine((found.spec.externalName ?? '').replace(/\.$/, ''), port);
  const servicePort = found.spec?.ports?.find((candidate) => candidate.port === port);
  if (!servicePort) throw new Unreachable(`no service port ${port} found for service ${JSON.stringify(name)}`);
  const slices = state
    .list(EndpointSlice, namespace)
    .filter((slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === name);
  const local = endpointOf(slices, servicePort, isLoopback);
  if (local) return onThisMachine(local.ip, local.port);
  const clusterIp = found.spec?.clusterIP;
  const target =
    clusterIp && clusterIp !== 'None' ? { ip: clusterIp, port } : endpointOf(slices, servicePort, (ip) => isIP(ip) > 0);
  if (!target || !inside) throw new Unreachable(`no endpoints available for service ${JSON.stringify(name)}`);
  return insideCluster(target.ip, target.port, inside);
}

function endpointOf(
  slices: readonly api.EndpointSlice[],
  { name: portName = '' }: api.ServicePort,
  accepts: (ip: string) => boolean,
): { ip: string; port: number } | undefined {
  for (const { endpoints, ports } of slices) {
    const port = ports?.find((candidate) => (candidate.name ?? '') === portName)?.port;
    if (!port) continue;
    for (const { addresses, conditions } of endpoints ?? []) {
      const ip = conditions?.ready === false ? undefined : addresses.find(accepts);
      if (ip !== undefined) return { ip, port };
    }
  }
  return undefined;
}

const joined = (host: string, port: number): string => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);

function onThisMachine(host: string, port: number): WayIn {
  if (!isLoopback(host)) {
    throw new Unreachable(`dial tcp ${joined(host, port)}: the playground opens no connection that leaves this machine`);
  }
  if (isIP(host)) return { socket: connectSocket({ host, port }), target: joined(host, port) };
  // Whatever this machine's resolver says of localhost, these two it is.
  const both = [
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
  ];
  const socket = connectSocket({
    host: 'localhost',
    port,
    autoSelectFamily: true,
    lookup: (_name, _options, done) => done(null, both),
  });
  return { socket, target: `127.0.0.1:${port}` };
}

function insideCluster(ip: string, port: number, inside: ConnectInside): WayIn {
  const target = joined(ip, port);
  try {
    return { socket: inside(ip, port), target };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new Unreachable(transportProblem(error, target, ip));
  }
}
