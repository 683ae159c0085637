/**
 * Connections from this machine to a port of a pod. Each has a WebSocket of its own: channel 0 carries its bytes, channel 1
 * says why it failed, and both begin with the port's number. The protocol cannot half-close: what ends, ends both ways.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import type { ApiClient } from '../apiClient.ts';
import { resourcePath, withQuery } from '../apiPath.ts';
import { ConnectionError } from '../connectionError.ts';

export interface PortTarget {
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
}

const protocols = ['v4.channel.k8s.io'];
const [dataChannel, errorChannel] = [0, 1];
/** Each channel's first message is the port. */
const portBytes = 2;

/** One connection. Rejects with ApiError when the pod cannot be reached; errors of the port itself end the stream. */
export async function connectToPod(api: ApiClient, { namespace, pod, port }: PortTarget, signal?: AbortSignal): Promise<Duplex> {
  const path = withQuery(`${resourcePath('v1', 'pods', namespace, pod)}/portforward`, { ports: port });
  return new PodConnection(await api.openWebSocket(path, protocols, signal));
}

class PodConnection extends Duplex {
  readonly #socket: WebSocket;
  readonly #hasBegun = [false, false];

  constructor(socket: WebSocket) {
    super({ allowHalfOpen: false });
    this.#socket = socket;
    socket.on('message', (raw) => this.#take(bytesOf(raw)));
    socket.on('close', () => this.push(null));
  }

  override _read(): void {
    if (this.#socket.isPaused) this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return done();
    this.#socket.send(Buffer.concat([Buffer.from([dataChannel]), chunk]), (error) => done(error));
  }

  override _final(done: () => void): void {
    this.#socket.close();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.terminate();
    done(error);
  }

  #take(bytes: Buffer): void {
    const number = bytes[0] ?? errorChannel;
    let data = bytes.subarray(1);
    if (!this.#hasBegun[number]) {
      this.#hasBegun[number] = true;
      data = data.subarray(portBytes);
    }
    if (data.length === 0) return;
    if (number === errorChannel) this.destroy(new ConnectionError('PORT_FORWARD', data.toString().trim()));
    else if (number === dataChannel && !this.push(data)) this.#socket.pause();
  }
}

const bytesOf = (raw: RawData): Buffer =>
  Buffer.isBuffer(raw) ? raw : Array.isArray(raw) ? Buffer.concat(raw) : Buffer.from(raw);

export interface PortForward {
  /** On 127.0.0.1. */
  readonly localPort: number;
  /** Ends all connections too. */
  close(): Promise<void>;
}

/**
 * Listens on 127.0.0.1 and forwards what connects there. `localPort` 0 takes any free one; rejects with Node's EADDRINUSE
 * for one that is taken. A connection that fails is told of and does not end the others.
 */
export async function forwardPort(
  api: ApiClient,
  target: PortTarget,
  localPort: number,
  onProblem: (error: Error) => void,
): Promise<PortForward> {
  const stop = new AbortController();
  const open = new Set<Socket>();
  const serve = async (local: Socket): Promise<void> => {
    open.add(local);
    local.once('close', () => open.delete(local));
    // The close event follows every error.
    local.on('error', () => undefined);
    try {
      const remote = await connectToPod(api, target, stop.signal);
      remote.on('error', (error) => {
        onProblem(error);
        local.destroy();
      });
      remote.once('close', () => local.destroySoon());
      local.once('close', () => remote.destroy());
      local.pipe(remote).pipe(local);
    } catch (error) {
      local.destroy();
      if (!stop.signal.aborted) onProblem(error as Error);
    }
  };
  const server = createServer((local) => void serve(local));
  server.listen(localPort, '127.0.0.1');
  await once(server, 'listening');
  return {
    localPort: (server.address() as AddressInfo).port,
    async close() {
      stop.abort();
      const closed = once(server, 'close');
      server.close();
      for (const local of open) local.destroy();
      await closed;
    },
  };
}
