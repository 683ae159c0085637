/**
 * The virtual network: hosts and their listeners in maps, service addresses through the service table, names through
 * cluster DNS. Opens no sockets; see nodePorts.ts for those.
 *
 * Differs from Kubernetes: only TCP is carried, there is no latency, and NetworkPolicies do not filter connections.
 */
import type { Duplex } from 'node:stream';
import type { Context } from '#common/base/context.ts';
import { type Disposable, toDisposable } from '#common/base/disposable.ts';
import { Emitter } from '#common/base/emitter.ts';
import { Node } from '#common/kinds/node.ts';
import type { Cache } from '../client/client.ts';
import { connectionPair } from './connectionPair.ts';
import { createResolver } from './dns.ts';
import { ConnectionError, type ConnectionHandler, type Network } from './network.ts';
import { type Origin, type ServicePortEntry, ServiceTable } from './serviceTable.ts';

export interface NetworkOptions {
  cache: Cache;
  /** Answers at the address of the Service `default/kubernetes`: the API server. */
  connectApiServer?: () => Duplex;
}

interface Host {
  /** How many asked for this host to be there; it goes with the last. */
  uses: number;
  node: string | undefined;
  readonly listeners: Map<number, ConnectionHandler>;
}

const zoneLabel = 'topology.kubernetes.io/zone';
const isLoopback = (ip: string): boolean => ip.startsWith('127.') || ip === '::1';

export function createNetwork(ctx: Context, options: NetworkOptions): Network & Disposable {
  const { cache } = options;
  const hosts = new Map<string, Host>();
  const nodePortsChanged = new Emitter<void>();
  let announced = false;

  const announce = (): void => {
    if (announced || !nodePortsChanged.hasListeners) return;
    announced = true;
    setImmediate(() => {
      announced = false;
      nodePortsChanged.fire();
    });
  };
  const table = new ServiceTable(cache, ctx.random, () => ctx.clock.now(), announce);
  const resolve = createResolver(cache);

  const originOf = (ip: string): Origin => {
    const node = hosts.get(ip)?.node;
    const zone = node === undefined ? undefined : cache.get(Node, { namespace: '', name: node })?.metadata.labels?.[zoneLabel];
    return { ip, node, zone };
  };

  const connectHost = (from: string, ip: string, port: number): Duplex => {
    const host = hosts.get(ip);
    if (!host) throw new ConnectionError('EHOSTUNREACH', `${ip}:${port}`);
    const handler = host.listeners.get(port);
    if (!handler) throw new ConnectionError('ECONNREFUSED', `${ip}:${port}`);
    const [client, server] = connectionPair();
    // The caller gets to attach its listeners before the other end says anything.
    queueMicrotask(() => (server.destroyed ? undefined : handler(server, from)));
    return client;
  };

  const connectService = (entry: ServicePortEntry, origin: Origin, asked: string): Duplex => {
    const { namespace, name } = entry.service.metadata;
    if (namespace === 'default' && name === 'kubernetes' && options.connectApiServer) return options.connectApiServer();
    const routing = table.route(entry, origin);
    if ('none' in routing) throw new ConnectionError(routing.none === 'refuse' ? 'ECONNREFUSED' : 'ETIMEDOUT', asked);
    return connectHost(origin.ip, routing.target.ip, routing.target.port);
  };

  return {
    listen(ip, port, handler) {
      const host = hosts.get(ip);
      if (!host) throw new ConnectionError('EHOSTUNREACH', ip);
      if (host.listeners.has(port)) throw new Error(`listen EADDRINUSE: address already in use ${ip}:${port}`);
      host.listeners.set(port, handler);
      return toDisposable(() => {
        if (host.listeners.get(port) === handler) host.listeners.delete(port);
      });
    },

    addHost(ip, node) {
      const host = hosts.get(ip) ?? { uses: 0, node, listeners: new Map<number, ConnectionHandler>() };
      host.uses++;
      host.node ??= node;
      hosts.set(ip, host);
      return toDisposable(() => {
        host.uses--;
        if (host.uses === 0 && hosts.get(ip) === host) hosts.delete(ip);
      });
    },

    connect(from, ip, port) {
      if (isLoopback(ip)) return connectHost(from, from, port);
      const entry = table.at(ip, port);
      if (entry) return connectService(entry, originOf(from), `${ip}:${port}`);
      // A service address answers on the service's ports only.
      if (table.has(ip)) throw new ConnectionError('ECONNREFUSED', `${ip}:${port}`);
      const host = hosts.get(ip);
      const nodePort = table.atNodePort(port);
      if (nodePort && host && host.node !== undefined && isNodeAddress(cache, host.node, ip)) {
        return connectService(nodePort, { ...originOf(ip), ip: from }, `${ip}:${port}`);
      }
      return connectHost(from, ip, port);
    },

    resolve,

    connectNodePort(from, nodePort) {
      const entry = table.atNodePort(nodePort);
      if (!entry) throw new ConnectionError('ECONNREFUSED', `${from}:${nodePort}`);
      return connectService(entry, { ip: from, node: undefined, zone: undefined }, `${from}:${nodePort}`);
    },

    connectLoadBalancer(from, service, port) {
      const entry = table.fromOutside(service, port);
      const asked = `${service.namespace}/${service.name}:${port}`;
      if (!entry) throw new ConnectionError('ECONNREFUSED', asked);
      return connectService(entry, { ip: from, node: undefined, zone: undefined }, asked);
    },

    nodePorts() {
      const outside: Origin = { ip: '127.0.0.1', node: undefined, zone: undefined };
      return Array.from(table.nodePortEntries(), ([nodePort, entry]) => ({
        nodePort,
        service: entry.service,
        open: table.reachable(entry, outside),
      }));
    },

    onNodePortsChange: nodePortsChanged.event,

    dispose() {
      table.dispose();
      nodePortsChanged.dispose();
    },
  };
}

const isNodeAddress = (cache: Cache, node: string, ip: string): boolean =>
  cache.get(Node, { namespace: '', name: node })?.status?.addresses?.some((address) => address.address === ip) ?? false;
