/** Requests as they are, with nothing checked or mended on the way: for suites that send what a client would not. */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';

export interface RawRequest {
  readonly method: string;
  readonly path: string;
  /** The Content-Type; none when empty. */
  readonly type: string;
  readonly body: Buffer | string;
}

export interface RawApi {
  send(raw: RawRequest): Promise<{ code: number; text: string }>;
  close(): void;
}

export function rawApi(kubeconfig: string): RawApi {
  const text = readFileSync(kubeconfig, 'utf8');
  const server = /server: (\S+)/.exec(text)?.[1] ?? '';
  const authorization = `Bearer ${/token: (\S+)/.exec(text)?.[1] ?? ''}`;
  const ca = Buffer.from(/certificate-authority-data: (\S+)/.exec(text)?.[1] ?? '', 'base64');
  const agent = new Agent({ keepAlive: true, maxSockets: 16, ca });
  return {
    send: ({ method, path, type, body }) =>
      new Promise((resolve, reject) => {
        const headers = { authorization, ...(type ? { 'content-type': type } : {}), 'content-length': Buffer.byteLength(body) };
        const req = request(server, { method, path, agent, headers }, (res) => {
          let answer = '';
          res.on('data', (chunk: Buffer) => (answer += chunk.toString()));
          res.on('end', () =>
            res.complete ? resolve({ code: res.statusCode ?? 0, text: answer }) : reject(new Error('the answer broke off')),
          );
          res.on('error', reject);
        });
        req.on('error', reject);
        req.end(body);
      }),
    close: () => agent.destroy(),
  };
}
