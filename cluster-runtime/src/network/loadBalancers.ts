/**
 * The load balancers of this machine: for each Service an address of its own in 127.0.0.0/8, with a real TCP listener for
 * every port. Where the system has no such address, or a port there is not ours to open, another place takes its part
 * and is named in a sentence for people. Connections of clients outside loadBalancerSourceRanges are reset.
 */
import { createServer, type Server, type Socket } from 'node:net';
import { createHash } from 'node:crypto';
import type { Context } from '#common/base/context.ts';
import { cidrContains, parseCidr, parseIp } from '#common/api/ipAddress.ts';
import { keyOf } from '#common/api/meta.ts';
import type * as api from '#common/schema/generated/types.ts';
import { joinConnections } from './connectionPair.ts';
import { ConnectionError, type Network } from './network.ts';

/** What a Service has got. */
export interface Balanced {
  readonly ip: string;
  /** Ports that are not open under their own number at `ip`, and why and where instead. */
  readonly problems: readonly { readonly port: number; readonly error: string; readonly message: string }[];
}

interface Listener {
  readonly server: Server;
  readonly at: { readonly ip: string; readonly port: number };
  /** Why it is not where it should be. */
  readonly problem?: string;
}

interface Balancer {
  service: api.Service;
  ip: string;
  readonly listeners: Map<number, Listener>;
}

const fallbackAddress = '127.0.0.1';
/** How many addresses are tried until all ports of a Service are free. */
const addressAttempts = 16;
/** Ports that only the administrator may open are tried so much higher: 80 at 8080, 443 at 8443. */
const unprivilegedOffset = new Map([[80, 8080]]);
const unprivileged = (port: number): number => unprivilegedOffset.get(port) ?? 8000 + port;

export class LoadBalancers {
  readonly #ctx: Context;
  readonly #network: Network;
  readonly #balancers = new Map<string, Balancer>();
  readonly #sockets = new Set<Socket>();

  constructor(ctx: Context, network: Network) {
    this.#ctx = ctx;
    this.#network = network;
  }

  /** Sees that the Service has its address and that its present ports, and no others, are open. */
  async ensure(service: api.Service): Promise<Balanced> {
    const uid = service.metadata.uid ?? '';
    const ports = (service.spec?.ports ?? []).filter(({ protocol = 'TCP' }) => protocol === 'TCP').map(({ port }) => port);
    const balancer = this.#balancers.get(uid) ?? { service, ip: await this.#findAddress(service, ports), listeners: new Map() };
    balancer.service = service;
    this.#balancers.set(uid, balancer);
    for (const [port, { server }] of balancer.listeners) {
      if (ports.includes(port)) continue;
      balancer.listeners.delete(port);
      server.close();
    }
    const problems: Balanced['problems'][number][] = [];
    for (const { port, protocol = 'TCP' } of service.spec?.ports ?? []) {
      if (protocol === 'TCP') {
        const problem = await this.#openPort(balancer, port);
        if (problem) problems.push(problem);
      } else {
        const message = `port ${port}/${protocol} of the load balancer cannot be opened: only TCP is carried`;
        problems.push({ port, error: 'ProtocolNotSupported', message });
      }
    }
    return { ip: balancer.ip, problems };
  }

  async release(uid: string): Promise<void> {
    const balancer = this.#balancers.get(uid);
    this.#balancers.delete(uid);
    await Promise.all(Array.from(balancer?.listeners.values() ?? [], ({ server }) => closed(server)));
  }

