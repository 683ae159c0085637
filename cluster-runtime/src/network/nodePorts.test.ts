import { connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { SteppedClock } from '#common/base/clock.ts';
import { silentLog } from '#common/base/log.ts';
import { Random } from '#common/base/random.ts';
import { EndpointSlice } from '#common/kinds/endpointSlice.ts';
import { Service } from '#common/kinds/service.ts';
import { FakeApi } from '../kubelet/testing/fakeApi.ts';
import { createNetwork } from './createNetwork.ts';
import { NodePorts } from './nodePorts.ts';

const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const fn of cleanUp.splice(0).reverse()) await fn();
});

const key = { namespace: 'default', name: 'web' };

/** A Service with a node port over one pod that echoes in capitals. */
async function begin(nodePort: number) {
  const abort = new AbortController();
  const api = new FakeApi();
  const ctx = {
    signal: abort.signal,
    clock: new SteppedClock(),
    random: new Random(1),
    log: silentLog,
    tasks: new Set<Promise<void>>(),
  };
  const network = createNetwork(ctx, { cache: api.cache });
  network.addHost('10.244.0.2');
  network.listen('10.244.0.2', 8080, (socket) => {
    socket.on('data', (data: Buffer) => socket.write(data.toString().toUpperCase()));
    socket.once('end', () => socket.end());
  });
  const problems: string[] = [];
  const running = new NodePorts(ctx, {
    network,
    reportProblem: (service, message) => problems.push(`${service.metadata.name}: ${message}`),
  }).run();
  cleanUp.push(async () => {
    abort.abort();
    await running;
    network.dispose();
  });
  api.put(Service, { metadata: key, spec: { type: 'NodePort', clusterIP: '10.96.1.1', ports: [{ port: 80, nodePort }] } });
  const endpoints = (ready: boolean) => [{ addresses: ['10.244.0.2'], conditions: { ready } }];
  api.put(EndpointSlice, {
    metadata: { name: 'web-1', namespace: 'default', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    ports: [{ name: '', port: 8080 }],
    endpoints: endpoints(true),
  });
  await turns();
  return {
    api,
    problems,
    setReady: async (ready: boolean) => {
      api.edit(EndpointSlice, { namespace: 'default', name: 'web-1' }, (slice) => ({ ...slice, endpoints: endpoints(ready) }));
      await turns();
    },
  };
}

/** Lets sockets open and close. */
const turns = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve));
};

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function ask(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.end('hello');
  return text(socket);
}

describe('a node port', () => {
  it('carries bytes both ways to an endpoint', async () => {
    const port = await freePort();
    await begin(port);
    expect(await ask(port)).toBe('HELLO');
  });

  it('refuses connections while there are no endpoints, and after the service has gone', async () => {
    const port = await freePort();
    const { api, setReady } = await begin(port);
    await setReady(false);
    await expect(ask(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await setReady(true);
    expect(await ask(port)).toBe('HELLO');
    await api.remove(Service, key);
    await turns();
    await expect(ask(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('that another program holds is reported once, and taken when it is free', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    const { problems, setReady } = await begin(port);
    await setReady(true);
    expect(problems).toEqual([`web: Node port ${port} cannot be opened on 127.0.0.1: another program on this machine uses it`]);
    await new Promise((resolve) => other.close(resolve));
    await setReady(true);
    expect(await ask(port)).toBe('HELLO');
  });
});
