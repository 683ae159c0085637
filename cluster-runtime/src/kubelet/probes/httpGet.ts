/** One HTTP GET over the virtual network: probes and lifecycle hooks. */
import http from 'node:http';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import type * as api from '#common/schema/generated/types.ts';
import type { PodHost } from '../pod/podHost.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/** More of an answer is not read. */
const longestBody = 10 * 1024;

/** The number of a port that is given by number or by the name of a container port. */
export function portNumber(port: number | string, container: api.Container): number | undefined {
  if (typeof port === 'number') return port;
  return (
    container.ports?.find((candidate) => candidate.name === port)?.containerPort ??
    (/^\d+$/.test(port) ? Number(port) : undefined)
  );
}

export function urlOf(action: api.HTTPGetAction, host: string, port: number): string {
  const path = action.path ?? '/';
  return `${(action.scheme ?? 'HTTP').toLowerCase()}://${host}:${port}${path.startsWith('/') ? '' : '/'}${path}`;
}

/** Resolves with the answer; rejects with the connection's error, or with the signal's reason. */
export function httpGet(
  host: PodHost,
  action: api.HTTPGetAction,
  container: api.Container,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
  const address = action.host || host.self.podIP;
  const port = portNumber(action.port, container);
  if (port === undefined) return Promise.reject(new Error(`couldn't find port: ${action.port}`));
  const socket: Duplex = host.machine.ctx.network.connect(host.machine.ip, address, port);
  const secure = action.scheme === 'HTTPS';
  const headers: Record<string, string> = {
    'User-Agent': 'kube-probe/1.36',
    Accept: '*/*',
    Connection: 'close',
    Host: `${address}:${port}`,
  };
  for (const { name, value } of action.httpHeaders ?? []) headers[name] = value;
  const request = http.get({
    path: new URL(urlOf(action, address, port)).pathname + (/\?.*$/.exec(action.path ?? '')?.[0] ?? ''),
    headers,
    signal,
    createConnection: () => (secure ? tls.connect({ socket, rejectUnauthorized: false }) : socket),
  });
  request.once('error', reject);
  request.once('response', (response) => {
    let body = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      if (body.length < longestBody) body += chunk;
    });
    response.once('error', reject);
    response.once('end', () => resolve({ status: response.statusCode ?? 0, body: body.slice(0, longestBody) }));
  });
  return promise.finally(() => socket.destroy());
}
