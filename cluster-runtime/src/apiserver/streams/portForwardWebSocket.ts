/**
 * Port-forward over a WebSocket without SPDY: two channels for each port of the request, data and error, both opened by
 * the server with the port's number in two bytes, little endian.
 */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { ChannelSocket } from './webSocketChannels.ts';
import type { OpenPort } from './portForwardSpdy.ts';

export function servePortChannels(
  webSocket: WebSocket,
  protocol: string,
  ports: readonly number[],
  open: OpenPort,
  describe: (port: number, error: unknown) => string,
): void {
  const socket = new ChannelSocket(webSocket, protocol.includes('base64'));
  const targets = ports.map((port, index) => openChannel(socket, port, index, open, describe));
  socket.onMessage((number, data) => {
    const target = number % 2 === 0 ? targets[number / 2] : undefined;
    if (!target || target.destroyed || target.write(data)) return;
    webSocket.pause();
    target.once('drain', () => webSocket.resume());
    target.once('close', () => webSocket.resume());
  });
  webSocket.on('close', () => {
    for (const target of targets) target?.destroy();
  });
  // The close event follows every error.
  webSocket.on('error', () => undefined);
}

function openChannel(
  socket: ChannelSocket,
  port: number,
  index: number,
  open: OpenPort,
  describe: (port: number, error: unknown) => string,
): Duplex | undefined {
  const [data, error] = [index * 2, index * 2 + 1];
  const number = Buffer.alloc(2);
  number.writeUInt16LE(port, 0);
  socket.send(data, number);
  socket.send(error, number);
  const fail = (problem: unknown): void => socket.send(error, Buffer.from(describe(port, problem)));
  try {
    const target = open(port);
    target.on('error', fail);
    target.pipe(socket.writable(data), { end: false });
    return target;
  } catch (problem) {
    fail(problem);
    return undefined;
  }
}
