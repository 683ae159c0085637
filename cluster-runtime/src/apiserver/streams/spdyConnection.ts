/**
 * The server's side of a SPDY/3.1 connection over any byte stream: what kubectl before 1.31 speaks for exec, attach and
 * port-forward, and what later ones tunnel through a WebSocket. The peer opens streams; each becomes a Duplex.
 *
 * Differs from SPDY/3.1: flow-control windows are neither kept nor enforced. The clients of this protocol ignore them
 * too; back-pressure is the connection's own.
 */
import { Duplex } from 'node:stream';
import { type SpdyHeaders, SpdyHeaderCodec, SpdyProtocolError } from './spdyHeaders.ts';

const version = 3;
const frame = { synStream: 1, synReply: 2, reset: 3, settings: 4, ping: 6, goAway: 7, headers: 8, windowUpdate: 9 } as const;
const flagFin = 1;
const resetStatus = { protocolError: 1, invalidStream: 2, refusedStream: 3, cancel: 5 } as const;
const maxFrame = 16 * 1024 * 1024;
const maxDataFrame = 32 * 1024;
const maxStreams = 1000;
/** How much of a stream may wait for its reader before the whole connection stops reading. */
const maxUnread = 1024 * 1024;

export class SpdyStream extends Duplex {
  readonly id: number;
  readonly headers: SpdyHeaders;
  readonly #connection: SpdyConnection;
  #wantsMore: (() => void) | undefined;
  #finSent = false;
  #finReceived = false;

  constructor(connection: SpdyConnection, id: number, headers: SpdyHeaders) {
    super({ allowHalfOpen: true });
    this.#connection = connection;
    this.id = id;
    this.headers = headers;
  }

