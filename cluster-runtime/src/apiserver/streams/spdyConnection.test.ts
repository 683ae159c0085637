import { Duplex, PassThrough } from 'node:stream';
import { constants, createDeflate, createInflate } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { SpdyConnection, type SpdyStream } from './spdyConnection.ts';
import { spdyDictionary } from './spdyHeaders.ts';

/** The client's end, written against the specification and not against the code under test. */
class Peer {
  readonly #toServer = new PassThrough();
  readonly #fromServer = new PassThrough();
  readonly #deflate = createDeflate({ dictionary: spdyDictionary });
  readonly #inflate = createInflate({ dictionary: spdyDictionary });
  #received: Buffer = Buffer.alloc(0);
  readonly streams: SpdyStream[] = [];
  readonly connection: SpdyConnection;
  readonly done: Promise<void>;

  constructor() {
    const transport = Duplex.from({ readable: this.#toServer, writable: this.#fromServer });
    this.connection = new SpdyConnection(transport, (stream) => this.streams.push(stream));
    this.done = this.connection.run();
  }

  async open(id: number, headers: Record<string, string>): Promise<void> {
    const parts: Buffer[] = [uint32(Object.keys(headers).length)];
    for (const [name, value] of Object.entries(headers))
      for (const text of [name, value]) parts.push(uint32(text.length), Buffer.from(text));
    const block = await flushed(this.#deflate, Buffer.concat(parts));
    this.#toServer.write(control(1, 0, Buffer.concat([uint32(id), uint32(0), Buffer.from([0, 0]), block])));
  }

  data(id: number, text: string, fin = false): void {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(id);
    head[4] = fin ? 1 : 0;
    head.writeUIntBE(text.length, 5, 3);
    this.#toServer.write(Buffer.concat([head, Buffer.from(text)]));
  }

  raw(bytes: Buffer): void {
    this.#toServer.write(bytes);
  }

  leave(): void {
    this.#toServer.end();
  }

  /** The next frame from the server. */
  async frame(): Promise<{ control: boolean; type: number; id: number; flags: number; payload: Buffer }> {
    for (;;) {
      const length = this.#received.length >= 8 ? this.#received.readUIntBE(5, 3) : Infinity;
      if (this.#received.length >= 8 + length) {
        const bytes = this.#received.subarray(0, 8 + length);
        this.#received = this.#received.subarray(8 + length);
        const isControl = (bytes[0] ?? 0) >= 0x80;
        const payload = bytes.subarray(8);
        if (isControl && bytes.readUInt16BE(2) === 2) await flushed(this.#inflate, payload.subarray(4));
        return {
          control: isControl,
          type: isControl ? bytes.readUInt16BE(2) : 0,
          id: isControl ? 0 : bytes.readUInt32BE(0),
          flags: bytes[4] ?? 0,
          payload,
        };
      }
      const chunk =
        (this.#fromServer.read() as Buffer | null) ??
        (await new Promise<undefined>((resolve) => this.#fromServer.once('readable', () => resolve(undefined))));
      if (chunk) this.#received = Buffer.concat([this.#received, chunk]);
    }
  }
}

const uint32 = (value: number): Buffer => {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(value);
  return out;
};

const control = (type: number, flags: number, payload: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from([0x80, 3, 0, type, flags, payload.length >> 16, (payload.length >> 8) & 255, payload.length & 255]),
    payload,
  ]);

function flushed(stream: ReturnType<typeof createDeflate> | ReturnType<typeof createInflate>, input: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const onData = (chunk: Buffer): void => void chunks.push(chunk);
    stream.on('data', onData).once('error', reject);
    stream.write(input);
    stream.flush(constants.Z_SYNC_FLUSH, () => {
      stream.off('data', onData).off('error', reject);
      resolve(Buffer.concat(chunks));
    });
  });
}

let peer = new Peer();
afterEach(async () => {
  peer.leave();
  await peer.done;
  peer = new Peer();
});

describe('SpdyConnection', () => {
  it('knows the dictionary by its checksum', () => {
    let a = 1;
    let b = 0;
    for (const byte of spdyDictionary) {
      a = (a + byte) % 65521;
      b = (b + a) % 65521;
    }
    expect((b * 65536 + a).toString(16)).toBe('e3c6a7c2');
  });

  it('accepts streams with their headers, over one compression for all', async () => {
    await peer.open(1, { streamtype: 'error' });
    await peer.open(3, { streamtype: 'data', port: '80' });
    expect([(await peer.frame()).type, (await peer.frame()).type]).toEqual([2, 2]);
    expect(peer.streams.map((stream) => Object.fromEntries(stream.headers))).toEqual([
      { streamtype: 'error' },
      { streamtype: 'data', port: '80' },
    ]);
  });

  it('carries data both ways and half-closes', async () => {
    await peer.open(1, { streamtype: 'stdin' });
    await peer.frame();
    peer.data(1, 'hello ');
    peer.data(1, 'world', true);
    const [stream] = peer.streams;
    let text = '';
    for await (const chunk of stream as AsyncIterable<Buffer>) text += chunk.toString();
    expect(text).toBe('hello world');
    stream?.end('bye');
    expect(await peer.frame()).toMatchObject({ control: false, id: 1, payload: Buffer.from('bye') });
    expect(await peer.frame()).toMatchObject({ control: false, id: 1, flags: 1 });
  });

  it('answers pings and refuses streams that go backwards', async () => {
    peer.raw(control(6, 0, uint32(1)));
    expect(await peer.frame()).toMatchObject({ type: 6, payload: uint32(1) });
    await peer.open(5, { a: 'b' });
    expect((await peer.frame()).type).toBe(2);
    await peer.open(3, { a: 'b' });
    expect(await peer.frame()).toMatchObject({ type: 3, payload: Buffer.concat([uint32(3), uint32(1)]) });
  });

  it('ends quietly when the peer speaks something else', async () => {
    peer.raw(Buffer.from('GET / HTTP/1.1\r\n\r\n'.repeat(4)));
    peer.raw(Buffer.from([0x80, 9, 0, 1, 0, 0, 0, 0]));
    peer.leave();
    await expect(peer.done).resolves.toBeUndefined();
  });
});
