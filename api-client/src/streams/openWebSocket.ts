/** Opens a WebSocket to the API; a refused upgrade is the ApiError that any other request would get. */
import type { IncomingHttpHeaders } from 'node:http';
import { WebSocket } from 'ws';
import type { ClusterAgent } from '../transport.ts';
import { refusal } from '../refusal.ts';

export function openWebSocket(
  url: string,
  protocols: readonly string[],
  options: { readonly agent: ClusterAgent; readonly headers: IncomingHttpHeaders | Record<string, string | string[]> },
  signal?: AbortSignal,
): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const socket = new WebSocket(url, [...protocols], {
      agent: options.agent,
      headers: options.headers as Record<string, string>,
      perMessageDeflate: false,
    });
    const onAbort = (): void => {
      reject(signal?.reason as Error);
      socket.terminate();
    };
    const settle = (): void => signal?.removeEventListener('abort', onAbort);
    signal?.addEventListener('abort', onAbort, { once: true });
    socket.once('open', () => {
      settle();
      resolve(socket);
    });
    socket.once('unexpected-response', (_request, answer) => {
      settle();
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.once('close', () => {
        reject(refusal(answer.statusCode ?? 500, text));
        socket.terminate();
      });
    });
    // Also after it is open: whoever uses it looks at `close`, which follows every error.
    socket.on('error', (error) => {
      settle();
      reject(error);
    });
  });
}
