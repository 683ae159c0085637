/** The gRPC health check (grpc.health.v1.Health/Check) over the virtual network. */
import http2 from 'node:http2';
import type { Duplex } from 'node:stream';

export type HealthStatus = 'UNKNOWN' | 'SERVING' | 'NOT_SERVING' | 'SERVICE_UNKNOWN';

const statuses: readonly HealthStatus[] = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'];

/** Resolves with what the server says of `service`; rejects when it does not speak gRPC health checks. */
export function grpcHealth(socket: Duplex, service: string, signal: AbortSignal): Promise<HealthStatus> {
  const { promise, resolve, reject } = Promise.withResolvers<HealthStatus>();
  const session = http2.connect('http://localhost', { createConnection: () => socket });
  session.once('error', reject);
  const stream = session.request(
    {
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Check',
      'content-type': 'application/grpc',
      te: 'trailers',
      'user-agent': 'kube-probe/1.36',
    },
    { signal },
  );
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.once('error', reject);
  stream.once('trailers', (trailers) => {
    const code = Number(trailers['grpc-status'] ?? 0);
    if (code !== 0) reject(new Error(String(trailers['grpc-message'] ?? `grpc status ${code}`)));
  });
  stream.once('end', () => resolve(statusIn(Buffer.concat(chunks))));
  stream.end(frame(service));
  return promise.finally(() => session.destroy());
}

/** A length-prefixed HealthCheckRequest { 1: service }. */
function frame(service: string): Buffer {
  const name = Buffer.from(service);
  const message = name.length === 0 ? Buffer.alloc(0) : Buffer.concat([Buffer.from([0x0a, name.length]), name]);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** The one field of a length-prefixed HealthCheckResponse { 1: status }. */
function statusIn(body: Buffer): HealthStatus {
  const message = body.subarray(5);
  return (message[0] === 0x08 && statuses[message[1] ?? 0]) || 'UNKNOWN';
}
