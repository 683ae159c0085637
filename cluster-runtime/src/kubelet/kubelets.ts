/**
 * The kubelets of the cluster: every Node object is a machine, from the moment it is there until it is deleted. Pods
 * that are bound to no existing node are nobody's.
 */
import { DisposableStore } from '#common/base/disposable.ts';
import { type Context, spawnTask } from '#common/base/context.ts';
import { Lease } from '#common/kinds/lease.ts';
import { Node } from '#common/kinds/node.ts';
import { Pod } from '#common/kinds/pod.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { InformerEvent } from '../client/client.ts';
import type { NodeStreams } from '../containers/containerRuntime.ts';
import { ServiceEnvironment } from './container/serviceEnvironment.ts';
import { Heartbeats } from './node/heartbeats.ts';
import { NodeAddresses } from './node/nodeAddresses.ts';
import { NodeAgent } from './node/nodeAgent.ts';
import type { KubeletContext, KubeletOptions } from './options.ts';
import { ObjectWaiters } from './pod/objectWaiters.ts';
import type { KubeletShared } from './pod/podHost.ts';
import type { PodWorker } from './pod/podWorker.ts';
import { StatusQueue } from './pod/statusQueue.ts';
import { createNodeStreams } from './streams/nodeStreams.ts';
import { SharedVolumes } from './volumes/sharedVolumes.ts';

const nodeIndex = 'kubelet/node';

export interface Kubelets {
  /** Runs every machine until shutdown. */
  run(): Promise<void>;
  readonly streams: NodeStreams;
  /** What each running container of a pod uses now; undefined for a pod that no machine has. */
  usage(pod: { namespace: string; name: string }): readonly ContainerUsage[] | undefined;
}

export interface ContainerUsage {
  readonly container: string;
  readonly cpuNanoCores: number;
  readonly memoryBytes: number;
}

export function createKubelets(parent: Context, options: KubeletOptions): Kubelets {
  const ctx: KubeletContext = { ...parent, ...options, log: parent.log.child('kubelet') };
  const { cache } = ctx;
  const agents = new Map<string, NodeAgent>();
  const addresses = new NodeAddresses();
  const heartbeats = new Heartbeats(ctx);
  const pods = cache.informer(Pod);
  pods.addIndex(nodeIndex, (pod) => (pod.spec?.nodeName ? [pod.spec.nodeName] : []));
  // Read by name at every renewal.
  cache.informer(Lease);

  const workerOf = (key: { namespace: string; name: string }): PodWorker | undefined => {
    const pod = pods.get(key);
    return pod && agents.get(pod.spec?.nodeName ?? '')?.workers.get(pod.metadata.uid ?? '');
  };

  const startMachine = (shared: KubeletShared, node: api.Node): void => {
    const name = node.metadata.name ?? '';
    const stated = node.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address;
    const agent = new NodeAgent(ctx, shared, node, addresses.of(name, stated));
    agents.set(name, agent);
    restoreImages(ctx, name, node, pods.byIndex(nodeIndex, name));
    heartbeats.add(agent);
    spawnTask(ctx, `registration of ${name}`, () => agent.register());
    for (const pod of pods.byIndex(nodeIndex, name)) agent.setPod(pod);
  };

  const stopMachine = (name: string): void => {
    const agent = agents.get(name);
    if (!agent) return;
    agents.delete(name);
    heartbeats.remove(agent);
    agent.stop();
    addresses.release(name);
  };

  const onNode = (shared: KubeletShared, event: InformerEvent<api.Node>): void => {
    const name = event.object.metadata.name ?? '';
    if (event.type === 'deleted') stopMachine(name);
    else if (agents.has(name)) agents.get(name)?.update(event.object);
    else startMachine(shared, event.object);
  };

  const onPod = (event: InformerEvent<api.Pod>): void => {
    const agent = agents.get(event.object.spec?.nodeName ?? '');
    if (!agent) return;
    if (event.type === 'deleted') agent.removePod(event.object.metadata.uid ?? '');
    else agent.setPod(event.object);
  };

  return {
    streams: createNodeStreams(ctx, workerOf),

    usage(pod) {
      const records = workerOf(pod)?.records;
      return (
        records &&
        [...records.values()].flatMap(({ name, running }) => (running ? [{ container: name, ...running.usage() }] : []))
      );
    },

    async run() {
      const handles = new DisposableStore();
      const shared: KubeletShared = {
        services: handles.add(new ServiceEnvironment(cache)),
        volumes: handles.add(new SharedVolumes(cache)),
        waiters: handles.add(new ObjectWaiters(cache)),
        statuses: new StatusQueue(ctx),
      };
      handles.add(pods.onChange(onPod));
      handles.add(cache.informer(Node).onChange((event) => onNode(shared, event), true));
      const { signal } = ctx;
      if (!signal.aborted)
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      handles.dispose();
      heartbeats.dispose();
      for (const name of [...agents.keys()]) stopMachine(name);
    },
  };
}

/** A machine that reboots still has its images: those that its Node lists, and those that its pods ran. */
function restoreImages(ctx: KubeletContext, name: string, node: api.Node, pods: readonly api.Pod[]): void {
  const listed = (node.status?.images ?? []).flatMap((image) => image.names?.at(-1) ?? []);
  const ran = pods.flatMap(({ status }) => [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]);
  const images = new Set([...listed, ...ran.filter(({ containerID }) => containerID !== undefined).map(({ image }) => image)]);
  if (images.size > 0) ctx.runtime.restoreImages?.(name, [...images]);
}
