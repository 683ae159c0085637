/**
 * Port-forward over SPDY, on a connection of its own or inside a WebSocket: for each connection to its local port the
 * client opens a pair of streams, `error` and `data`, tied together by a request number.
 */
import type { Duplex } from 'node:stream';
import { SpdyConnection, type SpdyStream } from './spdyConnection.ts';

export type OpenPort = (port: number) => Duplex;

interface Pair {
  error?: SpdyStream;
  data?: SpdyStream;
}

/** Serves port-forwarding on `transport` until the client leaves. `describe` words a failure. */
export async function servePortForward(
  transport: Duplex,
  open: OpenPort,
  describe: (port: number, error: unknown) => string,
): Promise<void> {
  const pairs = new Map<string, Pair>();
  const connection = new SpdyConnection(transport, (stream) => {
    const type = stream.headers.get('streamtype');
    const port = Number(stream.headers.get('port'));
    // Clients from before the request numbers open one pair after the other.
    const request = stream.headers.get('requestid') ?? String(type === 'error' ? stream.id : stream.id - 2);
    if ((type !== 'error' && type !== 'data') || !(port > 0 && port < 65536)) {
      stream.destroy();
      return;
    }
    const pair = pairs.get(request) ?? {};
    pair[type] = stream;
    pairs.set(request, pair);
    if (!pair.error || !pair.data) return;
    pairs.delete(request);
    forward(pair.data, pair.error, port, open, describe);
  });
  await connection.run();
}

function forward(
  data: SpdyStream,
  error: SpdyStream,
  port: number,
  open: OpenPort,
  describe: (port: number, error: unknown) => string,
): void {
  // The client closes its half of the error stream at once; nothing is expected there.
  error.resume();
  const fail = (problem: unknown): void => {
    if (!error.writableEnded) error.end(describe(port, problem));
    data.end();
  };
  let target: Duplex;
  try {
    target = open(port);
  } catch (problem) {
    fail(problem);
    return;
  }
  target.on('error', fail);
  data.on('close', () => target.destroy());
  target.on('close', () => {
    if (!error.writableEnded) error.end();
    if (!data.writableEnded) data.end();
  });
  target.on('end', () => error.end());
  data.pipe(target);
  target.pipe(data);
}
