/** Redis' snapshot format (RDB), with the plain encodings every version reads: dump.rdb and full synchronisation. */
import type { Keyspace, RedisValue } from './keyspace.ts';

const types = { string: 0, list: 1, set: 2, zset: 3, hash: 4 } as const;

export function encodeSnapshot(keyspace: Keyspace): Buffer {
  const parts: Buffer[] = [Buffer.from('REDIS0009')];
  const keys = keyspace.keys();
  if (keys.length > 0) parts.push(Buffer.from([0xfe, 0]), Buffer.from([0xfb]), length(keys.length), length(keyspace.withExpiry));
  for (const key of keys) {
    const value = keyspace.get(key);
    if (!value) continue;
    const expiry = keyspace.expiry(key);
    if (expiry !== undefined) {
      const bytes = Buffer.alloc(9, 0xfc);
      bytes.writeBigUInt64LE(BigInt(Math.round(expiry)), 1);
      parts.push(bytes);
    }
    parts.push(Buffer.from([types[value.type]]), text(key), ...encodeValue(value));
  }
  // A checksum of zero says that there is none.
  parts.push(Buffer.from([0xff]), Buffer.alloc(8));
  return Buffer.concat(parts);
}

function encodeValue(value: RedisValue): Buffer[] {
  switch (value.type) {
    case 'string':
      return [text(value.value)];
    case 'list':
      return [length(value.items.length), ...value.items.map(text)];
    case 'set':
      return [length(value.items.size), ...[...value.items].map(text)];
    case 'hash':
      return [length(value.fields.size), ...[...value.fields].flat().map(text)];
    case 'zset':
      return [
        length(value.scores.size),
        ...[...value.scores].flatMap(([member, score]) => [text(member), shortText(String(score))]),
      ];
  }
}

function length(value: number): Buffer {
  if (value < 64) return Buffer.from([value]);
  if (value < 16384) return Buffer.from([0x40 | (value >> 8), value & 0xff]);
  const out = Buffer.alloc(5, 0x80);
  out.writeUInt32BE(value, 1);
  return out;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([length(bytes.length), bytes]);
}

function shortText(value: string): Buffer {
  return Buffer.concat([Buffer.from([value.length]), Buffer.from(value)]);
}

export class SnapshotError extends Error {}

/** Replaces what is in `keyspace`. Throws SnapshotError for what this file did not write. */
export function decodeSnapshot(bytes: Uint8Array, keyspace: Keyspace): void {
  const buffer = Buffer.from(bytes);
  if (buffer.toString('latin1', 0, 5) !== 'REDIS') throw new SnapshotError('wrong signature');
  keyspace.clear();
  let at = 9;
  const readByte = (): number => {
    const byte = buffer[at++];
    if (byte === undefined) throw new SnapshotError('short read');
    return byte;
  };
  const readLength = (): number => {
    const first = readByte();
    if (first >> 6 === 0) return first;
    if (first >> 6 === 1) return ((first & 0x3f) << 8) | readByte();
    if (first !== 0x80) throw new SnapshotError('unknown length encoding');
    at += 4;
    return buffer.readUInt32BE(at - 4);
  };
  const readText = (size = readLength()): string => {
    at += size;
    return buffer.toString('utf8', at - size, at);
  };
  const list = (): string[] => Array.from({ length: readLength() }, () => readText());
  let expiry: number | undefined;
  for (;;) {
    const code = readByte();
    if (code === 0xff) return;
    if (code === 0xfe) readLength();
    else if (code === 0xfb) {
      readLength();
      readLength();
    } else if (code === 0xfc) {
      expiry = Number(buffer.readBigUInt64LE(at));
      at += 8;
    } else {
      const key = readText();
      let value: RedisValue;
      if (code === types.string) value = { type: 'string', value: readText() };
      else if (code === types.list) value = { type: 'list', items: list() };
      else if (code === types.set) value = { type: 'set', items: new Set(list()) };
      else if (code === types.hash)
        value = { type: 'hash', fields: new Map(Array.from({ length: readLength() }, () => [readText(), readText()] as const)) };
      else if (code === types.zset)
        value = {
          type: 'zset',
          scores: new Map(Array.from({ length: readLength() }, () => [readText(), Number(readText(readByte()))] as const)),
        };
      else throw new SnapshotError(`unknown value type ${code}`);
      keyspace.set(key, value, expiry);
      expiry = undefined;
    }
  }
}
