/** A whole cluster under a stepped clock: load that is really made scales a workload out, and its end scales it in. */
import { afterEach, expect, test } from 'vitest';
import { SteppedClock } from '#common/base/clock.ts';
import { silentLog } from '#common/base/log.ts';
import { quantityMilli } from '#common/api/quantity.ts';
import { Deployment } from '#common/kinds/deployment.ts';
import { Event } from '#common/kinds/event.ts';
import { HorizontalPodAutoscaler } from '#common/kinds/horizontalPodAutoscaler.ts';
import { PodMetrics } from '#common/kinds/metrics/podMetrics.ts';
import { Pod } from '#common/kinds/pod.ts';
import { Service } from '#common/kinds/service.ts';
import type * as api from '#common/schema/generated/types.ts';
import { type Cluster, startCluster } from '#runtime/cluster.ts';

const clock = new SteppedClock();
let cluster: Cluster | undefined;

afterEach(async () => {
  await cluster?.close();
  cluster = undefined;
});

const settle = async (): Promise<void> => {
  for (let i = 0; i < 40; i++) await new Promise((resolve) => setImmediate(resolve));
};
const seconds = (count: number): Promise<void> => clock.advance(count * 1000, settle);

async function start(): Promise<Cluster> {
  const starting = startCluster({ nodes: 2, port: 0, folder: undefined, latency: 'none', seed: 1, clock, log: silentLog });
  void starting.then((started) => (cluster = started));
  while (!cluster) await clock.advance(100, settle);
  return cluster;
}

const meta = (name: string, more: Partial<api.ObjectMeta> = {}): api.ObjectMeta => ({ name, namespace: 'default', ...more });
const labels = { app: 'php-apache' };

async function deploy({ client }: Cluster, container: Partial<api.Container>, annotations: Record<string, string> = {}) {
  await client.create(Deployment, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: meta('php-apache'),
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, annotations },
        spec: { containers: [{ name: 'php-apache', resources: { requests: { cpu: '200m' } }, ...container }] } as api.PodSpec,
      },
    },
  });
}

const autoscale = ({ client }: Cluster, spec: Partial<api.HorizontalPodAutoscalerSpec> = {}) =>
  client.create(HorizontalPodAutoscaler, {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: meta('php-apache'),
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'php-apache' },
      minReplicas: 1,
      maxReplicas: 6,
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } }],
      ...spec,
    },
  });

const key = { namespace: 'default', name: 'php-apache' };
const replicasOf = ({ cache }: Cluster): number => cache.get(Deployment, key)?.spec?.replicas ?? 0;
async function millicoresOf({ client }: Cluster): Promise<number> {
  const pods = await client.list(PodMetrics, { namespace: 'default', labelSelector: 'app=php-apache' });
  return pods.reduce((sum, { containers }) => sum + quantityMilli(containers[0]?.usage.cpu), 0);
}
const conditionsOf = ({ cache }: Cluster): (string | undefined)[] =>
  (cache.get(HorizontalPodAutoscaler, key)?.status?.conditions ?? []).map(({ reason }) => reason);

test('the walkthrough: requests scale out, their end scales in after the window', { timeout: 120_000 }, async () => {
  const running = await start();
  const { client, cache } = running;
  await deploy(running, {
    image: 'registry.k8s.io/hpa-example',
    ports: [{ containerPort: 80 }],
    resources: { requests: { cpu: '200m' }, limits: { cpu: '500m' } },
  });
  await client.create(Service, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: meta('php-apache'),
    spec: { ports: [{ port: 80 }], selector: labels },
  } as api.Service);
  await seconds(30);
  await autoscale(running);
  await seconds(60);
  expect(replicasOf(running)).toBe(1);
  expect(conditionsOf(running).slice(1)).toEqual(['ValidMetricFound', 'DesiredWithinRange']);

  await client.create(Pod, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: meta('load-generator'),
    spec: {
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: 'load',
          image: 'busybox:1.28',
          command: ['/bin/sh', '-c', 'while sleep 0.1; do wget -q -O- http://php-apache; done'],
        },
      ],
    } as api.PodSpec,
  });
  // The programs of a container are loaded when they first run, which takes time that the stepped clock knows nothing of.
  while ((await millicoresOf(running)) < 200) await clock.advance(100, settle);
  await seconds(150);
  const scaled = replicasOf(running);
  expect(scaled).toBeGreaterThan(3);
  const status = cache.get(HorizontalPodAutoscaler, key)?.status;
  expect(status?.currentMetrics?.[0]?.resource?.current.averageUtilization).toBeGreaterThan(20);
  expect(status?.lastScaleTime).toBeDefined();

  await client.delete(Pod, { namespace: 'default', name: 'load-generator' }, { gracePeriodSeconds: 0 });
  await seconds(240);
  expect(replicasOf(running)).toBe(scaled);
  expect(conditionsOf(running)).toContain('ScaleDownStabilized');
  await seconds(150);
  expect(replicasOf(running)).toBe(1);

  const events = await client.list(Event, { namespace: 'default' });
  const told = events.filter(
    ({ involvedObject, reason }) => involvedObject.name === 'php-apache' && reason === 'SuccessfulRescale',
  );
  expect(told.at(0)?.message).toMatch(/^New size: \d; reason: cpu resource utilization \(percentage of request\) above target$/);
  expect(told.at(-1)?.message).toBe('New size: 1; reason: All metrics below target');
});

test('annotations say what is used, by pod and by container', async () => {
  const running = await start();
  await deploy(running, { image: 'registry.example/app:1' }, { 'playground.kube/cpu': '400m', 'playground.kube/memory': '64Mi' });
  await seconds(30);
  const [measured] = await running.client.list(PodMetrics, { namespace: 'default', labelSelector: 'app=php-apache' });
  expect(measured?.containers).toEqual([{ name: 'php-apache', usage: { cpu: '400000000n', memory: '64Mi' } }]);
  await autoscale(running);
  await seconds(20);
  expect(replicasOf(running)).toBe(4);
});

test('metrics of pods, objects and the world come from annotations', async () => {
  const running = await start();
  const { client } = running;
  await deploy(running, { image: 'registry.example/app:1' }, { 'playground.kube/metric.rps': '30' });
  await seconds(30);
  await autoscale(running, {
    metrics: [
      { type: 'Pods', pods: { metric: { name: 'rps' }, target: { type: 'AverageValue', averageValue: '10' } } },
      { type: 'External', external: { metric: { name: 'queue' }, target: { type: 'AverageValue', averageValue: '5' } } },
    ],
  });
  await seconds(20);
  expect(replicasOf(running)).toBe(3);
  expect(running.cache.get(HorizontalPodAutoscaler, key)?.status?.currentMetrics?.map(({ type }) => type)).toEqual(['Pods', '']);
  const events = await client.list(Event, { namespace: 'default' });
  expect(events.map(({ message }) => message)).toContain(
    'unable to get external metric default/queue/nil: unable to fetch metrics from external metrics API: the server could not find the requested resource (get queue.external.metrics.k8s.io)',
  );
});

test('a target that is not there is told of', async () => {
  const running = await start();
  await autoscale(running);
  await seconds(20);
  expect(running.cache.get(HorizontalPodAutoscaler, key)?.status?.conditions?.[0]).toMatchObject({
    type: 'AbleToScale',
    status: 'False',
    reason: 'FailedGetScale',
    message: 'the HPA controller was unable to get the target\'s current scale: deployments.apps "php-apache" not found',
  });
});
