/** RESP2, the protocol of Redis: replies out, commands in (as arrays, or typed by hand on one line). */

export type Reply = { readonly status: string } | { readonly error: string } | number | string | Buffer | null | readonly Reply[];

export const ok: Reply = { status: 'OK' };

export function failure(message: string): Reply {
  return { error: message };
}

export function encodeReply(reply: Reply): Buffer {
  if (reply === null) return Buffer.from('$-1\r\n');
  if (typeof reply === 'number') return Buffer.from(`:${reply}\r\n`);
  if (typeof reply === 'string') return encodeReply(Buffer.from(reply));
  if (Buffer.isBuffer(reply)) return Buffer.concat([Buffer.from(`$${reply.length}\r\n`), reply, Buffer.from('\r\n')]);
  if (Array.isArray(reply))
    return Buffer.concat([Buffer.from(`*${reply.length}\r\n`), ...(reply as readonly Reply[]).map(encodeReply)]);
  return Buffer.from('status' in reply ? `+${reply.status}\r\n` : `-${(reply as { error: string }).error}\r\n`);
}

export function encodeCommand(words: readonly string[]): Buffer {
  return encodeReply(words);
}

export class ProtocolError extends Error {}

/** Any RESP value as it was read; bulk strings as text. */
export type Value = { readonly kind: 'status' | 'error'; readonly text: string } | number | string | null | readonly Value[];

/** Cuts a stream of bytes into values. Incomplete ones wait for more. */
export class RespReader {
  #buffer = Buffer.alloc(0);

  push(chunk: Uint8Array): void {
    this.#buffer = this.#buffer.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#buffer, chunk]);
  }

  /** The next value; undefined until it is complete. Throws ProtocolError. */
  next(): Value | undefined {
    const parsed = this.#value(0);
    if (!parsed) return undefined;
    this.#buffer = this.#buffer.subarray(parsed.end);
    return parsed.value;
  }

  /** The next command's words. */
  nextCommand(): readonly string[] | undefined {
    if (this.#buffer.length > 0 && this.#buffer[0] !== 0x2a) {
      const end = this.#buffer.indexOf('\n');
      if (end < 0) return undefined;
      const line = this.#buffer.toString('utf8', 0, end).trim();
      this.#buffer = this.#buffer.subarray(end + 1);
      return line === '' ? [] : line.split(/\s+/);
    }
    const value = this.next();
    return Array.isArray(value) ? (value as readonly Value[]).map((word) => String(word)) : value === undefined ? undefined : [];
  }

  /** `count` raw bytes, once they are all there. */
  takeBytes(count: number): Buffer | undefined {
    if (this.#buffer.length < count) return undefined;
    const bytes = this.#buffer.subarray(0, count);
    this.#buffer = this.#buffer.subarray(count);
    return bytes;
  }

  /** A line up to CRLF, without it. */
  takeLine(): string | undefined {
    const end = this.#buffer.indexOf('\r\n');
    if (end < 0) return undefined;
    const line = this.#buffer.toString('utf8', 0, end);
    this.#buffer = this.#buffer.subarray(end + 2);
    return line;
  }

  #value(at: number): { value: Value; end: number } | undefined {
    const lineEnd = this.#buffer.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const line = this.#buffer.toString('utf8', at + 1, lineEnd);
    const next = lineEnd + 2;
    switch (String.fromCharCode(this.#buffer[at] ?? 0)) {
      case '+':
        return { value: { kind: 'status', text: line }, end: next };
      case '-':
        return { value: { kind: 'error', text: line }, end: next };
      case ':':
        return { value: Number(line), end: next };
      case '$': {
        const length = Number(line);
        if (length < 0) return { value: null, end: next };
        if (this.#buffer.length < next + length + 2) return undefined;
        return { value: this.#buffer.toString('utf8', next, next + length), end: next + length + 2 };
      }
      case '*': {
        const items: Value[] = [];
        let end = next;
        for (let i = 0; i < Number(line); i++) {
          const item = this.#value(end);
          if (!item) return undefined;
          items.push(item.value);
          end = item.end;
        }
        return { value: items, end };
      }
      default:
        throw new ProtocolError(`unknown reply type in '${line.slice(0, 20)}'`);
    }
  }
}
