/** BSON, with the types that MongoDB's commands use. */

export type BsonValue =
  string | number | bigint | boolean | null | Date | Uint8Array | ObjectId | BsonDocument | readonly BsonValue[];
/** Insertion order counts; a Map keeps any key harmless. */
export type BsonDocument = Map<string, BsonValue>;

export class ObjectId {
  readonly hex: string;
  constructor(hex: string) {
    this.hex = hex;
  }
}

export function document(fields: Readonly<Record<string, BsonValue | undefined>>): BsonDocument {
  const out: BsonDocument = new Map();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) out.set(name, value);
  return out;
}

export function encodeDocument(fields: BsonDocument): Buffer {
  const parts: Buffer[] = [];
  for (const [name, value] of fields) parts.push(encodeElement(name, value));
  const body = Buffer.concat(parts);
  const out = Buffer.alloc(body.length + 5);
  out.writeInt32LE(out.length, 0);
  body.copy(out, 4);
  return out;
}

function encodeElement(name: string, value: BsonValue): Buffer {
  const element = (type: number, body: Buffer): Buffer => Buffer.concat([Buffer.from([type]), Buffer.from(`${name}\0`), body]);
  if (value === null) return element(0x0a, Buffer.alloc(0));
  if (typeof value === 'string') return element(0x02, text(value));
  if (typeof value === 'boolean') return element(0x08, Buffer.from([value ? 1 : 0]));
  if (typeof value === 'bigint') {
    const body = Buffer.alloc(8);
    body.writeBigInt64LE(value);
    return element(0x12, body);
  }
  if (typeof value === 'number') {
    const whole = Number.isInteger(value) && Math.abs(value) < 2 ** 31;
    const body = Buffer.alloc(whole ? 4 : 8);
    if (whole) body.writeInt32LE(value);
    else body.writeDoubleLE(value);
    return element(whole ? 0x10 : 0x01, body);
  }
  if (value instanceof Date) {
    const body = Buffer.alloc(8);
    body.writeBigInt64LE(BigInt(value.getTime()));
    return element(0x09, body);
  }
  if (value instanceof ObjectId) return element(0x07, Buffer.from(value.hex, 'hex'));
  if (value instanceof Uint8Array) {
    const head = Buffer.alloc(5);
    head.writeInt32LE(value.length);
    return element(0x05, Buffer.concat([head, value]));
  }
  if (value instanceof Map) return element(0x03, encodeDocument(value));
  return element(0x04, encodeDocument(new Map(value.map((item, index) => [String(index), item]))));
}

function text(value: string): Buffer {
  const bytes = Buffer.from(`${value}\0`);
  const head = Buffer.alloc(4);
  head.writeInt32LE(bytes.length);
  return Buffer.concat([head, bytes]);
}

export class BsonError extends Error {}

/** Throws BsonError for types that are not known here. */
export function decodeDocument(buffer: Buffer, start = 0): BsonDocument {
  const end = start + buffer.readInt32LE(start) - 1;
  const fields: BsonDocument = new Map();
  let at = start + 4;
  while (at < end) {
    const type = buffer[at++];
    const nameEnd = buffer.indexOf(0, at);
    const name = buffer.toString('utf8', at, nameEnd);
    at = nameEnd + 1;
    const [value, next] = decodeValue(buffer, type, at);
    fields.set(name, value);
    at = next;
  }
  return fields;
}

function decodeValue(buffer: Buffer, type: number | undefined, at: number): [BsonValue, number] {
  switch (type) {
    case 0x01:
      return [buffer.readDoubleLE(at), at + 8];
    case 0x02: {
      const length = buffer.readInt32LE(at);
      return [buffer.toString('utf8', at + 4, at + 3 + length), at + 4 + length];
    }
    case 0x03:
      return [decodeDocument(buffer, at), at + buffer.readInt32LE(at)];
    case 0x04:
      return [[...decodeDocument(buffer, at).values()], at + buffer.readInt32LE(at)];
    case 0x05: {
      const length = buffer.readInt32LE(at);
      return [buffer.subarray(at + 5, at + 5 + length), at + 5 + length];
    }
    case 0x07:
      return [new ObjectId(buffer.toString('hex', at, at + 12)), at + 12];
    case 0x08:
      return [buffer[at] === 1, at + 1];
    case 0x09:
      return [new Date(Number(buffer.readBigInt64LE(at))), at + 8];
    case 0x0a:
      return [null, at];
    case 0x10:
      return [buffer.readInt32LE(at), at + 4];
    case 0x11:
    case 0x12:
      return [buffer.readBigInt64LE(at), at + 8];
    default:
      throw new BsonError(`unknown BSON type ${type}`);
  }
}

/** As `mongosh` prints it. */
export function showValue(value: BsonValue, indent = ''): string {
  if (typeof value === 'string') return `'${value.replaceAll("'", "\\'")}'`;
  if (value instanceof Date) return `ISODate('${value.toISOString()}')`;
  if (value instanceof ObjectId) return `ObjectId('${value.hex}')`;
  if (value instanceof Uint8Array) return `Binary.createFromBase64('${Buffer.from(value).toString('base64')}')`;
  if (typeof value === 'bigint') return `Long('${value}')`;
  if (value instanceof Map) {
    if (value.size === 0) return '{}';
    const fields = [...value].map(
      ([name, item]) => `${/^[A-Za-z_$][\w$]*$/.test(name) ? name : `'${name}'`}: ${showValue(item, `${indent}  `)}`,
    );
    const short = `{ ${fields.join(', ')} }`;
    return short.length + indent.length <= 72 && !short.includes('\n')
      ? short
      : `{\n${fields.map((field) => `${indent}  ${field}`).join(',\n')}\n${indent}}`;
  }
  if (Array.isArray(value)) {
    const items = (value as readonly BsonValue[]).map((item) => showValue(item, `${indent}  `));
    if (items.length === 0) return '[]';
    const short = `[ ${items.join(', ')} ]`;
    return short.length + indent.length <= 72 && !short.includes('\n')
      ? short
      : `[\n${items.map((item) => `${indent}  ${item}`).join(',\n')}\n${indent}]`;
  }
  return String(value);
}
