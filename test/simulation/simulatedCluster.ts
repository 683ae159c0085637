/**
 * A whole cluster under a stepped clock, put together so that each part can fail on its own: every controller, the
 * scheduler and every node's kubelet is a component with its own watches, client and life. The API itself does not fail.
 */
import { SteppedClock } from '#common/base/clock.ts';
import type { Context } from '#common/base/context.ts';
import { Emitter } from '#common/base/emitter.ts';
import { createLog } from '#common/base/log.ts';
import { Random } from '#common/base/random.ts';
import { unexpected } from '#common/base/unexpected.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { Machine } from '#common/kinds/machine.ts';
import { Namespace } from '#common/kinds/namespace.ts';
import { Node } from '#common/kinds/node.ts';
import { Pod } from '#common/kinds/pod.ts';
import { StorageClass } from '#common/kinds/storageClass.ts';
import type * as api from '#common/schema/generated/types.ts';
import { metricsService } from '#runtime/addons/metrics.ts';
import { newNode } from '#runtime/addons/nodes.ts';
import { storageAddon } from '#runtime/addons/storage.ts';
import { allPlugins } from '#runtime/apiserver/admission/allPlugins.ts';
import { serveMetrics } from '#runtime/apiserver/metricsApi/serveMetrics.ts';
import { createRegistry } from '#runtime/apiserver/registry/apiRegistry.ts';
import type { User } from '#runtime/apiserver/registry/registry.ts';
import { evictPod } from '#runtime/apiserver/subresources/eviction.ts';
import { createCache } from '#runtime/client/informerCache.ts';
import { createLocalClient } from '#runtime/client/localClient.ts';
import type { Controller } from '#runtime/controller/controller.ts';
import { startControllers } from '#runtime/controller/runController.ts';
import { simulatedDriver } from '#runtime/controller/simulatedDriver.ts';
import { controllersFor } from '#runtime/controllers/allControllers.ts';
import { createKubelets, type Kubelets } from '#runtime/kubelet/kubelets.ts';
import { createNetwork } from '#runtime/network/createNetwork.ts';
import type { Network } from '#runtime/network/network.ts';
import { machineControllers } from '#runtime/playground/machineController.ts';
import { runScheduler } from '#runtime/scheduler/scheduler.ts';
import { MemoryStore } from '#runtime/store/memoryStore.ts';
import { Component, type ComponentOptions } from './component.ts';
import type { Filter } from './faultyCache.ts';
import { type FaultPlan, Faults } from './faults.ts';
import { ScriptedRuntime } from './scriptedRuntime.ts';

export const ns = 'test';

const admin: User = { name: 'admin', groups: ['system:masters', 'system:authenticated'] };

/** Beside the class that a cluster comes with, which waits for the first pod. */
const immediateClass: api.StorageClass = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'immediate' },
  provisioner: simulatedDriver,
  volumeBindingMode: 'Immediate',
};

/** Small, so that pods have to wait for room now and then. */
const nodeRoom = { cpu: '4', memory: '8Gi', pods: '12' };

/** The two loops of the machines live and end together: they remember in common. */
export const machineController = 'machine-controller';
export const controllerNames: readonly string[] = [...controllersFor({}).map(({ name }) => name), machineController];
export const kubeletOf = (node: string): string => `kubelet of ${node}`;
export const schedulerName = 'scheduler';

/** More turns of the event loop without time moving than anything sensible needs: something goes round in a circle. */
const turnLimit = 3000;

export interface SimulationOptions {
  readonly seed: number;
  readonly nodes: number;
  /** The faults of each component; undefined for none. */
  faultsOf(component: string): FaultPlan | undefined;
}

/** A write of a component that the API has just acknowledged: `delete Pod test/a-0`. */
export interface Write {
  readonly component: string;
  readonly what: string;
}

export type SimulatedCluster = Awaited<ReturnType<typeof startSimulation>>;