  /** Waits for the end of the cluster and closes everything. */
  async run(): Promise<void> {
    const { signal } = this.#ctx;
    if (!signal.aborted) await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(Array.from(this.#balancers.keys(), (uid) => this.release(uid)));
  }

  /** The first address of the Service's row of addresses where its ports are free; what it had before comes first. */
  async #findAddress(service: api.Service, ports: readonly number[]): Promise<string> {
    const taken = new Set(Array.from(this.#balancers.values(), ({ ip }) => ip));
    for (const ip of addressesFor(service)) {
      if (taken.has(ip)) continue;
      const results = await Promise.all(ports.map((port) => probe(ip, port)));
      if (results.includes('EADDRNOTAVAIL')) return fallbackAddress;
      if (!results.includes('EADDRINUSE')) return ip;
    }
    return fallbackAddress;
  }

  async #openPort(balancer: Balancer, port: number): Promise<Balanced['problems'][number] | undefined> {
    const listener = balancer.listeners.get(port) ?? (await this.#listen(balancer, port));
    if (typeof listener === 'string') {
      const message = `port ${port} of the load balancer cannot be opened at ${balancer.ip}: ${listener}`;
      return { port, error: 'PortUnavailable', message };
    }
    balancer.listeners.set(port, listener);
    if (listener.at.ip === balancer.ip && listener.at.port === port) return undefined;
    const place = `${listener.at.ip}:${listener.at.port}`;
    const message = `port ${port} of the load balancer cannot be opened at ${balancer.ip}: ${listener.problem}; it listens at ${place}`;
    return { port, error: 'PortMoved', message };
  }

  /** The listener, at the port itself, at one that anybody may open, or at any; else what the system says. */
  async #listen(balancer: Balancer, port: number): Promise<Listener | string> {
    let first: string | undefined;
    for (const candidate of [port, unprivileged(port), 0]) {
      if (candidate > 65_535) continue;
      const server = createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket, balancer, port));
      const problem = await listening(server, balancer.ip, candidate);
      const address = server.address();
      if (problem === undefined && address && typeof address === 'object')
        return { server, at: { ip: balancer.ip, port: address.port }, ...(first === undefined ? {} : { problem: first }) };
      first ??= reasonOf(problem);
    }
    return first ?? '';
  }

  #accept(socket: Socket, { service }: Balancer, port: number): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    const from = socket.remoteAddress ?? fallbackAddress;
    try {
      if (!mayConnect(service, from)) throw new ConnectionError('ETIMEDOUT', `${from} is in no source range`);
      joinConnections(socket, this.#network.connectLoadBalancer(from, keyOf(service), port));
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      socket.resetAndDestroy();
    }
  }
}

/** Addresses that a Service may have: one asked for, one it had, then those that its name gives. */
export function* addressesFor({ metadata, spec, status }: api.Service): Generator<string> {
  const known = [spec?.loadBalancerIP, status?.loadBalancer?.ingress?.[0]?.ip];
  for (const ip of known) if (ip && /^127\./.test(ip) && parseIp(ip) && ip !== fallbackAddress) yield ip;
  for (let i = 0; i < addressAttempts; i++) {
    const digest = createHash('sha256').update(`${metadata.namespace}/${metadata.name}/${i}`).digest();
    // Away from 127.0.x.y, where resolvers of other programs live, and from the ends of each range.
    yield `127.${16 + ((digest[0] ?? 0) % 100)}.${digest[1]}.${1 + ((digest[2] ?? 0) % 254)}`;
  }
}

/** Whether loadBalancerSourceRanges, where there are any, contain the client. */
export function mayConnect({ spec }: api.Service, client: string): boolean {
  const ranges = spec?.loadBalancerSourceRanges ?? [];
  const ip = parseIp(client.replace(/^::ffff:/, ''));
  return ranges.length === 0 || ranges.some((text) => containsAddress(text.trim(), ip));
}

function containsAddress(text: string, ip: ReturnType<typeof parseIp>): boolean {
  const cidr = parseCidr(text);
  return cidr !== undefined && ip !== undefined && cidrContains(cidr, ip);
}

const closed = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()));

/** Resolves with the system's error code, or undefined once the server listens. */
const listening = (server: Server, host: string, port: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port }, () => resolve(undefined));
  });

/** The system's code in words for those that people meet. */
function reasonOf(code = ''): string {
  if (code === 'EACCES') return 'only the administrator may open ports below 1024';
  return code === 'EADDRINUSE' ? 'another program has it' : code;
}

/** What the system says to a listener there: nothing, or an error's code. */
async function probe(ip: string, port: number): Promise<string | undefined> {
  const server = createServer();
  const problem = await listening(server, ip, port);
  if (problem === undefined) await closed(server);
  return problem;
}
