/** HTTP requests of simulated programs, over connections of the cluster's network. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Process } from '../process/process.ts';

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  /** Sent as they are, in this order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: Uint8Array;
}

/** The peer closed the connection without an answer, or answered something that is not HTTP. */
export class HttpProtocolError extends Error {
  readonly kind: 'empty' | 'malformed';
  constructor(kind: 'empty' | 'malformed', message: string) {
    super(message);
    this.kind = kind;
  }
}

/** Sends one request on `socket` and resolves with the head of the answer; its body is then a stream. */
export async function requestOver(socket: Duplex, request: HttpRequest): Promise<IncomingMessage> {
  const http = await import('node:http');
  return new Promise((resolve, reject) => {
    const outgoing = http.request({
      method: request.method,
      path: request.path,
      createConnection: () => socket,
      setHost: false,
      setDefaultHeaders: false,
      headers: request.headers.flat(),
    });
    outgoing.once('response', (response) => resolve(response));
    outgoing.once('error', (error: NodeJS.ErrnoException) => {
      const kind = error.code?.startsWith('HPE_') ? 'malformed' : 'empty';
      reject(new HttpProtocolError(kind, error.message));
    });
    outgoing.once('close', () => reject(new HttpProtocolError('empty', 'connection closed')));
    outgoing.end(request.body);
  });
}

/** A response's body in pieces; ends with the process. */
export async function* bodyOf(process: Process, response: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of response) {
      if (process.ended) return;
      yield chunk as Buffer;
    }
  } catch (error) {
    throw new HttpProtocolError('empty', String((error as Error).message));
  }
}

export async function readBody(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