export async function startSimulation(options: SimulationOptions) {
  const { seed } = options;
  const clock = new SteppedClock();
  const abort = new AbortController();
  const problems: string[] = [];
  const log = createLog('simulation', ({ level, component, message, fields }) => {
    if (level === 'error') problems.push(`${component}: ${message} ${JSON.stringify(fields ?? {})}`);
  });
  const ctx: Context = { signal: abort.signal, clock, random: new Random(seed), log, tasks: new Set() };
  const store = new MemoryStore({ freeze: true });
  const registry = createRegistry({ store, clock, random: ctx.random, admissionPlugins: allPlugins });
  const cache = createCache(store, registry);
  const client = createLocalClient(registry, admin, 'kubectl');
  const runtime = new ScriptedRuntime(clock);
  const hosts = new Map<string, number>();
  const network = counted(createNetwork(ctx, { cache }), hosts);
  const components = new Map<string, Component>();
  /** What is used on each node, by the latest life of its kubelet. */
  const usages = new Map<string, Kubelets['usage']>();
  let activity = 0;
  /** When something other than a sign of life was last written, in the clock's time. */
  let lastChange = clock.now();
  const trace: string[] = [];
  const writes = new Emitter<Write>();
  /** The last calls, also of what failed and of what was only read. */
  const latest: string[] = [];

  for (const name of ['default', 'kube-system', 'kube-node-lease', ns])
    await client.create(Namespace, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  for (const { kind, object } of [...storageAddon(), metricsService()]) await client.create(kind, object);
  await client.create(StorageClass, immediateClass);

  const add = (name: string, run: ComponentOptions['run'], filter?: Filter): void => {
    const component = new Component({
      name,
      clock,
      seed,
      log,
      client,
      cache,
      faults: new Faults(clock, seed, name, options.faultsOf(name) ?? noFaultsAtAll),
      ...(filter ? { filter } : {}),
      run,
      alive(component, what) {
        activity++;
        // Who hears of something is not who goes round.
        if (what !== 'hears') latest.push(`${component}: ${what}`);
        if (latest.length > 200) latest.splice(0, 180);
      },
      wrote(component, what) {
        trace.push(`${seconds(clock.now() - began)} ${component}: ${what}`);
        writes.fire({ component, what });
      },
    });
    components.set(name, component);
    component.start();
  };

  const began = clock.now();
  for (const name of controllerNames) {
    add(name, ({ ctx, client, cache, events }) => {
      return startControllers(ctx, { client, cache, events }, controllersNamed(name)).finished;
    });
  }
  add(schedulerName, ({ ctx, client, cache, events }) => runScheduler(ctx, { client, cache, events }));

  const addKubelet = (node: string): void =>
    add(
      kubeletOf(node),
      async ({ ctx, client, cache, events }) => {
        const kubelets = createKubelets(ctx, { client, cache, events, runtime, network });
        usages.set(node, kubelets.usage);
        await kubelets.run();
      },
      // A machine knows of itself and of what is bound to it.
      (kind, object) =>
        (kind.kind === Node.kind && kind.group === '') || kind.kind === Machine.kind
          ? object.metadata.name === node
          : kind.kind !== Pod.kind || kind.group !== '' || (object as api.Pod).spec?.nodeName === node,
    );

  const metrics = serveMetrics({
    registry,
    cache,
    clock,
    usage: {
      podUse: (pod) => usages.get(pod.spec?.nodeName ?? '')?.podUse(pod),
      nodeUse: (node) => usages.get(node)?.nodeUse(node),
    },
  });

  const heard = cache.kinds().map((kind) =>
    cache.informer(kind).onChange((event) => {
      activity++;
      if (!isSignOfLife(kind.kind, event.object)) lastChange = clock.now();
    }),
  );

  /** Turns of the event loop until nobody does anything. */
  const settle = async (): Promise<void> => {
    let turns = 0;
    for (let quiet = 0; quiet < 4; turns++) {
      const before = activity;
      await new Promise((resolve) => setImmediate(resolve));
      quiet = activity === before ? quiet + 1 : 0;
      if (turns > turnLimit) throw new Livelock(latest.slice(-12));
    }
  };

  const simulation = {
    clock,
    client,
    cache,
    registry,
    runtime,
    /** Addresses that answer in the network, with how many asked for each. */
    hosts: hosts as ReadonlyMap<string, number>,
    components: components as ReadonlyMap<string, Component>,
    /** What was logged as an error. */
    problems: problems as readonly string[],
    /** Every write of a component, in order. */
    trace: trace as readonly string[],
    /** The same, one by one, each when the API holds it and before its author hears of it. */
    onWrite: writes.event,
    settle,
    /** For how long nothing has been written but signs of life, in milliseconds. */
    quietFor: () => clock.now() - lastChange,
    /** Milliseconds since the begin. */
    elapsed: () => clock.now() - began,
    advance: (ms: number) => clock.advance(ms, settle),
    async addNode(name: string, ip: string): Promise<void> {
      const node = newNode(name);
      const status = { capacity: nodeRoom, allocatable: nodeRoom, addresses: [{ type: 'InternalIP', address: ip }] };
      await client.create(Node, { ...node, status });
      if (components.has(kubeletOf(name))) components.get(kubeletOf(name))?.start();
      else addKubelet(name);
    },
    evict: (name: string) =>
      evictPod(
        { namespace: ns, name },
        {},
        { user: admin, fieldManager: 'kubectl', dryRun: false, fieldValidation: 'Ignore', warn: () => undefined },
        registry.resourceOf(Pod),
        { ctx, registry },
      ),
    /** Nothing fails any more. */
    heal(): void {
      for (const component of components.values()) component.heal();
    },
    /** Ends everything; gives the components that did not come to their end. */
    async stop(): Promise<readonly string[]> {
      for (const component of components.values()) component.stop();
      await settle();
      abort.abort();
      for (const subscription of heard) subscription.dispose();
      metrics.dispose();
      network.dispose();
      cache.dispose();
      await store.close();
      return [...components.values()].filter(({ unfinished }) => unfinished > 0).map(({ name }) => name);
    },
  };
  for (let i = 1; i <= options.nodes; i++) await simulation.addNode(`node-${i}`, `10.0.0.${i}`);
  await simulation.advance(5000);
  return simulation;
}

/** The components went round in a circle without time moving on. */
export class Livelock extends Error {
  constructor(last: readonly string[]) {
    super(`work without end:\n  ${last.join('\n  ')}`);
  }
}

function controllersNamed(name: string): readonly Controller[] {
  if (name === machineController) return machineControllers();
  return [controllersFor({}).find((candidate) => candidate.name === name) ?? unexpected(`no controller ${name}`)];
}

const noFaultsAtAll: FaultPlan = { conflicts: 0, slowWrites: 0, lag: 0, merges: 0, repeats: 0, breaks: 0 };

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)}s`;

/** What is written all the time though nothing changes. */
const isSignOfLife = (kind: string, object: KubeObject): boolean =>
  kind === 'Event' || kind === 'Lease' || (kind === 'Node' && object.metadata.deletionTimestamp === undefined);

/** The network, with account of the addresses in it. */
function counted<N extends Network>(network: N, hosts: Map<string, number>): N {
  return {
    ...network,
    addHost(ip: string, node?: string) {
      const host = network.addHost(ip, node);
      hosts.set(ip, (hosts.get(ip) ?? 0) + 1);
      let there = true;
      return {
        dispose() {
          if (!there) return;
          there = false;
          host.dispose();
          const left = (hosts.get(ip) ?? 0) - 1;
          if (left > 0) hosts.set(ip, left);
          else hosts.delete(ip);
        },
      };
    },
  };
}
