/** For tests: kubelets over a fake API and a fake runtime, under a stepped clock, with the real virtual network. */
import { SteppedClock } from '#common/base/clock.ts';
import type { Context } from '#common/base/context.ts';
import { drainTasks } from '#common/base/context.ts';
import { silentLog } from '#common/base/log.ts';
import { Random } from '#common/base/random.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { Node } from '#common/kinds/node.ts';
import { Pod } from '#common/kinds/pod.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { NodeStreams } from '../../containers/containerRuntime.ts';
import type { EventRecorder } from '../../controller/eventRecorder.ts';
import { createNetwork } from '../../network/createNetwork.ts';
import type { Network } from '../../network/network.ts';
import type { KubeletOptions } from '../options.ts';
import { createKubelets } from '../kubelets.ts';
import { FakeApi } from './fakeApi.ts';
import { FakeRuntime } from './fakeRuntime.ts';

export interface Recorded {
  readonly about: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly fieldPath: string | undefined;
}

export class KubeletFixture {
  readonly clock = new SteppedClock();
  readonly api = new FakeApi();
  readonly runtime = new FakeRuntime(this.clock);
  readonly events: Recorded[] = [];
  readonly network: Network;
  readonly streams: NodeStreams;
  readonly #abort = new AbortController();
  readonly #ctx: Context;
  readonly #running: Promise<void>;

  constructor(options: Partial<KubeletOptions> = {}, seed: (api: FakeApi) => void = seedNode) {
    this.#ctx = { signal: this.#abort.signal, clock: this.clock, random: new Random(1), log: silentLog, tasks: new Set() };
    seed(this.api);
    this.network = createNetwork(this.#ctx, { cache: this.api.cache });
    const kubelets = createKubelets(this.#ctx, {
      client: this.api.client,
      cache: this.api.cache,
      events: this.#recorder(),
      runtime: this.runtime,
      network: this.network,
      ...options,
    });
    this.streams = kubelets.streams;
    this.#running = kubelets.run();
  }

  /** Lets everything that is due now happen. */
  async settle(): Promise<void> {
    for (let i = 0; i < 4; i++) await new Promise<void>((resolve) => setImmediate(resolve));
  }

  async advance(ms: number): Promise<void> {
    await this.clock.advance(ms, () => this.settle());
    await this.settle();
  }

  async createPod(
    spec: Partial<api.PodSpec> & { containers: api.Container[] },
    metadata: Partial<KubeObject['metadata']> = {},
  ): Promise<api.Pod> {
    this.api.put(Pod, {
      metadata: { name: 'web', namespace: 'default', ...metadata },
      spec: { nodeName: 'node-1', restartPolicy: 'Always', terminationGracePeriodSeconds: 30, ...spec },
      status: { phase: 'Pending', qosClass: 'BestEffort' },
    });
    await this.settle();
    return this.pod(metadata.name ?? 'web') as api.Pod;
  }

  pod(name = 'web'): api.Pod | undefined {
    return this.api.cache.get(Pod, { namespace: 'default', name });
  }

  async deletePod(graceSeconds = 30, name = 'web'): Promise<void> {
    await this.api.remove(Pod, { namespace: 'default', name }, { gracePeriodSeconds: graceSeconds });
    await this.settle();
  }

  status(name = 'web'): api.PodStatus {
    return this.pod(name)?.status ?? {};
  }

  container(name: string): api.ContainerStatus {
    const { containerStatuses = [], initContainerStatuses = [], ephemeralContainerStatuses = [] } = this.status();
    const found = [...initContainerStatuses, ...containerStatuses, ...ephemeralContainerStatuses].find(
      (status) => status.name === name,
    );
    if (!found) throw new Error(`no status of ${name}`);
    return found;
  }

  condition(type: string): string {
    const condition = this.status().conditions?.find((candidate) => candidate.type === type);
    return condition ? [condition.status, condition.reason, condition.message].filter(Boolean).join(' ') : 'absent';
  }

  reasons(): string[] {
    return this.events.filter(({ about }) => about.startsWith('Pod/')).map(({ reason }) => reason);
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await this.#running;
    await drainTasks(this.#ctx);
  }

  #recorder(): EventRecorder {
    const recorder: EventRecorder = {
      event: (about, type, reason, message, details) => {
        this.events.push({ about: `${about.kind}/${about.metadata.name}`, type, reason, message, fieldPath: details?.fieldPath });
      },
      as: () => recorder,
    };
    return recorder;
  }
}

export function seedNode(fake: FakeApi): void {
  fake.put(Node, { metadata: { name: 'node-1' }, spec: { podCIDR: '10.244.0.0/24' } });
}
