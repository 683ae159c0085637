/**
 * `/proxy`: an HTTP request to a pod, a service or a node, made by the API server through the cluster's network.
 * Differs from Kubernetes: links in HTML answers are passed on as they are.
 */
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import { ApiError } from '#common/api/status.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Resource } from '../registry/registry.ts';
import { resolveProxyTarget } from './proxyTarget.ts';
import { reviewConnect } from './reviewSent.ts';
import type { Subresource, SubresourceContext } from './subresource.ts';

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

const unavailable = (message: string): ApiError => new ApiError(503, 'ServiceUnavailable', message);
const unreachable = (error: unknown): ApiError =>
  error instanceof ApiError ? error : unavailable(`error trying to reach service: ${String((error as Error)?.message ?? error)}`);

/** What belongs to the connection, or to the API server, and is not the target's business. */
const ownHeaders = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'te',
  'trailer',
  'authorization',
  'host',
]);

function headersFor(exchange: Exchange): IncomingHttpHeaders {
  const headers: IncomingHttpHeaders = {};
  for (const [name, value] of Object.entries(exchange.request.headers)) {
    if (!ownHeaders.has(name) && !name.startsWith('impersonate-')) headers[name] = value;
  }
  const { info, request } = exchange;
  headers['x-forwarded-for'] = [request.headers['x-forwarded-for'], request.socket.remoteAddress].filter(Boolean).join(', ');
  headers['x-forwarded-proto'] = 'https';
  headers['x-forwarded-uri'] = info.path;
  if (request.headers.host) {
    headers['x-forwarded-host'] = request.headers.host;
    headers['host'] = request.headers.host;
  }
  return headers;
}

async function connectTo(
  exchange: Exchange,
  resource: Resource,
  { connect, registry, streams }: SubresourceContext,
): Promise<Duplex> {
  const namespace = resource.kind.namespaced ? exchange.info.namespace : '';
  const target = resolveProxyTarget(resource, namespace, exchange.info.name, registry);
  try {
    if (connect) return await connect(target.ip, target.port);
    // Without a way into the network there is still the way through the pod's node.
    if (target.pod) return streams.portForward(target.pod, target.port);
  } catch (error) {
    throw unreachable(error);
  }
  throw unavailable('this API server has no way into the cluster network');
}

export const proxy: Subresource = {
  methods,
  takesPath: true,
  async handle(exchange, resource, context) {
    const { info, query, request, response } = exchange;
    const options = `${resource.kind.kind}ProxyOptions`;
    const below = info.rest.length > 0 || info.trailingSlash ? { path: `/${info.rest.join('/')}` } : {};
    await reviewConnect(exchange, resource, context, 'proxy', options, below);
    const socket = await connectTo(exchange, resource, context);
    const search = query.text ? `?${query.text}` : '';
    if (info.rest.length === 0 && !info.trailingSlash && exchange.method === 'GET') {
      socket.destroy();
      exchange.sendBytes(301, 'text/html; charset=utf-8', Buffer.alloc(0), ['Location', `${info.path}/${search}`]);
      return;
    }
    const path = `/${info.rest.map(encodeURIComponent).join('/')}${info.trailingSlash && info.rest.length > 0 ? '/' : ''}${search}`;
    if (exchange.upgrade) return tunnel(exchange, socket, path);
    await new Promise<void>((resolve, reject) => {
      const outgoing = httpRequest(
        { method: exchange.method, path, headers: headersFor(exchange), createConnection: () => socket },
        (answer) => {
          const headers = Object.entries(answer.headersDistinct).flatMap(([name, values]) =>
            ownHeaders.has(name) ? [] : (values ?? []).flatMap((value) => [name, value]),
          );
          response.writeHead(answer.statusCode ?? 502, answer.statusMessage, headers);
          exchange.answered(answer.statusCode ?? 502);
          answer.pipe(response);
          answer.on('error', () => response.destroy());
          answer.on('close', resolve);
        },
      );
      outgoing.on('error', (error) => reject(unreachable(error)));
      response.on('close', () => {
        outgoing.destroy();
        resolve();
      });
      request.pipe(outgoing);
    });
  },
};

/** A request that changes the protocol is handed over byte by byte. */
function tunnel(exchange: Exchange, target: Duplex, path: string): void {
  const { upgrade, request, response } = exchange;
  if (!upgrade) return;
  response.detachSocket(request.socket);
  exchange.answered(101);
  const headers = { ...headersFor(exchange), connection: 'Upgrade' };
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((v) => `${name}: ${v}\r\n`),
  );
  target.write(`${exchange.method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
  if (upgrade.head.length > 0) target.write(upgrade.head);
  upgrade.socket.pipe(target).pipe(upgrade.socket);
  const end = (): void => {
    target.destroy();
    upgrade.socket.destroy();
  };
  target.on('error', end).on('close', end);
  upgrade.socket.on('close', end);
}
