import { createServer, type Server } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { SteppedClock } from '#common/base/clock.ts';
import { silentLog } from '#common/base/log.ts';
import { Random } from '#common/base/random.ts';
import type * as api from '#common/schema/generated/types.ts';
import { FakeApi } from '../kubelet/testing/fakeApi.ts';
import { createNetwork } from './createNetwork.ts';
import { LoadBalancers } from './loadBalancers.ts';

const ip = '127.77.3.5';
const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const fn of cleanUp.splice(0).reverse()) await fn();
});

function begin(): LoadBalancers {
  const abort = new AbortController();
  const ctx = {
    signal: abort.signal,
    clock: new SteppedClock(),
    random: new Random(1),
    log: silentLog,
    tasks: new Set<Promise<void>>(),
  };
  const network = createNetwork(ctx, { cache: new FakeApi().cache });
  const balancers = new LoadBalancers(ctx, network);
  const running = balancers.run();
  cleanUp.push(async () => {
    abort.abort();
    await running;
    network.dispose();
  });
  return balancers;
}

const listen = async (port = 0): Promise<{ server: Server; port: number }> => {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, ip, resolve));
  cleanUp.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { server, port: (server.address() as { port: number }).port };
};

const service = (...ports: api.ServicePort[]): api.Service => ({
  metadata: { name: 's', namespace: 'default', uid: 'u' },
  spec: { type: 'LoadBalancer', loadBalancerIP: ip, ports },
});

it('opens a port that another program has elsewhere, and says why and where', async () => {
  const balancers = begin();
  const taken = await listen();
  const free = await listen();
  await new Promise((resolve) => free.server.close(resolve));
  cleanUp.pop();
  expect(await balancers.ensure(service({ port: free.port }))).toEqual({ ip, problems: [] });
  const { problems } = await balancers.ensure(service({ port: free.port }, { port: taken.port }));
  expect(problems.map(({ port, error }) => [port, error])).toEqual([[taken.port, 'PortMoved']]);
  const [, place] =
    /^port \d+ of the load balancer cannot be opened at 127\.77\.3\.5: another program has it; it listens at 127\.77\.3\.5:(\d+)$/.exec(
      problems[0]?.message ?? '',
    ) ?? ['', ''];
  await expect(listen(Number(place)).catch((error: unknown) => error)).resolves.toMatchObject({ code: 'EADDRINUSE' });
});

it('says that only TCP is carried', async () => {
  const { problems } = await begin().ensure(service({ port: 53, protocol: 'UDP' }));
  expect(problems).toEqual([
    {
      port: 53,
      error: 'ProtocolNotSupported',
      message: 'port 53/UDP of the load balancer cannot be opened: only TCP is carried',
    },
  ]);
});
