/** The body of a request, whole, up to the size that the API accepts. */
import type { IncomingMessage } from 'node:http';
import { ApiError } from '#common/api/status.ts';

export const maxBodyBytes = 3 * 1024 * 1024;

const tooLarge = (): ApiError => new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${maxBodyBytes}`);

const empty = Buffer.alloc(0);

/** Reads the body. Past the limit the rest is thrown away and the request is refused. */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) {
    request.resume();
    return Promise.reject(tooLarge());
  }
  return new Promise((resolve, reject) => {
    let first: Buffer | undefined;
    let chunks: Buffer[] | undefined;
    let size = 0;
    let refused = false;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (refused) return;
      if (size > maxBodyBytes) {
        refused = true;
        chunks = undefined;
        reject(tooLarge());
      } else if (!first) first = chunk;
      else (chunks ??= [first]).push(chunk);
    });
    request.on('end', () => resolve(chunks ? Buffer.concat(chunks) : (first ?? empty)));
    request.on('error', reject);
    request.on('close', () => {
      if (!request.complete) reject(new ApiError(400, 'BadRequest', 'unexpected EOF'));
    });
  });
}
