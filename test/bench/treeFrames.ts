/**
 * The tree of 20,000 pods in a real browser while 200 of them change per second: what each frame costs in scripting,
 * and what the page's memory is. Pods come and go as well, so that lines move.
 */
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { KubeObject } from '#common/api/meta.ts';
import { RealClock } from '#common/base/clock.ts';
import { createApiClient } from '#apiClient/apiClient.ts';
import type { TreeModel } from '#dashboard/treeModel.ts';
import { WebServer } from '#dashboard/web/webServer.ts';
import { launchChromium } from '../extension/chromium.ts';
import { cliFile } from '../support/testCluster.ts';

export interface TreeFrames {
  readonly frames: number;
  /** Milliseconds of the processor for scripting per frame. */
  readonly median: number;
  readonly p95: number;
  readonly p99: number;
  readonly longest: number;
  readonly heapMegabytes: number;
  readonly openMs: number;
}

const changesPerSecond = 200;
const perNamespace = 1_000;

const pod = (index: number, ready: boolean, restarts: number): KubeObject =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      uid: `pod-${index}`,
      name: `pod-${index}`,
      namespace: `team-${Math.floor(index / perNamespace)}`,
      labels: { app: `app-${index % 50}`, tier: 'web' },
      creationTimestamp: '2026-01-01T00:00:00Z',
    },
    spec: { nodeName: `node-${index % 200}`, containers: [{ name: 'app', image: 'nginx:1.27' }] },
    status: {
      phase: 'Running',
      containerStatuses: [{ name: 'app', ready, restartCount: restarts, state: { running: {} } }],
    },
  }) as KubeObject;

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  /** Of the processor, in microseconds: what others on the machine do is not in it. */
  readonly tdur?: number;
}

const scripts = new Set([
  'FireAnimationFrame',
  'FunctionCall',
  'RunMicrotasks',
  'EventDispatch',
  'TimerFire',
  'v8.run',
  'MajorGC',
  'MinorGC',
]);

/** Milliseconds of scripting from each frame to the next, shortest first. */
function scriptingPerFrame(trace: Buffer): number[] {
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] };
  const thread = traceEvents.find(({ name }) => name === 'FireAnimationFrame');
  const events = traceEvents
    .filter(({ name, ph, pid, tid }) => ph === 'X' && pid === thread?.pid && tid === thread.tid && scripts.has(name))
    .sort((x, y) => x.ts - y.ts);
  const frames: number[] = [];
  let spent = 0;
  let end = 0;
  for (const { name, ts, dur = 0, tdur = dur } of events) {
    if (name === 'FireAnimationFrame') {
      frames.push(spent / 1000);
      spent = 0;
    }
    // What runs inside another is in its time already.
    if (ts >= end) {
      spent += tdur;
      end = ts + dur;
    }
  }
  return frames.slice(1).sort((x, y) => x - y);
}

export async function treeFrames(pods: number, seconds: number): Promise<TreeFrames> {
  const api = createApiClient({ server: 'https://127.0.0.1:1' });
  const mediaFolder = path.join(path.dirname(cliFile), 'media');
  const server = new WebServer({ api, clock: new RealClock(), clusterName: 'playground', mediaFolder, port: 0 });
  const browser = await launchChromium();
  try {
    const entrance = await server.listen();
    const { model } = await server.dashboard('en');
    fill(model, pods);
    const page = await browser.newPage({ viewport: { width: 420, height: 900 } });
    const begun = performance.now();
    await page.goto(entrance);
    await page.locator(`.row[data-row="pod-0"]`).waitFor();
    const openMs = performance.now() - begun;
    await delay(5_000);
    await browser.startTracing(page, { categories: ['devtools.timeline', 'v8', 'disabled-by-default-devtools.timeline'] });
    await change(model, pods, seconds);
    const scripting = scriptingPerFrame(await browser.stopTracing());
    const client = await page.context().newCDPSession(page);
    await client.send('HeapProfiler.collectGarbage');
    const { usedSize } = await client.send('Runtime.getHeapUsage');
    const at = (share: number): number => scripting[Math.min(scripting.length - 1, Math.floor(scripting.length * share))] ?? 0;
    return {
      frames: scripting.length,
      median: at(0.5),
      p95: at(0.95),
      p99: at(0.99),
      longest: scripting.at(-1) ?? 0,
      heapMegabytes: usedSize / 1e6,
      openMs,
    };
  } finally {
    await browser.close();
    await server.close();
    api.close();
  }
}

function fill(model: TreeModel, pods: number): void {
  for (let i = 0; i < pods / perNamespace; i++)
    model.set('Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { uid: `ns-${i}`, name: `team-${i}` } });
  for (let i = 0; i < pods; i++) model.set('Pod', pod(i, true, 0));
}

/** Every tenth change is a pod that goes and one that comes in its stead; the others change a pod, half of them on the screen. */
async function change(model: TreeModel, pods: number, seconds: number): Promise<void> {
  const every = 10;
  const steps = (seconds * 1000) / every;
  let next = pods;
  for (let step = 0; step < steps; step++) {
    for (let i = 0; i < (changesPerSecond * every) / 1000; i++) {
      const count = step * 2 + i;
      const index = count % 2 ? count % 40 : (count * 7919) % pods;
      if (count % 10 === 4) {
        model.remove('Pod', pod(next - pods, true, 0));
        model.set('Pod', pod(next++, false, 0));
      } else model.set('Pod', pod(index, step % 2 === 0, step));
    }
    await delay(every);
  }
}
