/**
 * What a kubelet answers on its port, which clients reach through `nodes/<name>/proxy`: whether it is well, and what its
 * node and pods use (`/stats/summary`, from which monitoring add-ons read).
 *
 * Differs from Kubernetes: figures are present ones; the counters since the start, and those of disks and networks, are
 * left out. Connections come from the API server alone and are neither encrypted nor authenticated.
 */
import type { Server } from 'node:http';
import type { Disposable } from '#common/base/disposable.ts';
import { formatTime } from '#common/api/time.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { KubeletContext } from '../options.ts';
import type { MachineUse, Use } from './machineUse.ts';

const kubeletPort = 10_250;

export interface KubeletServerOptions {
  readonly node: string;
  readonly ip: string;
  readonly usage: MachineUse;
  readonly startedAt: number;
  pods(): readonly api.Pod[];
}

/** Listens until it is disposed; the server itself is made when somebody comes. */
export function serveKubelet(ctx: KubeletContext, options: KubeletServerOptions): Disposable {
  let server: Promise<Server> | undefined;
  return ctx.network.listen(options.ip, kubeletPort, (socket) => {
    server ??= httpServer((path) => answerTo(path, ctx.clock.now(), options));
    void server.then((ready) => ready.emit('connection', socket));
  });
}

interface Answer {
  readonly type: string;
  readonly body: string;
}

async function httpServer(answer: (path: string) => Answer | undefined): Promise<Server> {
  const { createServer } = await import('node:http');
  // No timers for idle connections: both ends live in this process.
  return createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 }, (request, response) => {
    response.sendDate = false;
    const found = answer((request.url ?? '/').split('?', 1)[0] ?? '/');
    if (!found) response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('404 page not found\n');
    else if (request.method !== 'GET' && request.method !== 'HEAD')
      response.writeHead(405, { 'Content-Type': 'text/plain; charset=utf-8' }).end('405: Method Not Allowed\n');
    else response.writeHead(200, { 'Content-Type': found.type }).end(found.body);
  });
}

function answerTo(path: string, now: number, options: KubeletServerOptions): Answer | undefined {
  if (path === '/healthz') return { type: 'text/plain; charset=utf-8', body: 'ok' };
  if (path === '/stats/summary' || path === '/stats/summary/')
    return { type: 'application/json', body: JSON.stringify(summaryOf(options, now), undefined, 1) };
  return undefined;
}

const figures = ({ cpuNanoCores, memoryBytes }: Use, time: string): object => ({
  cpu: { time, usageNanoCores: cpuNanoCores },
  memory: { time, usageBytes: memoryBytes, workingSetBytes: memoryBytes },
});

function summaryOf({ node, usage, startedAt, pods }: KubeletServerOptions, now: number): object {
  const time = formatTime(now);
  const own = usage.nodeUse(node);
  return {
    node: { nodeName: node, startTime: formatTime(startedAt), ...(own ? figures(own, time) : {}) },
    pods: pods().flatMap((pod) => {
      const containers = usage.podUse(pod) ?? [];
      if (containers.length === 0) return [];
      const { name = '', namespace = '', uid = '' } = pod.metadata;
      const total = containers.reduce(
        (sum, { cpuNanoCores, memoryBytes }) => ({
          cpuNanoCores: sum.cpuNanoCores + cpuNanoCores,
          memoryBytes: sum.memoryBytes + memoryBytes,
        }),
        { cpuNanoCores: 0, memoryBytes: 0 },
      );
      return [
        {
          podRef: { name, namespace, uid },
          startTime: pod.status?.startTime ?? null,
          containers: containers.map(({ container, ...use }) => ({
            name: container,
            startTime: pod.status?.containerStatuses?.find((one) => one.name === container)?.state?.running?.startedAt ?? null,
            ...figures(use, time),
          })),
          ...figures(total, time),
        },
      ];
    }),
  };
}
