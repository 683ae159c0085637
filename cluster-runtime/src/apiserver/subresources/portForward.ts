/** `/portforward`: connections from the client's machine to ports of a pod. */
import { createWebSocketStream } from '../streams/webSocketStream.ts';
import { badRequest } from '#common/api/status.ts';
import { servePortForward } from '../streams/portForwardSpdy.ts';
import { servePortChannels } from '../streams/portForwardWebSocket.ts';
import { requestedUpgrade, upgradeToSpdy, upgradeToWebSocket } from '../streams/upgrade.ts';
import { keyOfRequest } from '../resourceHandlers.ts';
import { podOfRequest, requireHost } from './podContainer.ts';
import { reviewConnect } from './reviewSent.ts';
import type { Subresource } from './subresource.ts';

const tunnel = 'SPDY/3.1+portforward.k8s.io';
const channelProtocols = [
  'v5.channel.k8s.io',
  'v4.channel.k8s.io',
  'v4.base64.channel.k8s.io',
  'v3.channel.k8s.io',
  'v2.channel.k8s.io',
  'channel.k8s.io',
  'base64.channel.k8s.io',
  'portforward.k8s.io',
];

export const portForward: Subresource = {
  methods: ['GET', 'POST'],
  async handle(exchange, resource, context) {
    const ports = exchange.query
      .all('ports')
      .flatMap((list) => list.split(','))
      .map(parsePort);
    await reviewConnect(exchange, resource, context, 'portforward', 'PodPortForwardOptions', ports.length > 0 ? { ports } : {});
    const pod = podOfRequest(exchange, resource);
    requireHost(pod);
    const kind = requestedUpgrade(exchange);
    const key = keyOfRequest(exchange, resource);
    const open = (port: number) => context.streams.portForward(key, port);
    const describe = (port: number, error: unknown): string =>
      `error forwarding port ${port} to pod ${pod.metadata.name}, uid ${pod.metadata.uid}: ${String((error as Error)?.message ?? error)}`;
    if (kind === 'spdy') {
      const { transport } = upgradeToSpdy(exchange, ['portforward.k8s.io']);
      return servePortForward(transport, open, describe);
    }
    const { webSocket, protocol } = await upgradeToWebSocket(exchange, [tunnel, ...channelProtocols]);
    if (protocol === tunnel) return servePortForward(createWebSocketStream(webSocket), open, describe);
    servePortChannels(webSocket, protocol, ports, open, describe);
  },
};

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw badRequest(`port ${JSON.stringify(text)} must be > 0 and < 65536`);
  return port;
}
