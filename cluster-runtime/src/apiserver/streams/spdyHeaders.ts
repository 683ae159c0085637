/**
 * SPDY/3.1's header blocks: names and values with their lengths, through one zlib stream for each direction of a
 * connection, primed with the dictionary that the specification (draft-mbelshe-httpbis-spdy-00, 2.6.10.1) prescribes.
 */
import { constants, createDeflate, createInflate, type Deflate, type Inflate } from 'node:zlib';

const words =
  'options head post put delete trace accept accept-charset accept-encoding accept-language accept-ranges age allow ' +
  'authorization cache-control connection content-base content-encoding content-language content-length ' +
  'content-location content-md5 content-range content-type date etag expect expires from host if-match ' +
  'if-modified-since if-none-match if-range if-unmodified-since last-modified location max-forwards pragma ' +
  'proxy-authenticate proxy-authorization range referer retry-after server te trailer transfer-encoding upgrade ' +
  'user-agent vary via warning www-authenticate method get status 200_OK version HTTP/1.1 url public set-cookie ' +
  'keep-alive origin';

const tail =
  '100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505' +
  '203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden' +
  '404 Not Found500 Internal Server Error501 Not Implemented503 Service Unavailable' +
  'Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMT' +
  'chunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,text/javascript,' +
  'publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.';

/** Every word is preceded by its length, as it would be in a header block. */
export const spdyDictionary: Buffer = Buffer.concat([
  ...words.split(' ').map((word) => lengthPrefixed(Buffer.from(word.replace('_', ' ')))),
  Buffer.from(tail),
]);

function lengthPrefixed(text: Buffer): Buffer {
  const out = Buffer.alloc(4 + text.length);
  out.writeUInt32BE(text.length, 0);
  text.copy(out, 4);
  return out;
}

/** Header names are in lower case; a name that is there several times has its values joined by NUL. */
export type SpdyHeaders = ReadonlyMap<string, string>;

const maxHeaderBytes = 256 * 1024;

/** A peer broke the protocol; the connection ends. */
export class SpdyProtocolError extends Error {}

/** Both directions' header streams of one connection. Blocks must be handed over in the order of their frames. */
export class SpdyHeaderCodec {
  readonly #inflate: Inflate = createInflate({ dictionary: spdyDictionary, finishFlush: constants.Z_SYNC_FLUSH });
  readonly #deflate: Deflate = createDeflate({ dictionary: spdyDictionary });

  async decode(block: Buffer): Promise<SpdyHeaders> {
    const plain = await through(this.#inflate, block);
    const headers = new Map<string, string>();
    let at = 0;
    const number = (): number => {
      if (at + 4 > plain.length) throw new SpdyProtocolError('a header block ends early');
      at += 4;
      return plain.readUInt32BE(at - 4);
    };
    const text = (): string => {
      const length = number();
      if (at + length > plain.length) throw new SpdyProtocolError('a header block ends early');
      at += length;
      return plain.toString('utf8', at - length, at);
    };
    for (let left = number(); left > 0; left--) {
      const name = text();
      headers.set(name.toLowerCase(), text());
    }
    return headers;
  }

  encode(headers: SpdyHeaders): Promise<Buffer> {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(headers.size, 0);
    const parts = [...headers].flatMap(([name, value]) => [
      lengthPrefixed(Buffer.from(name)),
      lengthPrefixed(Buffer.from(value)),
    ]);
    return through(this.#deflate, Buffer.concat([count, ...parts]));
  }

  close(): void {
    this.#inflate.close();
    this.#deflate.close();
  }
}

/** Writes one block and gives back all that comes out for it. */
function through(stream: Inflate | Deflate, block: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const done = (error?: Error | null): void => {
      stream.off('data', onData);
      stream.off('error', done);
      if (error) reject(new SpdyProtocolError(`a header block cannot be read: ${error.message}`));
      else resolve(Buffer.concat(chunks));
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > maxHeaderBytes) done(new Error('too large'));
      else chunks.push(chunk);
    };
    stream.on('data', onData);
    stream.on('error', done);
    stream.write(block);
    stream.flush(constants.Z_SYNC_FLUSH, () => done());
  });
}
