/** Sketches of clusters for the scheduler's tests. */
import type * as api from '#common/schema/generated/types.ts';
import { ClusterModel } from './clusterModel.ts';
import { objectionNow } from './feasibility.ts';
import { type Lookups, noLookups } from './lookups.ts';
import type { Plugin } from './plugin.ts';

export interface NodeSketch {
  cpu?: string;
  memory?: string;
  pods?: string;
  labels?: Record<string, string>;
  taints?: api.Taint[];
  unschedulable?: boolean;
  images?: api.ContainerImage[];
  running?: api.Pod[];
}

let uid = 0;

/** A pod of namespace `default` with a uid of its own. */
export function podOf(
  spec: Partial<api.PodSpec> = {},
  labels: Record<string, string> = {},
  metadata: Partial<api.ObjectMeta> = {},
): api.Pod {
  const id = ++uid;
  return {
    metadata: { name: `p${id}`, namespace: 'default', uid: `uid-${id}`, labels, ...metadata },
    spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
  };
}

export const asking = (requests: Record<string, string>): Partial<api.PodSpec> => ({
  containers: [{ name: 'c', image: 'i', resources: { requests } }],
});

export function clusterOf(sketches: Record<string, NodeSketch>, lookups: Partial<Lookups> = {}): ClusterModel {
  const cluster = new ClusterModel({ ...noLookups, ...lookups });
  for (const [name, sketch] of Object.entries(sketches)) {
    const { cpu = '8', memory = '16Gi', pods = '110', labels = {}, taints, unschedulable, images, running = [] } = sketch;
    cluster.setNode(name, {
      metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
      spec: { ...(taints ? { taints } : {}), ...(unschedulable ? { unschedulable } : {}) },
      status: { allocatable: { cpu, memory, pods }, ...(images ? { images } : {}) },
    });
    for (const pod of running) cluster.place(pod, name);
  }
  return cluster;
}

/** What the plugin says about each node: its reasons, or `ok`. */
export function verdicts(plugin: Plugin, pod: api.Pod, cluster: ClusterModel): Record<string, string> {
  return Object.fromEntries(
    cluster.nodes.map((node) => [node.name, objectionNow(pod, node, [plugin], cluster)?.reasons.join(', ') ?? 'ok']),
  );
}

/** The plugin's scores by node; undefined when it finds all alike. */
export function scoresOf(plugin: Plugin, pod: api.Pod, cluster: ClusterModel): Record<string, number> | undefined {
  const scores = plugin.score?.(pod, cluster.nodes, cluster);
  return scores && Object.fromEntries(cluster.nodes.map((node, i) => [node.name, scores[i] ?? 0]));
}
