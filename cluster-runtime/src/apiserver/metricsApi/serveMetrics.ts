/**
 * Serves metrics.k8s.io/v1beta1 as long as there is an APIService that announces it: what pods and nodes use at present,
 * for `kubectl top` and for autoscalers.
 *
 * Differs from Kubernetes: there is no metrics-server. The API server measures when it is asked, so that figures are never
 * older than the question, and OpenAPI does not describe them.
 */
import type { Disposable } from '#common/base/disposable.ts';
import type { Clock } from '#common/base/clock.ts';
import { formatDuration } from '#common/api/duration.ts';
import { quantityFromValue } from '#common/api/quantity.ts';
import { formatTime } from '#common/api/time.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import { APIService } from '#common/kinds/apiService.ts';
import { NodeMetrics, type ResourceUse } from '#common/kinds/metrics/nodeMetrics.ts';
import { PodMetrics } from '#common/kinds/metrics/podMetrics.ts';
import { Node } from '#common/kinds/node.ts';
import { Pod } from '#common/kinds/pod.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache } from '../../client/client.ts';
import type { ApiRegistry } from '../registry/apiRegistry.ts';
import { metricsResource } from './metricsResource.ts';

/** Present use in the units that kubelets report. */
export interface Use {
  readonly cpuNanoCores: number;
  readonly memoryBytes: number;
}

export interface UsageSource {
  /** Per running container; undefined for a pod that no machine has. */
  podUse(pod: api.Pod): readonly (Use & { readonly container: string })[] | undefined;
  /** Of the whole machine; undefined while it does not run. */
  nodeUse(node: string): Use | undefined;
}

/** What the figures are averages over: the window that containers count their work in. */
const windowMs = 15_000;

export interface MetricsOptions {
  readonly registry: ApiRegistry;
  readonly cache: Cache;
  readonly clock: Clock;
  readonly usage: UsageSource;
}

const apiServiceName = `${PodMetrics.version}.${PodMetrics.group}`;

export function serveMetrics(options: MetricsOptions): Disposable {
  const { registry, cache } = options;
  const resources = [nodeResource(options), podResource(options)];
  return cache.informer(APIService).onChange(({ type, object }) => {
    if (object.metadata.name !== apiServiceName || type === 'updated') return;
    for (const resource of resources) {
      if (type === 'added') registry.addComputed(resource);
      else registry.removeComputed(resource);
    }
  }, true);
}

const apiVersion = `${PodMetrics.group}/${PodMetrics.version}`;

const amounts = ({ cpuNanoCores, memoryBytes }: Use): ResourceUse => ({
  cpu: cpuNanoCores === 0 ? '0' : `${cpuNanoCores}n`,
  memory: quantityFromValue(Math.ceil(memoryBytes / 1024) * 1024, 'BinarySI').text,
});

function stamp({ clock }: MetricsOptions, { name = '', namespace, labels }: api.Pod['metadata']) {
  const now = formatTime(clock.now());
  return {
    metadata: { name, ...(namespace ? { namespace } : {}), creationTimestamp: now, ...(labels ? { labels } : {}) },
    timestamp: now,
    window: formatDuration(windowMs),
  };
}

function podResource(options: MetricsOptions) {
  const { cache, usage } = options;
  const measure = (pod: api.Pod): PodMetrics[] => {
    const containers = pod.status?.phase === 'Running' ? usage.podUse(pod) : undefined;
    if (!containers?.length) return [];
    const used = containers.map(({ container, ...use }) => ({ name: container, usage: amounts(use) }));
    return [{ kind: 'PodMetrics', apiVersion, ...stamp(options, pod.metadata), containers: used }];
  };
  return metricsResource(PodMetrics as unknown as KindDefinition, {
    exists: (key) => cache.get(Pod, key) !== undefined,
    get(namespace, name) {
      const pod = cache.get(Pod, { namespace, name });
      return pod && measure(pod)[0];
    },
    list: (namespace) => cache.list(Pod, namespace).flatMap(measure),
  });
}

function nodeResource(options: MetricsOptions) {
  const { cache, usage } = options;
  const measure = (node: api.Node): NodeMetrics[] => {
    const use = usage.nodeUse(node.metadata.name ?? '');
    return use ? [{ kind: 'NodeMetrics', apiVersion, ...stamp(options, node.metadata), usage: amounts(use) }] : [];
  };
  return metricsResource(NodeMetrics as unknown as KindDefinition, {
    exists: (key) => cache.get(Node, key) !== undefined,
    get(_, name) {
      const node = cache.get(Node, { namespace: '', name });
      return node && measure(node)[0];
    },
    list: () => cache.list(Node).flatMap(measure),
  });
}
