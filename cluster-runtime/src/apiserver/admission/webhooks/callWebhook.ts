/**
 * One HTTPS request to a webhook: a JSON body there and one back, in the time that its configuration allows. Time is real
 * time, whatever the cluster's clock does: the program at the other end lives in it.
 */
import { X509Certificate } from 'node:crypto';
import { request as httpsRequest } from 'node:https';
import { connect as connectTls } from 'node:tls';
import type { Clock } from '#common/base/clock.ts';
import type { AdmissionState } from '../admission.ts';
import { CallFailure, failedCall, statusProblem, transportProblem } from './callFailure.ts';
import { addressOf, type ConnectInside, openWay, Unreachable, type WayIn, type WebhookClient } from './reachWebhook.ts';

export interface CallContext {
  readonly state: AdmissionState;
  readonly inside: ConnectInside | undefined;
  /** The cluster's end is the end of every call. */
  readonly signal: AbortSignal;
  /** Real time, not the cluster's. */
  readonly clock: Clock;
}

const largestAnswer = 16 * 1024 * 1024;

export interface WebhookAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** The answer of a webhook that answers with success. Throws CallFailure. */
export async function callWebhook(
  client: WebhookClient,
  timeoutSeconds: number,
  body: unknown,
  context: CallContext,
): Promise<WebhookAnswer> {
  const address = addressOf(client);
  requireCertificates(client.caBundle);
  const posted = (why: string): Error =>
    failedCall(`Post ${JSON.stringify(`${address.url}?timeout=${timeoutSeconds}s`)}: ${why}`);
  let way: WayIn;
  try {
    way = openWay(client, context.state, context.inside);
  } catch (error) {
    throw error instanceof Unreachable ? posted(error.message) : error;
  }
  const answer = await exchange(way, client, `${address.path}?timeout=${timeoutSeconds}s`, timeoutSeconds, body, posted, context);
  if (answer.status < 200 || answer.status > 299) throw failedCall(statusProblem(answer.status, answer.text));
  return answer;
}

/** What is no certificate would be as if nothing had been given, and the machine's own authorities would do. */
function requireCertificates(caBundle: string | undefined): void {
  if (!caBundle) return;
  const refuse = (why: string): never => {
    throw new CallFailure(`could not get REST client: unable to load root certificates: ${why}`);
  };
  const text = Buffer.from(caBundle, 'base64').toString('latin1');
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) refuse('unable to parse bytes as PEM block');
  for (const block of blocks) if (!isCertificate(block)) refuse('failed to parse certificate: x509: malformed certificate');
}

function isCertificate(block: string): boolean {
  try {
    return new X509Certificate(block).raw.length > 0;
  } catch {
    return false;
  }
}

function exchange(
  { socket, target }: WayIn,
  client: WebhookClient,
  path: string,
  timeoutSeconds: number,
  body: unknown,
  posted: (why: string) => Error,
  { signal, clock }: CallContext,
): Promise<WebhookAnswer> {
  const { host, serverName } = addressOf(client);
  const bytes = Buffer.from(JSON.stringify(body));
  return new Promise((resolve, reject) => {
    const done = (): void => {
      timer.dispose();
      signal.removeEventListener('abort', stop);
    };
    const fail = (error: Error): void => {
      done();
      reject(error);
      request.destroy();
      socket.destroy();
    };
    const timer = clock.setTimeout(() => fail(posted('context deadline exceeded')), timeoutSeconds * 1000);
    const stop = (): void => fail(posted('context canceled'));
    signal.addEventListener('abort', stop);
    const broken = (error: Error): void => fail(posted(transportProblem(error, target, serverName)));
    socket.on('error', broken);
    const request = httpsRequest(
      {
        method: 'POST',
        path,
        headers: {
          host,
          accept: 'application/json, */*',
          'content-type': 'application/json',
          'content-length': bytes.length,
          'user-agent': 'kube-apiserver-admission',
        },
        createConnection: () =>
          connectTls({
            socket,
            // An address is verified like a name, but cannot be asked for by one.
            host: serverName,
            ...(/[a-z]/i.test(serverName) && !serverName.includes(':') ? { servername: serverName } : {}),
            ...(client.caBundle ? { ca: Buffer.from(client.caBundle, 'base64') } : {}),
          }),
      },
      (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          size += chunk.length;
          if (size > largestAnswer) fail(failedCall('the answer is larger than 16Mi'));
        });
        response.on('error', () =>
          fail(failedCall('unexpected error when reading response body. Please retry. Original error: unexpected EOF')),
        );
        response.on('end', () => {
          done();
          socket.destroy();
          resolve({
            status: response.statusCode ?? 0,
            contentType: response.headers['content-type'] ?? 'application/json',
            text: Buffer.concat(chunks).toString('utf8'),
          });
        });
      },
    );
    request.on('error', broken);
    request.end(bytes);
  });
}
