/** Connections to the server of one access: TLS as the kubeconfig wants it, kept open between requests, through a proxy if one is named. */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type AgentOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { connect as connectTls, type ConnectionOptions, createSecureContext } from 'node:tls';
import type { ClusterAccess } from './clusterAccess.ts';
import type { Identity } from './credentials.ts';
import { openTunnel, proxyOf } from './proxy.ts';

/** A connection on which nothing comes, such as a quiet watch, is probed: a machine that slept notices that it is gone. */
const probeMs = 30_000;

export type ClusterAgent = HttpAgent | HttpsAgent;

export function createAgent(access: ClusterAccess, identity: Identity, env = process.env): ClusterAgent {
  const url = new URL(access.server);
  const proxy = proxyOf(url, access.proxyUrl, env);
  const options: AgentOptions = {
    keepAlive: true,
    keepAliveMsecs: probeMs,
    ...(access.tlsServerName ? { servername: access.tlsServerName } : {}),
    ...(access.insecure ? { rejectUnauthorized: false } : {}),
  };
  const secure = url.protocol === 'https:';
  if (secure) {
    // Once for all connections: reading the certificates is most of what opening one costs.
    options.secureContext = createSecureContext({
      ...(access.ca ? { ca: access.ca } : {}),
      ...(identity.cert && identity.key ? { cert: identity.cert, key: identity.key } : {}),
    });
  }
  if (proxy) return secure ? new TunnelAgent(proxy, options) : new PlainTunnelAgent(proxy, { keepAlive: true });
  return secure ? new HttpsAgent(options) : new HttpAgent({ keepAlive: true, keepAliveMsecs: probeMs });
}

type Connected = (error: Error | null, stream: Duplex) => void;
interface Target {
  readonly host?: string | null | undefined;
  readonly port?: string | number | null | undefined;
}

const noStream = undefined as unknown as Duplex;

function tunnelTo(proxy: URL, { host, port }: Target, done: Connected | undefined, wrap: (socket: Duplex) => Duplex): void {
  openTunnel(proxy, host ?? '', Number(port)).then(
    (socket) => done?.(null, wrap(socket)),
    (error: Error) => done?.(error, noStream),
  );
}

/** TLS inside a tunnel. */
class TunnelAgent extends HttpsAgent {
  readonly #proxy: URL;

  constructor(proxy: URL, options: AgentOptions) {
    super(options);
    this.#proxy = proxy;
  }

  override createConnection(options: Target, done?: Connected): undefined {
    tunnelTo(this.#proxy, options, done, (socket) => connectTls({ ...(options as ConnectionOptions), socket }));
  }
}

/** A tunnel as it is. */
class PlainTunnelAgent extends HttpAgent {
  readonly #proxy: URL;

  constructor(proxy: URL, options: AgentOptions) {
    super(options);
    this.#proxy = proxy;
  }

  override createConnection(options: Target, done?: Connected): undefined {
    tunnelTo(this.#proxy, options, done, (socket) => socket);
  }
}
