import { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { SteppedClock } from '#common/base/clock.ts';
import type { Context } from '#common/base/context.ts';
import type { Disposable } from '#common/base/disposable.ts';
import { silentLog } from '#common/base/log.ts';
import { Random } from '#common/base/random.ts';
import { EndpointSlice } from '#common/kinds/endpointSlice.ts';
import { Node } from '#common/kinds/node.ts';
import { Service } from '#common/kinds/service.ts';
import type * as api from '#common/schema/generated/types.ts';
import { FakeApi } from '../kubelet/testing/fakeApi.ts';
import { createNetwork } from './createNetwork.ts';
import type { Network } from './network.ts';

interface World {
  readonly api: FakeApi;
  readonly clock: SteppedClock;
  readonly network: Network & Disposable;
}

let world: World;
function begin(connectApiServer?: () => Duplex): World {
  const api = new FakeApi();
  const clock = new SteppedClock();
  const ctx: Context = { signal: new AbortController().signal, clock, random: new Random(7), log: silentLog, tasks: new Set() };
  world = { api, clock, network: createNetwork(ctx, { cache: api.cache, ...(connectApiServer ? { connectApiServer } : {}) }) };
  return world;
}
afterEach(() => world.network.dispose());

/** A pod that answers every connection with its address and the peer's. */
function serve(network: Network, ip: string, port: number, node?: string): void {
  network.addHost(ip, node);
  network.listen(ip, port, (socket, from) => socket.end(`${ip} to ${from}`));
}

function service(spec: Partial<api.ServiceSpec>, name = 'web'): void {
  world.api.put(Service, {
    metadata: { name, namespace: 'default' },
    spec: {
      type: 'ClusterIP',
      clusterIP: '10.96.1.1',
      clusterIPs: ['10.96.1.1'],
      ports: [{ port: 80, targetPort: 8080, protocol: 'TCP' }],
      ...spec,
    },
  });
}

function slice(endpoints: api.Endpoint[], name = 'web'): void {
  world.api.put(EndpointSlice, {
    metadata: { name: `${name}-1`, namespace: 'default', labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    ports: [{ name: '', port: 8080, protocol: 'TCP' }],
    endpoints,
  });
}

const said = (network: Network, ip: string, port: number, from = '10.244.9.9'): Promise<string> =>
  text(network.connect(from, ip, port));

describe('hosts', () => {
  it.each([
    ['10.244.0.2', 8080, '10.244.0.2 to 10.244.9.9'],
    ['10.244.0.2', 81, 'ECONNREFUSED'],
    ['10.244.0.3', 8080, 'EHOSTUNREACH'],
  ])('answer at %s:%i with %s', async (ip, port, answer) => {
    const { network } = begin();
    serve(network, '10.244.0.2', 8080);
    const asked = (async () => said(network, ip, port))();
    if (answer.startsWith('E')) await expect(asked).rejects.toMatchObject({ code: answer });
    else expect(await asked).toBe(answer);
  });

  it('find themselves behind a loopback address', async () => {
    const { network } = begin();
    serve(network, '10.244.0.2', 8080);
    expect(await said(network, '127.0.0.1', 8080, '10.244.0.2')).toBe('10.244.0.2 to 10.244.0.2');
  });

  it('are gone when they are disposed of, and a port is free again', async () => {
    const { network } = begin();
    const host = network.addHost('10.244.0.2');
    const listener = network.listen('10.244.0.2', 80, (socket) => socket.end());
    expect(() => network.listen('10.244.0.2', 80, () => undefined)).toThrow('EADDRINUSE');
    listener.dispose();
    network.listen('10.244.0.2', 80, (socket) => socket.end('new'));
    expect(await said(network, '10.244.0.2', 80)).toBe('new');
    host.dispose();
    expect(() => network.connect('x', '10.244.0.2', 80)).toThrow('EHOSTUNREACH');
  });

  it('close both ends of a connection', async () => {
    const { network } = begin();
    network.addHost('10.244.0.2');
    const closed = Promise.withResolvers<void>();
    network.listen('10.244.0.2', 80, (socket) => socket.once('close', () => closed.resolve()));
    const client = network.connect('x', '10.244.0.2', 80);
    await new Promise((resolve) => setImmediate(resolve));
    client.destroy();
    await closed.promise;
  });
});

describe('services', () => {
  const ready = (ip: string, more: Partial<api.Endpoint> = {}): api.Endpoint => ({
    addresses: [ip],
    conditions: { ready: true },
    ...more,
  });

  it('spread connections over ready endpoints', async () => {
    const { network } = begin();
    for (const ip of ['10.244.0.2', '10.244.0.3', '10.244.0.4']) serve(network, ip, 8080);
    service({});
    slice([ready('10.244.0.2'), ready('10.244.0.3'), { addresses: ['10.244.0.4'], conditions: { ready: false } }]);
    const answers = new Set<string>();
    for (let i = 0; i < 40; i++) answers.add((await said(network, '10.96.1.1', 80)).split(' ')[0] as string);
    expect([...answers].sort()).toEqual(['10.244.0.2', '10.244.0.3']);
  });

  it('fall back to endpoints that are terminating but still serve', async () => {
    const { network } = begin();
    serve(network, '10.244.0.2', 8080);
    service({});
    slice([{ addresses: ['10.244.0.2'], conditions: { ready: false, serving: true, terminating: true } }]);
    expect(await said(network, '10.96.1.1', 80)).toContain('10.244.0.2');
  });

  it.each<[string, Partial<api.ServiceSpec>, api.Endpoint[], number, string]>([
    ['without endpoints', {}, [], 80, 'ECONNREFUSED'],
    ['at a port it does not have', {}, [ready('10.244.0.2')], 81, 'ECONNREFUSED'],
    [
      'with endpoints on other nodes only',
      { internalTrafficPolicy: 'Local' },
      [ready('10.244.0.2', { nodeName: 'b' })],
      80,
      'ETIMEDOUT',
    ],
    ['of type ExternalName', { type: 'ExternalName' }, [ready('10.244.0.2')], 80, 'EHOSTUNREACH'],
  ])('are not reached %s', (_what, spec, endpoints, port, code) => {
    const { network } = begin();
    network.addHost('10.244.9.9', 'a');
    service(spec);
    slice(endpoints);
    expect(() => network.connect('10.244.9.9', '10.96.1.1', port)).toThrow(code);
  });

  it('stay on the node where the policy says so', async () => {
    const { network } = begin();
    serve(network, '10.244.0.2', 8080, 'a');
    serve(network, '10.244.1.2', 8080, 'b');
    network.addHost('10.244.9.9', 'b');
    service({ internalTrafficPolicy: 'Local' });
    slice([ready('10.244.0.2', { nodeName: 'a' }), ready('10.244.1.2', { nodeName: 'b' })]);
    for (let i = 0; i < 10; i++) expect(await said(network, '10.96.1.1', 80)).toContain('10.244.1.2');
  });

  it('stay in the zone where hints say so', async () => {
    const { api, network } = begin();
    api.put(Node, { metadata: { name: 'b', labels: { 'topology.kubernetes.io/zone': 'zb' } } });
    serve(network, '10.244.0.2', 8080);
    serve(network, '10.244.1.2', 8080);
    network.addHost('10.244.9.9', 'b');
    service({});
    slice([
      ready('10.244.0.2', { hints: { forZones: [{ name: 'za' }] } }),
      ready('10.244.1.2', { hints: { forZones: [{ name: 'zb' }] } }),
    ]);
    for (let i = 0; i < 10; i++) expect(await said(network, '10.96.1.1', 80)).toContain('10.244.1.2');
  });

  it('keep a client on its endpoint until the affinity is over', async () => {
    const { clock, network } = begin();
    for (const ip of ['10.244.0.2', '10.244.0.3', '10.244.0.4']) serve(network, ip, 8080);
    service({ sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 10 } } });
    slice(['10.244.0.2', '10.244.0.3', '10.244.0.4'].map((ip) => ready(ip)));
    const first = await said(network, '10.96.1.1', 80);
    for (let i = 0; i < 10; i++) expect(await said(network, '10.96.1.1', 80)).toBe(first);
    const later = new Set<string>();
    for (let i = 0; i < 20; i++) {
      await clock.advance(10_000);
      later.add(await said(network, '10.96.1.1', 80));
    }
    expect(later.size).toBeGreaterThan(1);
  });

  it('follow changes of endpoints and of the service', async () => {
    const { api, network } = begin();
    serve(network, '10.244.0.2', 8080);
    serve(network, '10.244.0.3', 8080);
    service({});
    slice([ready('10.244.0.2')]);
    expect(await said(network, '10.96.1.1', 80)).toContain('10.244.0.2');
    api.edit(EndpointSlice, { namespace: 'default', name: 'web-1' }, (old) => ({ ...old, endpoints: [ready('10.244.0.3')] }));
    expect(await said(network, '10.96.1.1', 80)).toContain('10.244.0.3');
    api.edit(Service, { namespace: 'default', name: 'web' }, (old) => ({
      ...old,
      spec: { ...old.spec, ports: [{ port: 8000 }] },
    }));
    expect(() => network.connect('x', '10.96.1.1', 80)).toThrow('ECONNREFUSED');
    expect(await said(network, '10.96.1.1', 8000)).toContain('10.244.0.3');
    await api.remove(Service, { namespace: 'default', name: 'web' });
    expect(() => network.connect('x', '10.96.1.1', 8000)).toThrow('EHOSTUNREACH');
  });

  it('answer at the node ports of every node', async () => {
    const { api, network } = begin();
    api.put(Node, { metadata: { name: 'a' }, status: { addresses: [{ type: 'InternalIP', address: '10.0.0.1' }] } });
    network.addHost('10.0.0.1', 'a');
    serve(network, '10.244.1.2', 8080, 'b');
    service({ type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] });
    slice([ready('10.244.1.2', { nodeName: 'b' })]);
    expect(await said(network, '10.0.0.1', 30080)).toContain('10.244.1.2');
    expect(() => network.connect('x', '10.244.1.2', 30080)).toThrow('ECONNREFUSED');
    expect(await text(network.connectNodePort('127.0.0.1', 30080))).toBe('10.244.1.2 to 127.0.0.1');
    expect(network.nodePorts()).toMatchObject([{ nodePort: 30080, open: true }]);
  });

  it('lead to the API server', () => {
    const server = new Duplex({ read: () => undefined });
    const { network } = begin(() => server);
    service({ clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1'], ports: [{ port: 443 }] }, 'kubernetes');
    expect(network.connect('x', '10.96.0.1', 443)).toBe(server);
  });
});

describe('names', () => {
  it.each<[string, string, string[]]>([
    ['web', 'default', ['10.96.1.1']],
    ['web', 'other', []],
    ['web.default', 'other', ['10.96.1.1']],
    ['WEB.default.svc', 'other', ['10.96.1.1']],
    ['web.default.svc.cluster.local', 'other', ['10.96.1.1']],
    ['web.default.svc.cluster.local.', 'other', ['10.96.1.1']],
    ['web.', 'default', []],
    ['db', 'default', ['10.244.0.2', '10.244.0.3']],
    ['db-0.db', 'default', ['10.244.0.2']],
    ['db-0.db.default.svc.cluster.local', 'other', ['10.244.0.2']],
    ['10-244-0-3.db', 'default', ['10.244.0.3']],
    ['db-9.db', 'default', []],
    ['alias', 'default', ['10.96.1.1']],
    ['loop', 'default', []],
    ['10-244-0-9.default.pod.cluster.local', 'default', ['10.244.0.9']],
    ['10.1.2.3', 'default', ['10.1.2.3']],
    ['localhost', 'default', ['127.0.0.1']],
    ['example.com', 'default', []],
    ['__proto__', 'default', []],
  ])('%s in %s is %j', (name, namespace, addresses) => {
    const { network } = begin();
    service({});
    service({ clusterIP: 'None', clusterIPs: ['None'] }, 'db');
    slice(
      [
        { addresses: ['10.244.0.2'], hostname: 'db-0' },
        { addresses: ['10.244.0.3'] },
        { addresses: ['10.244.0.4'], conditions: { ready: false } },
      ],
      'db',
    );
    service({ type: 'ExternalName', externalName: 'web.default.svc.cluster.local', clusterIP: '' }, 'alias');
    service({ type: 'ExternalName', externalName: 'loop.default.svc.cluster.local', clusterIP: '' }, 'loop');
    expect(network.resolve(name, namespace)).toEqual(addresses);
  });
});
