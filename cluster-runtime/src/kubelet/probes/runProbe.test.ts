import http from 'node:http';
import http2 from 'node:http2';
import { afterEach, describe, expect, it } from 'vitest';
import type * as api from '#common/schema/generated/types.ts';
import { KubeletFixture } from '../testing/kubeletFixture.ts';
import { type ProbeOutcome, runProbe } from './runProbe.ts';

let fixture: KubeletFixture;
afterEach(() => fixture.close());

/** A running pod whose port 80 is served by `serve`, and one attempt of `probe` against it. */
async function attempt(probe: api.Probe, serve?: (f: KubeletFixture) => void, waitMs = 0): Promise<ProbeOutcome> {
  const f = (fixture = new KubeletFixture());
  const spec: api.Container = { name: 'app', image: 'nginx', ports: [{ name: 'web', containerPort: 80 }] };
  const pod = await f.createPod({ containers: [spec] });
  serve?.(f);
  const self = { pod, podIP: '10.244.0.2', hostIP: '10.0.0.1', allocatable: {} };
  const host = { machine: { ctx: { clock: f.clock, network: f.network }, ip: '10.0.0.1' }, pod, self } as never;
  const outcome = runProbe(host, spec, f.runtime.container('app'), probe, new AbortController().signal);
  let done = false;
  void outcome.finally(() => (done = true));
  for (let i = 0; i < 20 && !done; i++) await f.settle();
  await f.advance(waitMs);
  return outcome;
}

const httpServer = (handler: http.RequestListener) => (f: KubeletFixture) => {
  const server = http.createServer(handler);
  f.network.listen('10.244.0.2', 80, (socket) => server.emit('connection', socket));
};

const grpcServer = (status: number, seen?: (body: Buffer) => void) => (f: KubeletFixture) => {
  const server = http2.createServer();
  server.on('stream', (stream) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      seen?.(Buffer.concat(chunks));
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      stream.end(Buffer.from([0, 0, 0, 0, 2, 8, status]));
    });
  });
  f.network.listen('10.244.0.2', 80, (socket) => server.emit('connection', socket));
};

describe('an HTTP probe', () => {
  const probe = { httpGet: { path: '/healthz?x=1', port: 'web', httpHeaders: [{ name: 'X-Own', value: 'y' }] } };

  it('asks as the kubelet does', async () => {
    let asked: http.IncomingMessage | undefined;
    const outcome = await attempt(
      probe,
      httpServer((request, response) => {
        asked = request;
        response.end('ok');
      }),
    );
    expect(outcome).toEqual({ result: 'success' });
    expect(asked).toMatchObject({
      method: 'GET',
      url: '/healthz?x=1',
      headers: { 'user-agent': 'kube-probe/1.36', host: '10.244.0.2:80', 'x-own': 'y' },
    });
  });

  it.each([
    [301, { result: 'success' }],
    [503, { result: 'failure', output: 'HTTP probe failed with statuscode: 503' }],
  ])('takes status %i for %j', async (status, outcome) => {
    expect(
      await attempt(
        probe,
        httpServer((_request, response) => response.writeHead(status).end()),
      ),
    ).toEqual(outcome);
  });

  it('says that nobody listens', async () => {
    expect(await attempt(probe)).toEqual({
      result: 'failure',
      output: 'Get "http://10.244.0.2:80/healthz?x=1": dial tcp 10.244.0.2:80: connect: connection refused',
    });
  });

  it('gives up after its timeout', async () => {
    const outcome = await attempt(
      { ...probe, timeoutSeconds: 2 },
      httpServer(() => undefined),
      2000,
    );
    expect(outcome).toEqual({
      result: 'failure',
      output:
        'Get "http://10.244.0.2:80/healthz?x=1": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
    });
  });
});

describe('a TCP probe', () => {
  it.each([
    [80, { result: 'success' }],
    [81, { result: 'failure', output: 'dial tcp 10.244.0.2:81: connect: connection refused' }],
  ])('of port %i is %j', async (port, outcome) => {
    expect(await attempt({ tcpSocket: { port } }, (f) => f.network.listen('10.244.0.2', 80, () => undefined))).toEqual(outcome);
  });
});

describe('a gRPC probe', () => {
  it('asks the health service', async () => {
    let body: Buffer = Buffer.alloc(0);
    expect(
      await attempt(
        { grpc: { port: 80, service: 'db' } },
        grpcServer(1, (seen) => (body = seen)),
      ),
    ).toEqual({ result: 'success' });
    expect(body.toString('latin1')).toBe('\0\0\0\0\x04\x0a\x02db');
  });

  it('says what the server answered', async () => {
    expect(await attempt({ grpc: { port: 80 } }, grpcServer(2))).toEqual({
      result: 'failure',
      output: 'service unhealthy (responded with "NOT_SERVING")',
    });
  });

  it('says that nobody listens', async () => {
    expect(await attempt({ grpc: { port: 80 } })).toEqual({
      result: 'failure',
      output: 'timeout: failed to connect service "10.244.0.2:80" within 1s: context deadline exceeded',
    });
  });
});
