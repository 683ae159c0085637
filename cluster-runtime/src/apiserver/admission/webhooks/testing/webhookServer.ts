/** A webhook for tests: an HTTPS server on 127.0.0.1 that answers each path as it is told, and remembers what it was asked. */
import { createServer } from 'node:https';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RealClock } from '#common/base/clock.ts';
import { createCertificates } from '../../../http/certificates.ts';

export interface Asked {
  readonly path: string;
  readonly userAgent: string | undefined;
  readonly version: string;
  readonly request: {
    readonly uid: string;
    readonly operation: string;
    readonly object: Record<string, unknown> | null;
    readonly oldObject: Record<string, unknown> | null;
  } & Record<string, unknown>;
}

/** The fields of the answer beside the uid; or what to do with the raw answer. */
export type Behaviour = (asked: Asked, raw: ServerResponse) => Record<string, unknown> | undefined;

export const patching = (...operations: readonly object[]): Record<string, unknown> => ({
  allowed: true,
  patchType: 'JSONPatch',
  patch: Buffer.from(JSON.stringify(operations)).toString('base64'),
});

export interface WebhookServer {
  readonly port: number;
  readonly asked: Asked[];
  /** For `clientConfig`. */
  readonly caBundle: string;
  url(path: string): string;
  on(path: string, behaviour: Behaviour): void;
  close(): Promise<void>;
}

/** `names`: whom its certificate is for. */
export async function startWebhookServer(names: readonly string[] = ['localhost', '127.0.0.1']): Promise<WebhookServer> {
  const certificates = createCertificates(new RealClock().now(), names);
  const behaviours = new Map<string, Behaviour>();
  const asked: Asked[] = [];
  const server = createServer(certificates.serving, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const review = JSON.parse(Buffer.concat(chunks).toString()) as { apiVersion: string; request: Asked['request'] };
      const [path = ''] = (request.url ?? '').slice(1).split('?');
      const question: Asked = {
        path: request.url ?? '',
        userAgent: request.headers['user-agent'],
        version: review.apiVersion,
        request: review.request,
      };
      asked.push(question);
      const answer = (behaviours.get(path) ?? (() => ({ allowed: true })))(question, response);
      if (!answer) return;
      response.setHeader('content-type', 'application/json');
      const uid = review.request.uid;
      response.end(JSON.stringify({ apiVersion: review.apiVersion, kind: 'AdmissionReview', response: { uid, ...answer } }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    asked,
    caBundle: Buffer.from(certificates.ca.cert).toString('base64'),
    url: (path) => `https://127.0.0.1:${port}/${path}`,
    on: (path, behaviour) => void behaviours.set(path, behaviour),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
