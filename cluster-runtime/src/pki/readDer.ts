/** Reads DER: as much of it as a certificate request and a certificate take. */

export class DerError extends Error {}

export interface DerValue {
  /** The whole identifier octet: class, constructed, number. */
  readonly tag: number;
  /** The value without its tag and length. */
  readonly content: Buffer;
  /** The value with them, as it stands. */
  readonly raw: Buffer;
}

/** The values that stand one after the other. Throws DerError. */
export function readAll(bytes: Buffer): DerValue[] {
  const values: DerValue[] = [];
  for (let at = 0; at < bytes.length;) {
    const value = readAt(bytes, at);
    values.push(value);
    at += value.raw.length;
  }
  return values;
}

/** The one value that `bytes` are. Throws DerError. */
export function readOne(bytes: Buffer): DerValue {
  const value = readAt(bytes, 0);
  if (value.raw.length !== bytes.length) throw new DerError('trailing data');
  return value;
}

function readAt(bytes: Buffer, at: number): DerValue {
  const [tag, first] = [bytes[at], bytes[at + 1]];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) throw new DerError('truncated tag or length');
  let length = first;
  let begin = at + 2;
  if (first >= 0x80) {
    const digits = first & 0x7f;
    if (digits === 0 || digits > 4) throw new DerError('invalid length');
    length = 0;
    for (let i = 0; i < digits; i++) length = length * 256 + (bytes[begin + i] ?? 0);
    begin += digits;
  }
  if (begin + length > bytes.length) throw new DerError('data truncated');
  return { tag, content: bytes.subarray(begin, begin + length), raw: bytes.subarray(at, begin + length) };
}

/** `1.2.840.10045.4.3.2` */
export function oidText({ content }: DerValue): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of content) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    if (arcs.length === 0) {
      const head = Math.min(2, Math.floor(arc / 40));
      arcs.push(head, arc - head * 40);
    } else arcs.push(arc);
    arc = 0;
  }
  return arcs.join('.');
}
