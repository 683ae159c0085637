/**
 * The kubelets of the cluster: every Node object has a machine, which runs from the moment that it is there until it is
 * deleted, but while its Machine object says that it is off. Pods that are bound to no existing node are nobody's.
 */
import { type Disposable, DisposableStore } from '#common/base/disposable.ts';
import { type Context, spawnTask } from '#common/base/context.ts';
import { Lease } from '#common/kinds/lease.ts';
import { isSwitchedOn, Machine } from '#common/kinds/machine.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { Node } from '#common/kinds/node.ts';
import { Pod } from '#common/kinds/pod.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { InformerEvent } from '../client/client.ts';
import type { NodeStreams } from '../containers/containerRuntime.ts';
import { ServiceEnvironment } from './container/serviceEnvironment.ts';
import { Heartbeats } from './node/heartbeats.ts';
import { MachineReports, machineStatus } from './node/machineReports.ts';
import { serveKubelet } from './node/kubeletServer.ts';
import { createMachineUse, type MachineUse } from './node/machineUse.ts';
import { NodeAddresses } from './node/nodeAddresses.ts';
import { NodeAgent } from './node/nodeAgent.ts';
import type { KubeletContext, KubeletOptions } from './options.ts';
import { ObjectWaiters } from './pod/objectWaiters.ts';
import type { KubeletShared } from './pod/podHost.ts';
import type { PodWorker } from './pod/podWorker.ts';
import { StatusQueue } from './pod/statusQueue.ts';
import { createNodeStreams } from './streams/nodeStreams.ts';
import { watchClaimsToResize } from './volumes/claimResizer.ts';
import { SharedVolumes } from './volumes/sharedVolumes.ts';
import { memoryVolumes } from './volumes/volumeStore.ts';

const nodeIndex = 'kubelet/node';

export interface Kubelets {
  /** Runs every machine until shutdown. */
  run(): Promise<void>;
  readonly streams: NodeStreams;
  /** What pods and machines use now. */
  readonly usage: MachineUse;
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

  const reports = new MachineReports(ctx, (name, before) => {
    const node = cache.get(Node, { namespace: '', name });
    return node && machineStatus(before, agents.get(name), statedAddress(node), ctx.clock.now());
  });

  const usage = createMachineUse({
    cache,
    nodeIndex,
    runs: (node) => agents.has(node),
    recordsOf: (pod) => workerOf({ namespace: pod.metadata.namespace ?? '', name: pod.metadata.name ?? '' })?.records,
  });

  const servers = new Map<string, Disposable>();

  const boot = (shared: KubeletShared, node: api.Node, machine: api.Machine | undefined): void => {
    const name = node.metadata.name ?? '';
    const wasOff = machine?.status?.phase === 'Off';
    const bootID = wasOff ? ctx.random.uuid() : (machine?.status?.bootID ?? (node.status?.nodeInfo?.bootID || node.metadata.uid));
    const agent = new NodeAgent(ctx, shared, {
      node,
      machine,
      ip: addresses.of(name, statedAddress(node)),
      bootID: bootID ?? '',
    });
    agents.set(name, agent);
    const startedAt = ctx.clock.now();
    servers.set(
      name,
      serveKubelet(ctx, { node: name, ip: agent.ip, usage, startedAt, pods: () => pods.byIndex(nodeIndex, name) }),
    );
    restoreImages(ctx, name, node, pods.byIndex(nodeIndex, name));
    heartbeats.add(agent);
    spawnTask(ctx, `registration of ${name}`, () => agent.register());
    for (const pod of pods.byIndex(nodeIndex, name)) agent.setPod(pod);
  };

  const pullPlug = (agent: NodeAgent): void => {
    agents.delete(agent.name);
    servers.get(agent.name)?.dispose();
    servers.delete(agent.name);
    heartbeats.remove(agent);
    agent.stop();
  };

  const shutDown = async (shared: KubeletShared, agent: NodeAgent, machine: api.Machine): Promise<void> => {
    const done = agent.shutDown(machine.spec?.shutdownGracePeriodByPodPriority);
    reports.add(agent.name);
    await done;
    if (agents.get(agent.name) !== agent || ctx.signal.aborted) return;
    pullPlug(agent);
    // Switched on again meanwhile: then this was a reboot.
    bringTo(shared, agent.name);
  };

  /** Brings the machine to what its objects say. */
  const bringTo = (shared: KubeletShared, name: string): void => {
    const node = cache.get(Node, { namespace: '', name });
    const machine = cache.get(Machine, { namespace: '', name });
    let agent = agents.get(name);
    if (agent && agent.uid !== node?.metadata.uid) {
      pullPlug(agent);
      addresses.release(name);
      shared.volumes.forgetNode(name);
      agent = undefined;
    }
    if (!node) {
      addresses.release(name);
      return;
    }
    if (isSwitchedOn(machine)) {
      if (!agent) boot(shared, node, machine);
      else agent.update(node);
      agents.get(name)?.setFaults(machine?.spec?.pressure);
    } else if (agent) {
      if (machine?.spec?.shutdown !== 'Graceful') pullPlug(agent);
      else if (!agent.shuttingDown) spawnTask(ctx, `shutdown of ${name}`, () => shutDown(shared, agent, machine));
      else agent.update(node);
    }
    if (machine) reports.add(name);
  };

  const onPod = (event: InformerEvent<api.Pod>): void => {
    const agent = agents.get(event.object.spec?.nodeName ?? '');
    if (!agent) return;
    if (event.type === 'deleted') agent.removePod(event.object.metadata.uid ?? '');
    else agent.setPod(event.object);
  };

  return {
    streams: createNodeStreams(ctx, workerOf, (pod) => unreachableAddress(ctx, agents, pods.get(pod))),

    usage,

    async run() {
      const handles = new DisposableStore();
      const shared: KubeletShared = {
        services: handles.add(new ServiceEnvironment(cache)),
        volumes: handles.add(new SharedVolumes(cache, options.volumes ?? memoryVolumes())),
        waiters: handles.add(new ObjectWaiters(cache)),
        statuses: new StatusQueue(ctx),
      };
      handles.add(watchClaimsToResize(ctx, (node) => agents.has(node)));
      // After everybody in this process has seen the change, so that the scheduler's word of it comes before the node's.
      handles.add(pods.onChange((event) => queueMicrotask(() => onPod(event))));
      const onMachine = ({ object }: InformerEvent<KubeObject>): void => bringTo(shared, object.metadata.name ?? '');
      handles.add(cache.informer(Machine).onChange(onMachine));
      handles.add(cache.informer(Node).onChange(onMachine, true));
      const { signal } = ctx;
      if (!signal.aborted)
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      handles.dispose();
      heartbeats.dispose();
      for (const agent of [...agents.values()]) pullPlug(agent);
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

const statedAddress = (node: api.Node): string | undefined =>
  node.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address;

/** Where the pod's kubelet would answer if its machine were on; undefined when nothing keeps it from answering. */
function unreachableAddress(
  ctx: KubeletContext,
  agents: ReadonlyMap<string, NodeAgent>,
  pod: api.Pod | undefined,
): string | undefined {
  const name = pod?.spec?.nodeName;
  const node = name && !agents.has(name) ? ctx.cache.get(Node, { namespace: '', name }) : undefined;
  return node && (statedAddress(node) ?? name);
}
