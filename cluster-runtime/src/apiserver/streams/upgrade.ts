/** Leaving HTTP: the handshakes of SPDY/3.1 and of WebSockets. The WebSocket library is loaded when the first one comes. */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { ApiError, badRequest } from '#common/api/status.ts';
import { unexpected } from '#common/base/unexpected.ts';
import type { Exchange } from '../http/exchange.ts';

export type UpgradeKind = 'websocket' | 'spdy';

/** What the client wants to change to. Throws 400 when it wants nothing that streams. */
export function requestedUpgrade(exchange: Exchange): UpgradeKind {
  const wanted = exchange.request.headers.upgrade?.toLowerCase();
  if (exchange.upgrade && wanted === 'websocket') return 'websocket';
  if (exchange.upgrade && wanted === 'spdy/3.1') return 'spdy';
  throw badRequest('Upgrade request required');
}

function takeSocket(exchange: Exchange): { socket: Duplex; head: Buffer } {
  const upgrade = exchange.upgrade ?? unexpected('an upgrade without a socket');
  exchange.response.detachSocket(exchange.request.socket);
  exchange.answered(101);
  return upgrade;
}

/** The first protocol of the client's that the server has, too. */
export const chooseProtocol = (offered: Iterable<string>, supported: readonly string[]): string | undefined => {
  for (const protocol of offered) if (supported.includes(protocol)) return protocol;
  return undefined;
};

/** Changes to SPDY; gives the raw connection and the stream protocol that was agreed on. */
export function upgradeToSpdy(exchange: Exchange, supported: readonly string[]): { transport: Duplex; protocol: string } {
  const offered = (exchange.request.headersDistinct['x-stream-protocol-version'] ?? [])
    .flatMap((line) => line.split(','))
    .map((p) => p.trim());
  const protocol = offered.length === 0 ? supported.at(-1) : chooseProtocol(offered, supported);
  if (protocol === undefined) {
    throw new ApiError(
      403,
      'Forbidden',
      `unable to upgrade: unable to negotiate protocol: client supports [${offered.join(' ')}], server accepts [${supported.join(' ')}]`,
    );
  }
  const { socket, head } = takeSocket(exchange);
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n${offered.length > 0 ? `X-Stream-Protocol-Version: ${protocol}\r\n` : ''}\r\n`,
  );
  if (head.length > 0) socket.unshift(head);
  return { transport: socket, protocol };
}

/** Changes to a WebSocket; `protocol` is empty when the client named none. */
export async function upgradeToWebSocket(
  exchange: Exchange,
  supported: readonly string[],
): Promise<{ webSocket: WebSocket; protocol: string }> {
  const offered = (exchange.request.headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((p) => p.trim())
    .filter(Boolean);
  const protocol = chooseProtocol(offered, supported) ?? '';
  if (offered.length > 0 && !protocol) {
    throw badRequest(
      `unable to upgrade: none of the protocols [${offered.join(' ')}] is supported, server accepts [${supported.join(' ')}]`,
    );
  }
  const { WebSocketServer } = await import('ws');
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    handleProtocols: () => protocol || false,
    maxPayload: 32 * 1024 * 1024,
  });
  const { socket, head } = takeSocket(exchange);
  const webSocket = await new Promise<WebSocket>((resolve, reject) => {
    socket.once('close', () => reject(badRequest('the connection was closed in the middle of the handshake')));
    server.handleUpgrade(exchange.request, socket, head, resolve);
  });
  return { webSocket, protocol };
}
