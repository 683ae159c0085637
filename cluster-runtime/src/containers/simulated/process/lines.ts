/** Reading by lines from a stream that others will read on from. */
import { type ByteSource, concatBytes } from './byteStream.ts';
import type { Process } from './process.ts';

const newline = 10;

/** The next line with its newline; the last one may lack it. Undefined at the end. What follows stays in the stream. */
export async function readLine(process: Process, source: ByteSource = process.stdin): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const chunk = await process.read(source);
    if (!chunk) return chunks.length > 0 ? concatBytes(chunks) : undefined;
    const end = chunk.indexOf(newline);
    if (end < 0) {
      chunks.push(chunk);
      continue;
    }
    source.unread(chunk.subarray(end + 1));
    chunks.push(chunk.subarray(0, end + 1));
    return concatBytes(chunks);
  }
}

const decoder = new TextDecoder();

/** The same as text, without the newline. */
export async function readTextLine(process: Process, source?: ByteSource): Promise<string | undefined> {
  const line = await readLine(process, source);
  return line && decoder.decode(line).replace(/\n$/, '');
}
