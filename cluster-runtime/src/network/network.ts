/**
 * The cluster's network, without real packets: addresses are strings, a connection is a pair of in-memory duplex
 * streams. Real sockets exist only at the edges on 127.0.0.1 (NodePort, port-forward).
 */
import type { Duplex } from 'node:stream';
import type { Disposable } from '#common/base/disposable.ts';
import type { ObjectKey } from '#common/api/meta.ts';
import type { Service } from '#common/schema/generated/types.ts';

/** What went wrong with a connection, as a libc program would word it. */
export class ConnectionError extends Error {
  readonly code: 'ECONNREFUSED' | 'EHOSTUNREACH' | 'ENOTFOUND' | 'ETIMEDOUT';
  constructor(code: 'ECONNREFUSED' | 'EHOSTUNREACH' | 'ENOTFOUND' | 'ETIMEDOUT', target: string) {
    super(`${code}: ${target}`);
    this.code = code;
  }
}

/** Takes a new connection; `from` is the peer's IP. */
export type ConnectionHandler = (socket: Duplex, from: string) => void;

export interface Network {
  /** Accepts connections to `ip`:`port`. Throws when that port is taken. */
  listen(ip: string, port: number, handler: ConnectionHandler): Disposable;
  /**
   * An address that answers (with refusals, where nobody listens): a pod or a node. `node` is the node that it is on;
   * traffic policies that keep to one node go by it.
   */
  addHost(ip: string, node?: string): Disposable;
  /**
   * Opens a connection from `from` to a pod IP, a cluster IP (balanced over ready endpoints) or a node IP, where node
   * ports answer too. A loopback address is `from` itself. Throws ConnectionError.
   */
  connect(from: string, ip: string, port: number): Duplex;
  /**
   * Resolves a name as cluster DNS does for a pod of `namespace`: `svc`, `svc.ns`, `svc.ns.svc.cluster.local`,
   * pod names of a headless service; an IP is itself. Empty when there is no such name.
   */
  resolve(name: string, namespace: string): readonly string[];
  /**
   * Connects to a Service's node port, as from outside the cluster. Throws ConnectionError: ECONNREFUSED while no
   * endpoint can take the connection.
   */
  connectNodePort(from: string, nodePort: number): Duplex;
  /** Connects to a port of a Service as a load balancer in front of it does. Throws ConnectionError, as above. */
  connectLoadBalancer(from: string, service: ObjectKey, port: number): Duplex;
  /** Node ports of TCP services; `open` while some endpoint could take a connection. */
  nodePorts(): readonly NodePortState[];
  /** Calls back, once per turn at most, after `nodePorts()` may have changed. */
  onNodePortsChange(listener: () => void): Disposable;
}

export interface NodePortState {
  readonly nodePort: number;
  readonly service: Service;
  readonly open: boolean;
}
