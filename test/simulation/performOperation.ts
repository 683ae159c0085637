/** Does one operation of a walk, as a person would with kubectl. What the API refuses is no failure of the walk. */
import { ApiError } from '#common/api/status.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { Machine } from '#common/kinds/machine.ts';
import { Node } from '#common/kinds/node.ts';
import { PersistentVolumeClaim } from '#common/kinds/persistentVolumeClaim.ts';
import { Pod } from '#common/kinds/pod.ts';
import { ReplicaSet } from '#common/kinds/replicaSet.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ns, type SimulatedCluster } from './simulatedCluster.ts';
import type { Operation } from './walk.ts';
import { cpuAnnotation, keyFor, manifestOf, type WorkloadKind, workloadKinds } from './workloads.ts';

export async function performOperation(cluster: SimulatedCluster, operation: Operation): Promise<void> {
  try {
    await perform(cluster, operation);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}

function perform(cluster: SimulatedCluster, operation: Operation): Promise<unknown> {
  const { client, components } = cluster;
  switch (operation.do) {
    case 'create': {
      const { kind, name, options } = operation;
      return client.create(workloadKinds[kind], manifestOf(kind, name, options));
    }
    case 'scale': {
      const { kind, name, replicas } = operation;
      const spec = kind === 'Job' ? { parallelism: replicas } : { replicas };
      return patch(cluster, kind, name, { spec });
    }
    case 'update': {
      const { kind, name, image } = operation;
      return setImage(cluster, kind, name, image);
    }
    case 'delete': {
      const { kind, name, propagation } = operation;
      return client.delete(workloadKinds[kind], keyFor(kind, name), { propagationPolicy: propagation });
    }
    case 'pause':
    case 'resume': {
      const field = operation.kind === 'Deployment' ? 'paused' : 'suspend';
      return patch(cluster, operation.kind, operation.name, { spec: { [field]: operation.do === 'pause' } });
    }
    case 'undo':
      return operation.kind === 'Deployment' ? undo(cluster, operation.name) : Promise.resolve();
    case 'delete pod':
    case 'kill pod':
    case 'evict pod':
    case 'relabel pod':
      return toPod(cluster, operation.do, operation.pod);
    case 'stop node':
      return setPower(cluster, operation.node, { power: 'Off', shutdown: 'Immediate' });
    case 'shut down node':
      return setPower(cluster, operation.node, { power: 'Off', shutdown: 'Graceful' });
    case 'start node':
      return setPower(cluster, operation.node, { power: 'On' });
    case 'add node':
      return cluster.addNode(operation.node, `10.0.0.${operation.node.slice('node-'.length)}`);
    case 'remove node':
      return client.delete(Node, { namespace: '', name: operation.node });
    case 'cordon':
    case 'uncordon': {
      const unschedulable = operation.do === 'cordon' ? true : null;
      return client.patch(Node, { namespace: '', name: operation.node }, 'merge', { spec: { unschedulable } });
    }
    case 'load':
      return load(cluster, operation.kind, operation.name, operation.cpu);
    case 'grow claim':
    case 'delete claim':
      return toClaim(cluster, operation);
    case 'crash':
      components.get(operation.component)?.stopAfter(operation.writes, operation.down * 1000);
      return Promise.resolve();
  }
}

const patch = (cluster: SimulatedCluster, kind: WorkloadKind, name: string, change: unknown): Promise<KubeObject> =>
  cluster.client.patch(workloadKinds[kind], keyFor(kind, name), 'merge', change);

const setImage = (cluster: SimulatedCluster, kind: WorkloadKind, name: string, image: string): Promise<KubeObject> =>
  cluster.client.patch(workloadKinds[kind], { namespace: ns, name }, 'strategic', {
    spec: { template: { spec: { containers: [{ name: 'c', image }] } } },
  });

const setPower = (cluster: SimulatedCluster, name: string, spec: api.MachineSpec): Promise<api.Machine> =>
  cluster.client.patch(Machine, { namespace: '', name }, 'merge', { spec });

/** As `kubectl rollout undo`: the template of the revision before the present one. */
async function undo(cluster: SimulatedCluster, name: string): Promise<unknown> {
  const deployment = cluster.cache.get(workloadKinds.Deployment, { namespace: ns, name });
  if (!deployment) return undefined;
  const revision = (set: api.ReplicaSet): number => Number(set.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0);
  const sets = cluster.cache.informer(ReplicaSet).ownedBy(deployment.metadata.uid ?? '');
  const previous = sets.sort((a, b) => revision(b) - revision(a))[1];
  const image = previous?.spec?.template?.spec?.containers[0]?.image;
  return image ? setImage(cluster, 'Deployment', name, image) : undefined;
}

async function toPod(
  cluster: SimulatedCluster,
  verb: 'delete pod' | 'kill pod' | 'evict pod' | 'relabel pod',
  place: number,
): Promise<unknown> {
  const pods = cluster.cache.list(Pod, ns).filter((pod) => !pod.metadata.deletionTimestamp);
  const pod = pods[place % Math.max(pods.length, 1)];
  if (!pod) return undefined;
  const key = { namespace: ns, name: pod.metadata.name ?? '' };
  switch (verb) {
    case 'delete pod':
      return cluster.client.delete(Pod, key);
    case 'kill pod':
      return cluster.client.delete(Pod, key, { gracePeriodSeconds: 0 });
    case 'evict pod':
      return cluster.evict(key.name);
    case 'relabel pod':
      return cluster.client.patch(Pod, key, 'merge', { metadata: { labels: { app: 'nobody' } } });
  }
}

/** As `kubectl annotate pods -l app=… --overwrite`: the pods that are there now use this much. */
async function load(cluster: SimulatedCluster, kind: WorkloadKind, name: string, cpu: string): Promise<void> {
  const { template } = (cluster.cache.get(workloadKinds[kind], keyFor(kind, name)) as api.Deployment | undefined)?.spec ?? {};
  const app = template?.metadata?.labels?.['app'];
  for (const { metadata } of cluster.cache.list(Pod, ns)) {
    if (app === undefined || metadata.labels?.['app'] !== app) continue;
    await patch(cluster, 'Pod', metadata.name ?? '', { metadata: { annotations: { [cpuAnnotation]: cpu } } });
  }
}

async function toClaim(
  cluster: SimulatedCluster,
  operation: Extract<Operation, { do: 'grow claim' | 'delete claim' }>,
): Promise<unknown> {
  const claims = cluster.cache.list(PersistentVolumeClaim, ns);
  const claim = claims[operation.claim % Math.max(claims.length, 1)];
  if (!claim) return undefined;
  const { name = '' } = claim.metadata;
  if (operation.do === 'delete claim') return cluster.client.delete(PersistentVolumeClaim, { namespace: ns, name });
  const storage = `${operation.size}Gi`;
  return patch(cluster, 'PersistentVolumeClaim', name, { spec: { resources: { requests: { storage } } } });
}

/** Lets the cluster come to rest: every node runs, nothing is made anew by the clock, every image exists. */
export async function calmDown(cluster: SimulatedCluster): Promise<void> {
  for (const component of cluster.components.values()) {
    component.heal();
    component.start();
  }
  for (const { metadata, spec } of cluster.cache.list(Machine))
    if (spec?.power === 'Off') await setPower(cluster, metadata.name ?? '', { power: 'On' }).catch(ignoreRefusal);
  for (const kind of ['Deployment', 'DaemonSet'] as const) {
    for (const object of cluster.cache.list(workloadKinds[kind], ns) as api.Deployment[]) {
      const missing = object.spec?.template.spec?.containers[0]?.image?.includes('missing');
      if (missing) await setImage(cluster, kind, object.metadata.name ?? '', 'sim/serve:v9').catch(ignoreRefusal);
    }
  }
  for (const { metadata, spec } of cluster.cache.list(Pod, ns)) {
    const key = { namespace: ns, name: metadata.name ?? '' };
    if (spec?.containers[0]?.image?.includes('missing')) await cluster.client.delete(Pod, key).catch(ignoreRefusal);
  }
  for (const { metadata } of cluster.cache.list(workloadKinds.CronJob, ns)) {
    await patch(cluster, 'CronJob', metadata.name ?? '', { spec: { suspend: true } }).catch(ignoreRefusal);
  }
}

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof ApiError)) throw error;
}
