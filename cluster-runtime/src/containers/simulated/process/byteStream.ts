/**
 * Byte streams between simulated processes: what a pipe is to real ones, with a bounded buffer. A reader that has died
 * is passed over, so a killed `cat` does not swallow what is typed next.
 */

/** Whoever reads: a process. */
export interface Mortal {
  readonly ended: boolean;
}

export interface ByteSource {
  /** The next bytes; undefined at the end. */
  read(reader?: Mortal): Promise<Uint8Array | undefined>;
  /** Puts bytes back in front, for readers that stop at a line's end. */
  unread(bytes: Uint8Array): void;
  /** The reading side is gone: writers learn that their stream is broken. */
  breakOff?(): void;
}

export interface ByteSink {
  /** Takes bytes; a promise means: wait before writing more. */
  write(bytes: Uint8Array): Promise<void> | undefined;
  /** True when nobody will ever read what is written (a process writing there gets SIGPIPE). */
  readonly broken: boolean;
}

const capacity = 64 * 1024;
const endMarker = new Uint8Array(0);

export class Pipe implements ByteSource, ByteSink {
  #chunks: Uint8Array[] = [];
  #size = 0;
  #closed = false;
  #readers: { reader: Mortal | undefined; resolve: (bytes: Uint8Array | undefined) => void }[] = [];
  #writers: (() => void)[] = [];
  broken = false;

  write(bytes: Uint8Array): Promise<void> | undefined {
    if (bytes.length === 0 || this.broken || this.#closed) return undefined;
    this.#put(bytes);
    return this.#size > capacity ? new Promise((resolve) => this.#writers.push(resolve)) : undefined;
  }

  read(reader?: Mortal): Promise<Uint8Array | undefined> {
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) {
      this.#size -= chunk.length;
      if (this.#size <= capacity) this.#release();
      return Promise.resolve(chunk === endMarker ? undefined : chunk);
    }
    if (this.#closed) return Promise.resolve(undefined);
    return new Promise((resolve) => this.#readers.push({ reader, resolve }));
  }

  unread(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#chunks.unshift(bytes);
    this.#size += bytes.length;
  }

  /** The present reader sees the end, and later ones may read on: Ctrl-D on a terminal. */
  endOnce(): void {
    this.#put(endMarker);
  }

  /** No more bytes will come. */
  close(): void {
    this.#closed = true;
    for (const { resolve } of this.#readers.splice(0)) resolve(undefined);
    this.#release();
  }

  breakOff(): void {
    this.broken = true;
    this.#chunks = [];
    this.#size = 0;
    this.#release();
  }

  #put(bytes: Uint8Array): void {
    for (let next = this.#readers.shift(); next; next = this.#readers.shift()) {
      if (next.reader?.ended) continue;
      next.resolve(bytes === endMarker ? undefined : bytes);
      return;
    }
    this.#chunks.push(bytes);
    this.#size += bytes.length;
  }

  #release(): void {
    for (const resume of this.#writers.splice(0)) resume();
  }
}

/** Always at its end: /dev/null as standard input. */
export const emptySource: ByteSource = {
  read: () => Promise.resolve(undefined),
  unread: () => undefined,
};

/** Swallows everything: /dev/null as output. */
export const nullSink: ByteSink = { write: () => undefined, broken: false };

/** A source over bytes that are all there already: here-documents, files. */
export function sourceOf(bytes: Uint8Array): ByteSource {
  let rest: Uint8Array | undefined = bytes.length > 0 ? bytes : undefined;
  return {
    read() {
      const chunk = rest;
      rest = undefined;
      return Promise.resolve(chunk);
    },
    unread(back) {
      if (back.length > 0) rest = rest ? concatBytes([back, rest]) : back;
    },
  };
}

export function concatBytes(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1) return chunks[0] as Uint8Array;
  const out = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    out.set(chunk, offset);
    offset += chunk.length;
  }
  return out;
}

/** Collects what is written. */
export class BufferSink implements ByteSink {
  readonly broken = false;
  readonly #chunks: Uint8Array[] = [];
  write(bytes: Uint8Array): undefined {
    this.#chunks.push(bytes);
  }
  bytes(): Uint8Array {
    return concatBytes(this.#chunks);
  }
  text(): string {
    return new TextDecoder().decode(this.bytes());
  }
}