  /** Hands on what the peer sent; resolves when more may follow. */
  receive(data: Buffer, fin: boolean): Promise<void> | undefined {
    if (this.#finReceived || this.destroyed) return undefined;
    if (data.length > 0) this.push(data);
    if (fin) {
      this.#finReceived = true;
      this.push(null);
      this.#forgetWhenDone();
      return undefined;
    }
    return this.readableLength < maxUnread ? undefined : new Promise((resolve) => (this.#wantsMore = resolve));
  }

  override _read(): void {
    const resume = this.#wantsMore;
    this.#wantsMore = undefined;
    resume?.();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#connection.sendData(this.id, chunk, false, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#finSent = true;
    this.#connection.sendData(this.id, Buffer.alloc(0), true, done);
    this.#forgetWhenDone();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this._read();
    if (!this.#finSent) this.#connection.sendReset(this.id, resetStatus.cancel);
    this.#connection.forget(this.id);
    done(error);
  }

  #forgetWhenDone(): void {
    if (this.#finSent && this.#finReceived) this.#connection.forget(this.id);
  }
}

export class SpdyConnection {
  readonly #transport: Duplex;
  readonly #codec = new SpdyHeaderCodec();
  readonly #streams = new Map<number, SpdyStream>();
  readonly #onStream: (stream: SpdyStream) => void;
  /** Frames go out in the order they are made, also those that wait for their headers to be packed. */
  #outgoing: Promise<void> = Promise.resolve();
  #lastStreamId = 0;
  #closed = false;

  constructor(transport: Duplex, onStream: (stream: SpdyStream) => void) {
    this.#transport = transport;
    this.#onStream = onStream;
  }

  /** Serves the connection until it ends. */
  async run(): Promise<void> {
    let pending: Buffer = Buffer.alloc(0);
    try {
      for await (const chunk of this.#transport as AsyncIterable<Buffer>) {
        pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
        for (;;) {
          if (pending.length < 8) break;
          const length = pending.readUIntBE(5, 3);
          if (length > maxFrame) throw new SpdyProtocolError('a frame is too large');
          if (pending.length < 8 + length) break;
          await this.#receive(pending.subarray(0, 8), pending.subarray(8, 8 + length));
          pending = pending.subarray(8 + length);
        }
      }
    } catch (error) {
      // The peer is gone or does not speak the protocol: either way nobody is left to tell.
      if (!(error instanceof SpdyProtocolError) && !this.#closed && (error as NodeJS.ErrnoException).code === undefined)
        throw error;
    } finally {
      this.close();
    }
  }

  /** Ends every stream and the connection. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const stream of [...this.#streams.values()]) stream.destroy();
    this.#streams.clear();
    this.#transport.end();
    this.#codec.close();
  }

  /** Resolves when all that was sent has been handed to the transport. */
  flush(): Promise<void> {
    return this.#outgoing;
  }

  forget(id: number): void {
    this.#streams.delete(id);
  }

  async #receive(head: Buffer, payload: Buffer): Promise<void> {
    const flags = head[4] ?? 0;
    if ((head[0] ?? 0) < 0x80) {
      const stream = this.#streams.get(head.readUInt32BE(0));
      if (stream) await stream.receive(Buffer.from(payload), (flags & flagFin) !== 0);
      return;
    }
    if ((head.readUInt16BE(0) & 0x7fff) !== version) throw new SpdyProtocolError('another version of SPDY');
    switch (head.readUInt16BE(2)) {
      case frame.synStream:
        return this.#open(payload, (flags & flagFin) !== 0);
      case frame.headers:
        // Later headers of a stream mean nothing to us, but the header stream must see them.
        await this.#codec.decode(payload.subarray(4));
        return;
      case frame.reset: {
        const id = payload.readUInt32BE(0) & 0x7fffffff;
        const stream = this.#streams.get(id);
        this.#streams.delete(id);
        stream?.destroy();
        return;
      }
      case frame.ping:
        // Odd numbers are the peer's own pings; even ones would answer ours, and there are none.
        if (((payload[3] ?? 0) & 1) === 1) this.#send(controlFrame(frame.ping, 0, payload));
        return;
      default:
        return;
    }
  }

  async #open(payload: Buffer, fin: boolean): Promise<void> {
    if (payload.length < 10) throw new SpdyProtocolError('a stream without a number');
    const id = payload.readUInt32BE(0) & 0x7fffffff;
    const headers = await this.#codec.decode(payload.subarray(10));
    if (id <= this.#lastStreamId || id % 2 === 0) return this.sendReset(id, resetStatus.protocolError);
    this.#lastStreamId = id;
    if (this.#streams.size >= maxStreams) return this.sendReset(id, resetStatus.refusedStream);
    const stream = new SpdyStream(this, id, headers);
    this.#streams.set(id, stream);
    // A stream that the peer resets has nobody to report to; whoever uses it sees its end.
    stream.on('error', () => undefined);
    this.#sendReply(id);
    if (fin) void stream.receive(Buffer.alloc(0), true);
    this.#onStream(stream);
  }

  #sendReply(id: number): void {
    this.#outgoing = this.#outgoing
      .then(() => this.#codec.encode(new Map()))
      .then((block) => this.#transmit(controlFrame(frame.synReply, 0, Buffer.concat([uint32(id), block]))))
      .catch(() => this.close());
  }

  sendData(id: number, data: Buffer, fin: boolean, done: (error?: Error | null) => void): void {
    this.#outgoing = this.#outgoing.then(async () => {
      for (let at = 0; at === 0 || at < data.length; at += maxDataFrame) {
        const piece = data.subarray(at, at + maxDataFrame);
        const last = at + maxDataFrame >= data.length;
        const head = Buffer.alloc(8);
        head.writeUInt32BE(id, 0);
        head[4] = fin && last ? flagFin : 0;
        head.writeUIntBE(piece.length, 5, 3);
        await this.#transmit(Buffer.concat([head, piece]));
      }
      done();
    });
  }

  sendReset(id: number, status: number): void {
    if (!this.#closed) this.#send(controlFrame(frame.reset, 0, Buffer.concat([uint32(id), uint32(status)])));
  }

  #send(bytes: Buffer): void {
    this.#outgoing = this.#outgoing.then(() => this.#transmit(bytes));
  }

  /** Resolves at once while the transport has room, else when it has room again or is gone. */
  #transmit(bytes: Buffer): Promise<void> | undefined {
    const transport = this.#transport;
    if (transport.destroyed || transport.writableEnded || transport.write(bytes)) return undefined;
    return new Promise((resolve) => {
      const done = (): void => {
        transport.off('drain', done);
        transport.off('close', done);
        resolve();
      };
      transport.on('drain', done);
      transport.on('close', done);
    });
  }
}

function controlFrame(type: number, flags: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16BE(0x8000 | version, 0);
  head.writeUInt16BE(type, 2);
  head[4] = flags;
  head.writeUIntBE(payload.length, 5, 3);
  return Buffer.concat([head, payload]);
}

function uint32(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(value, 0);
  return out;
}
