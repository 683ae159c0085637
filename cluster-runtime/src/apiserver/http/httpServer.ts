/**
 * The listening socket: HTTPS on 127.0.0.1 and nowhere else, HTTP/1.1 only. Requests that ask for another protocol come
 * with their socket, and with an ordinary response for the case that they are refused.
 */
import { ServerResponse, type IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { DEFAULT_CIPHERS } from 'node:tls';

export interface ServingCertificates {
  readonly cert: string;
  readonly key: string;
  /** The CA whose client certificates are accepted. */
  readonly ca: string;
}

/** A request that may leave HTTP. `head` is what the client sent after its headers. */
export interface Upgrade {
  readonly socket: Duplex;
  readonly head: Buffer;
}

export type RequestListener = (request: IncomingMessage, response: ServerResponse, upgrade: Upgrade | undefined) => void;

const idleConnectionMs = 180_000;

export class HttpServer {
  readonly #server: Server;
  /** Every connection, also those still in their handshake and those that left HTTP, of which the server keeps no list. */
  readonly #connections = new Set<Socket>();

  constructor(certificates: ServingCertificates, listener: RequestListener) {
    this.#server = createServer(
      {
        cert: certificates.cert,
        key: certificates.key,
        ca: certificates.ca,
        requestCert: true,
        rejectUnauthorized: false,
        // The lighter of the two is as good here, and lists are long.
        ciphers: `TLS_AES_128_GCM_SHA256:${DEFAULT_CIPHERS}`,
        honorCipherOrder: true,
        ALPNProtocols: ['http/1.1'],
        keepAlive: true,
        keepAliveTimeout: idleConnectionMs,
        requestTimeout: 0,
        noDelay: true,
      },
      (request, response) => listener(request, response, undefined),
    );
    this.#server.on('upgrade', (request, socket, head) => {
      const response = new ServerResponse(request);
      response.assignSocket(socket as Socket);
      response.shouldKeepAlive = false;
      response.on('finish', () => socket.end());
      // A peer that goes away in the middle of a stream ends that stream; there is nobody left to tell.
      socket.on('error', () => socket.destroy());
      listener(request, response, { socket, head });
    });
    this.#server.on('connection', (socket: Socket) => {
      this.#connections.add(socket);
      socket.once('close', () => this.#connections.delete(socket));
    });
    // Handshakes fail for reasons of the client's; they concern nobody else.
    this.#server.on('tlsClientError', (_error, socket) => socket.destroy());
    this.#server.on('clientError', (_error, socket) => {
      if (socket.writable)
        socket.end(
          'HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request',
        );
      else socket.destroy();
    });
  }

  listen(port: number): Promise<{ port: number }> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => {
        this.#server.off('error', reject);
        resolve({ port: (this.#server.address() as AddressInfo).port });
      });
    });
  }

  /** Stops accepting and cuts what is open. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      for (const socket of this.#connections) socket.destroy();
    });
  }
}
