/** The ustar archive format, with GNU's long names on the way in and out: what `kubectl cp` speaks. */

const block = 512;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export interface TarEntry {
  readonly name: string;
  readonly type: 'file' | 'folder' | 'link';
  readonly mode: number;
  /** Seconds since the epoch. */
  readonly mtime: number;
  readonly content?: Uint8Array;
  readonly target?: string;
}

export const endOfArchive: Uint8Array = new Uint8Array(2 * block);

export function encodeEntry(entry: TarEntry): Uint8Array {
  const name = entry.type === 'folder' && !entry.name.endsWith('/') ? `${entry.name}/` : entry.name;
  const content = entry.content ?? new Uint8Array(0);
  const header = encodeHeader(name, { ...entry, size: content.length });
  const long = encoder.encode(name).length > 100 ? longName(name) : new Uint8Array(0);
  const out = new Uint8Array(long.length + block + padded(content.length));
  out.set(long);
  out.set(header, long.length);
  out.set(content, long.length + block);
  return out;
}

function longName(name: string): Uint8Array {
  const bytes = encoder.encode(`${name}\0`);
  const out = new Uint8Array(block + padded(bytes.length));
  out.set(encodeHeader('././@LongLink', { type: 'longName', mode: 0, mtime: 0, size: bytes.length }));
  out.set(bytes, block);
  return out;
}

function encodeHeader(
  name: string,
  entry: { type: TarEntry['type'] | 'longName'; mode: number; mtime: number; size: number; target?: string },
): Uint8Array {
  const header = new Uint8Array(block);
  const put = (at: number, text: string, length: number): void => header.set(encoder.encode(text).subarray(0, length), at);
  const octal = (at: number, value: number, length: number): void =>
    put(
      at,
      `${Math.floor(value)
        .toString(8)
        .padStart(length - 1, '0')}\0`,
      length,
    );
  put(0, name, 100);
  octal(100, entry.mode & 0o7777, 8);
  octal(108, 0, 8);
  octal(116, 0, 8);
  octal(124, entry.size, 12);
  octal(136, entry.mtime, 12);
  put(156, { file: '0', folder: '5', link: '2', longName: 'L' }[entry.type], 1);
  put(157, entry.target ?? '', 100);
  put(257, 'ustar\x0000', 8);
  put(265, 'root', 32);
  put(297, 'root', 32);
  header.fill(0x20, 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(148, `${sum.toString(8).padStart(6, '0')}\0 `, 8);
  return header;
}

export class TarError extends Error {}

/** Reads an archive as its bytes come: give it chunks, and it gives the entries that are complete. */
export class TarDecoder {
  #buffered = new Uint8Array(0);
  #longName: string | undefined;
  #longTarget: string | undefined;
  #ended = false;

  *push(chunk: Uint8Array): Generator<TarEntry> {
    if (this.#ended) return;
    const joined = new Uint8Array(this.#buffered.length + chunk.length);
    joined.set(this.#buffered);
    joined.set(chunk, this.#buffered.length);
    this.#buffered = joined;
    for (;;) {
      const entry = this.#next();
      if (entry === undefined) return;
      if (entry !== 'meta') yield entry;
    }
  }

  /** Throws TarError when the archive ended in the middle of something. */
  finish(): void {
    if (!this.#ended && this.#buffered.length > 0) throw new TarError('short read');
  }

  #next(): TarEntry | 'meta' | undefined {
    if (this.#buffered.length < block || this.#ended) return undefined;
    const header = this.#buffered.subarray(0, block);
    if (header.every((byte) => byte === 0)) {
      this.#ended = true;
      this.#buffered = new Uint8Array(0);
      return undefined;
    }
    const checksum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0);
    if (checksum !== readOctal(header, 148, 8)) throw new TarError('invalid tar magic');
    const size = readOctal(header, 124, 12);
    if (this.#buffered.length < block + padded(size)) return undefined;
    const content = this.#buffered.slice(block, block + size);
    const type = String.fromCharCode(header[156] ?? 0);
    const ustarPrefix = readText(header, 257, 5) === 'ustar' ? readText(header, 345, 155) : '';
    const ownName = readText(header, 0, 100);
    const ownTarget = readText(header, 157, 100);
    const mode = readOctal(header, 100, 8);
    const mtime = readOctal(header, 136, 12);
    this.#buffered = this.#buffered.slice(block + padded(size));

    if (type === 'L' || type === 'K') {
      const text = decoder.decode(content).replace(/\0+$/, '');
      if (type === 'L') this.#longName = text;
      else this.#longTarget = text;
      return 'meta';
    }
    if (type === 'x') {
      // PAX records: "length key=value\n".
      const text = decoder.decode(content);
      this.#longName = /(?:^|\n)\d+ path=(.*)\n/.exec(text)?.[1] ?? this.#longName;
      this.#longTarget = /(?:^|\n)\d+ linkpath=(.*)\n/.exec(text)?.[1] ?? this.#longTarget;
      return 'meta';
    }
    if (type === 'g') return 'meta';
    const name = this.#longName ?? (ustarPrefix ? `${ustarPrefix}/${ownName}` : ownName);
    const target = this.#longTarget ?? ownTarget;
    this.#longName = undefined;
    this.#longTarget = undefined;
    if (type === '5' || name.endsWith('/')) return { name, type: 'folder', mode, mtime };
    if (type === '2' || type === '1') return { name, type: 'link', mode, mtime, target };
    return { name, type: 'file', mode, mtime, content };
  }
}

function padded(size: number): number {
  return Math.ceil(size / block) * block;
}

function readText(header: Uint8Array, at: number, length: number): string {
  const bytes = header.subarray(at, at + length);
  const end = bytes.indexOf(0);
  return decoder.decode(end < 0 ? bytes : bytes.subarray(0, end));
}

function readOctal(header: Uint8Array, at: number, length: number): number {
  return parseInt(readText(header, at, length).trim() || '0', 8);
}
