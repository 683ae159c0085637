/**
 * HTTP servers of simulated programs. Node's own server speaks the protocol on in-memory connections; it is made when
 * the first connection comes, so a server that nobody asks costs next to nothing.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Process } from '../process/process.ts';

/** Processor time that answering costs by itself; programs that compute something for it add their own. */
const requestCpuMs = 0.5;

export interface HttpExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The client's address. */
  readonly from: string;
  /** Size of the body that was sent. */
  readonly sentBytes: number;
  /** The request's body, read to its end. */
  body(): Promise<Buffer>;
  /** Answers and ends. `Date` (the cluster's) and `Content-Length` are added, after `Server` if that is given first. */
  send(status: number, headers: Readonly<Record<string, string>>, body: string | Uint8Array): void;
}

export type HttpHandler = (exchange: HttpExchange) => void | Promise<void>;

/** Serves `port` until the process ends. Throws when the port is taken. */
export function serveHttp(process: Process, port: number, handler: HttpHandler): void {
  let clients: WeakMap<Duplex, string> | undefined;
  let server: Promise<Server> | undefined;
  process.container.listen(process, port, (socket, from) => {
    (clients ??= new WeakMap()).set(socket, from);
    process.ownSocket(socket);
    server ??= httpServer(process, clients, handler);
    void server.then((ready) => ready.emit('connection', socket));
  });
}

async function httpServer(process: Process, clients: WeakMap<Duplex, string>, handler: HttpHandler): Promise<Server> {
  const { createServer } = await import('node:http');
  // No timers for idle connections: both ends live in this process.
  const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 }, (request, response) => {
    response.sendDate = false;
    process.container.countWork(requestCpuMs);
    let sentBytes = 0;
    const exchange: HttpExchange = {
      get sentBytes() {
        return sentBytes;
      },
      request,
      response,
      from: clients.get(request.socket) ?? '',
      body: async () => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        return Buffer.concat(chunks);
      },
      send(status, headers, body) {
        const bytes = typeof body === 'string' ? Buffer.from(body) : body;
        const { Server: product, ...rest } = headers;
        response.writeHead(status, {
          ...(product === undefined ? {} : { Server: product }),
          Date: new Date(process.container.clock.now()).toUTCString(),
          ...rest,
          'Content-Length': String(bytes.length),
        });
        sentBytes = request.method === 'HEAD' ? 0 : bytes.length;
        response.end(request.method === 'HEAD' ? undefined : bytes);
      },
    };
    void (async () => {
      try {
        await handler(exchange);
      } catch (error) {
        process.container.reportCrash(process, error);
        if (!response.headersSent) exchange.send(500, { 'Content-Type': 'text/plain' }, 'internal error\n');
      }
    })();
  });
  // A client that has sent all it has to say still wants its answer: `printf … | nc`.
  return Object.assign(server, { httpAllowHalfOpen: true });
}
