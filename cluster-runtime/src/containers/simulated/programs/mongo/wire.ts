/** MongoDB's wire protocol: OP_MSG, and the OP_QUERY that old drivers say hello with. */
import { type BsonDocument, BsonError, decodeDocument, encodeDocument } from './bson.ts';

const opReply = 1;
const opQuery = 2004;
const opMsg = 2013;
const headBytes = 16;
const largestMessage = 48_000_000;

export interface Message {
  readonly requestId: number;
  readonly code: number;
  readonly body: BsonDocument;
}

export function encodeMessage(requestId: number, responseTo: number, body: BsonDocument): Buffer {
  const bytes = encodeDocument(body);
  const out = Buffer.alloc(headBytes + 5);
  writeHead(out, out.length + bytes.length, requestId, responseTo, opMsg);
  return Buffer.concat([out, bytes]);
}

/** An answer in the form that the question came in. */
export function encodeAnswer(requestId: number, question: Message, body: BsonDocument): Buffer {
  if (question.code !== opQuery) return encodeMessage(requestId, question.requestId, body);
  const bytes = encodeDocument(body);
  const out = Buffer.alloc(headBytes + 20);
  writeHead(out, out.length + bytes.length, requestId, question.requestId, opReply);
  out.writeInt32LE(8, headBytes);
  out.writeInt32LE(1, headBytes + 16);
  return Buffer.concat([out, bytes]);
}

function writeHead(out: Buffer, length: number, requestId: number, responseTo: number, code: number): void {
  out.writeInt32LE(length, 0);
  out.writeInt32LE(requestId, 4);
  out.writeInt32LE(responseTo, 8);
  out.writeInt32LE(code, 12);
}

export class WireReader {
  #buffer = Buffer.alloc(0);

  push(chunk: Uint8Array): void {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
  }

  /** The next message; undefined until it is complete. Throws BsonError. */
  next(): Message | undefined {
    if (this.#buffer.length < headBytes) return undefined;
    const length = this.#buffer.readInt32LE(0);
    if (length < headBytes || length > largestMessage) throw new BsonError('recv(): message msgLen is invalid');
    if (this.#buffer.length < length) return undefined;
    const bytes = this.#buffer.subarray(0, length);
    this.#buffer = this.#buffer.subarray(length);
    const requestId = bytes.readInt32LE(4);
    const code = bytes.readInt32LE(12);
    if (code === opMsg) return { requestId, code, body: readSections(bytes) };
    if (code === opQuery) {
      const collectionEnd = bytes.indexOf(0, headBytes + 4);
      return { requestId, code, body: decodeDocument(bytes, collectionEnd + 9) };
    }
    throw new BsonError(`unsupported operation ${code}`);
  }
}

/** The body, with document sequences put where they belong: `insert`'s documents may travel beside it. */
function readSections(bytes: Buffer): BsonDocument {
  const hasChecksum = (bytes.readUInt32LE(headBytes) & 1) !== 0;
  const end = bytes.length - (hasChecksum ? 4 : 0);
  let body: BsonDocument = new Map();
  const sequences: [string, BsonDocument[]][] = [];
  let at = headBytes + 4;
  while (at < end) {
    const kind = bytes[at++];
    const size = bytes.readInt32LE(at);
    if (kind === 0) body = decodeDocument(bytes, at);
    else {
      const nameEnd = bytes.indexOf(0, at + 4);
      const documents: BsonDocument[] = [];
      for (let inner = nameEnd + 1; inner < at + size; inner += bytes.readInt32LE(inner))
        documents.push(decodeDocument(bytes, inner));
      sequences.push([bytes.toString('utf8', at + 4, nameEnd), documents]);
    }
    at += size;
  }
  for (const [name, documents] of sequences) body.set(name, documents);
  return body;
}
