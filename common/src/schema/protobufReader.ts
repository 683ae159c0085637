/** Reads the protobuf wire format: tags, varints, lengths. Knows nothing of the API; never reads beyond its slice. */

/** The bytes are not protobuf, or end too early. */
export class ProtobufError extends Error {}

const utf8 = new TextDecoder();
const endsEarly = 'unexpected EOF';

export type WireType = 0 | 1 | 2 | 5;

export class ProtobufReader {
  readonly #bytes: Uint8Array;
  #at: number;
  readonly #end: number;
  wireType: WireType = 0;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  /** The number of the next field, or undefined at the end. Sets `wireType`. */
  nextField(): number | undefined {
    if (this.#at >= this.#end) return undefined;
    const tag = this.#varint();
    const wireType = Number(tag & 7n);
    const number = Number(tag >> 3n);
    if (number <= 0) throw new ProtobufError(`proto: illegal tag ${number} (wire type ${wireType})`);
    if (wireType !== 0 && wireType !== 1 && wireType !== 2 && wireType !== 5) {
      throw new ProtobufError(`proto: illegal wireType ${wireType}`);
    }
    this.wireType = wireType;
    return number;
  }

  skip(): void {
    if (this.wireType === 0) this.#varint();
    else if (this.wireType === 2) this.#slice();
    else this.#advance(this.wireType === 1 ? 8 : 4);
  }

  /** A whole number, signed. Beyond 2^53 it is rounded. */
  integer(): number {
    this.#expect(0);
    return Number(BigInt.asIntN(64, this.#varint()));
  }

  boolean(): boolean {
    this.#expect(0);
    return this.#varint() !== 0n;
  }

  double(): number {
    this.#expect(1);
    const start = this.#advance(8);
    return new DataView(this.#bytes.buffer, this.#bytes.byteOffset + start, 8).getFloat64(0, true);
  }

  text(): string {
    const [start, end] = this.#slice();
    // Nearly everything is short and ASCII, for which this is faster than the decoder.
    if (end - start < 24) {
      let text = '';
      for (let i = start; i < end; i++) {
        const byte = this.#bytes[i] ?? 0;
        if (byte >= 0x80) return utf8.decode(this.#bytes.subarray(start, end));
        text += String.fromCharCode(byte);
      }
      return text;
    }
    return utf8.decode(this.#bytes.subarray(start, end));
  }

  bytes(): Uint8Array {
    const [start, end] = this.#slice();
    return this.#bytes.subarray(start, end);
  }

  /** A reader of the message that stands here. */
  message(): ProtobufReader {
    const [start, end] = this.#slice();
    return new ProtobufReader(this.#bytes, start, end);
  }

  /** The numbers of a list that is packed into one field. */
  packed(): number[] {
    const inner = this.message();
    const out: number[] = [];
    while (inner.#at < inner.#end) out.push(Number(BigInt.asIntN(64, inner.#varint())));
    return out;
  }

  #expect(wireType: WireType): void {
    if (this.wireType !== wireType) throw new ProtobufError(`proto: wrong wireType = ${this.wireType}`);
  }

  #slice(): [number, number] {
    this.#expect(2);
    const length = Number(this.#varint());
    const start = this.#advance(length);
    return [start, start + length];
  }

  #advance(count: number): number {
    const start = this.#at;
    if (count > this.#end - start) throw new ProtobufError(endsEarly);
    this.#at = start + count;
    return start;
  }

  #varint(): bigint {
    let small = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#byte();
      small |= (byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt(small);
    }
    let value = BigInt(small);
    for (let shift = 28n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new ProtobufError('proto: integer overflow');
  }

  #byte(): number {
    if (this.#at >= this.#end) throw new ProtobufError(endsEarly);
    return this.#bytes[this.#at++] ?? 0;
  }
}
