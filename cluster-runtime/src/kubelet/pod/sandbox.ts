/**
 * What a pod's containers share and need first: volumes that can be set up, an address in the cluster's network, and
 * the host ports that lead to it.
 */
import { DisposableStore } from '#common/base/disposable.ts';
import { joinConnections } from '../../network/connectionPair.ts';
import { ConnectionError } from '../../network/network.ts';
import type { PodHost } from './podHost.ts';

const firstRetryMs = 500;
const longestRetryMs = 122_000;

export class Sandbox {
  readonly #host: PodHost;
  #handles: DisposableStore | undefined;
  #ip: string | undefined;
  /** The problem that was last told. */
  #told: string | undefined;
  /** Until the next try at a volume that nothing announces. */
  #retryMs = firstRetryMs;

  constructor(host: PodHost) {
    this.#host = host;
  }

  /** The pod's address; stays known after `close`. */
  get ip(): string | undefined {
    return this.#ip;
  }

  /** True when containers may start. Arranges for another look when something is missing. */
  open(): boolean {
    if (this.#handles) return true;
    const { machine, pod } = this.#host;
    if (!this.#volumesReady()) return false;
    const hostNetwork = pod.spec?.hostNetwork === true;
    const ip = hostNetwork ? machine.ip : machine.takeAddress();
    if (ip === undefined) {
      this.#host.retryAfter((wake) => machine.waitForRange(wake));
      return false;
    }
    this.#ip = ip;
    this.#handles = new DisposableStore();
    if (!hostNetwork) {
      this.#handles.add(machine.ctx.network.addHost(ip, machine.name));
      this.#handles.add({ dispose: () => machine.releaseAddress(ip) });
      this.#forwardHostPorts(ip, this.#handles);
    }
    return true;
  }

  close(): void {
    this.#handles?.dispose();
    this.#handles = undefined;
  }

  #volumesReady(): boolean {
    const problem = this.#host.volumes.problem();
    if (!problem) return true;
    const { machine } = this.#host;
    const { text, missing } = problem;
    if (text !== undefined && this.#told !== text) this.#host.event(undefined, 'Warning', 'FailedMount', text);
    this.#told = text;
    this.#host.retryAfter((wake) => {
      if (missing) return machine.shared.waiters.wait(missing, wake);
      const delay = this.#retryMs;
      this.#retryMs = Math.min(2 * delay, longestRetryMs);
      return machine.ctx.clock.setTimeout(wake, delay);
    });
    return false;
  }

  /** Ports of the machine that lead to ports of the pod. A port that is taken stays with whoever has it. */
  #forwardHostPorts(ip: string, handles: DisposableStore): void {
    const { machine, pod } = this.#host;
    const { network, log } = machine.ctx;
    for (const { hostPort, containerPort, protocol = 'TCP' } of (pod.spec?.containers ?? []).flatMap(
      (container) => container.ports ?? [],
    )) {
      if (!hostPort || protocol !== 'TCP') continue;
      try {
        const listener = network.listen(machine.ip, hostPort, (socket, from) => {
          try {
            joinConnections(socket, network.connect(from, ip, containerPort));
          } catch (error) {
            if (!(error instanceof ConnectionError)) throw error;
            socket.destroy();
          }
        });
        handles.add(listener);
      } catch (error) {
        log.warn(`host port ${hostPort} of ${machine.name} is taken`, { error: String(error) });
      }
    }
  }
}
