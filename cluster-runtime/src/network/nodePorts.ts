/**
 * The network's edge: a real TCP listener on 127.0.0.1 for each node port (LoadBalancer services have them too), there
 * while some endpoint can take a connection, so that a client is refused otherwise, as kube-proxy refuses it. A port
 * that another program holds is reported once and tried again whenever something changes.
 */
import { createServer, type Server, type Socket } from 'node:net';
import type { Context } from '#common/base/context.ts';
import type * as api from '#common/schema/generated/types.ts';
import { joinConnections } from './connectionPair.ts';
import { ConnectionError, type Network } from './network.ts';

export interface NodePortOptions {
  network: Network;
  /** Called once for each port that cannot be opened, with a sentence for people. */
  reportProblem(service: api.Service, message: string): void;
}

const address = '127.0.0.1';

export class NodePorts {
  readonly #ctx: Context;
  readonly #options: NodePortOptions;
  readonly #servers = new Map<number, Server>();
  readonly #sockets = new Set<Socket>();
  readonly #problems = new Map<number, string>();

  constructor(ctx: Context, options: NodePortOptions) {
    this.#ctx = ctx;
    this.#options = options;
  }

  /** Keeps the listeners as they should be until shutdown. */
  async run(): Promise<void> {
    const { network } = this.#options;
    const { signal } = this.#ctx;
    const watching = network.onNodePortsChange(() => this.#reconcile());
    this.#reconcile();
    if (!signal.aborted) await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    watching.dispose();
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(
      Array.from(this.#servers.values(), (server) => new Promise<void>((resolve) => server.close(() => resolve()))),
    );
    this.#servers.clear();
  }

  #reconcile(): void {
    if (this.#ctx.signal.aborted) return;
    const wanted = new Map(
      this.#options.network.nodePorts().flatMap((state) => (state.open ? [[state.nodePort, state.service] as const] : [])),
    );
    for (const [port, server] of this.#servers) {
      if (wanted.has(port)) continue;
      this.#servers.delete(port);
      server.close();
    }
    for (const port of this.#problems.keys()) if (!wanted.has(port)) this.#problems.delete(port);
    for (const [port, service] of wanted) if (!this.#servers.has(port)) this.#open(port, service);
  }

  #open(port: number, service: api.Service): void {
    const server = createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket, port));
    this.#servers.set(port, server);
    server.once('listening', () => this.#problems.delete(port));
    server.on('error', (error: NodeJS.ErrnoException) => {
      if (this.#servers.get(port) === server) this.#servers.delete(port);
      this.#report(port, service, error);
    });
    server.listen({ host: address, port });
  }

  #report(port: number, service: api.Service, error: NodeJS.ErrnoException): void {
    const code = error.code ?? 'unknown';
    if (this.#problems.get(port) === code) return;
    this.#problems.set(port, code);
    const why = code === 'EADDRINUSE' ? 'another program on this machine uses it' : `${code}: ${error.message}`;
    this.#ctx.log.warn(`node port ${port} cannot be opened on ${address}`, {
      code,
      service: `${service.metadata.namespace}/${service.metadata.name}`,
    });
    this.#options.reportProblem(service, `Node port ${port} cannot be opened on ${address}: ${why}`);
  }

  #accept(socket: Socket, port: number): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    try {
      joinConnections(socket, this.#options.network.connectNodePort(socket.remoteAddress ?? address, port));
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      socket.resetAndDestroy();
    }
  }
}
