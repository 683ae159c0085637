/**
 * Writes what the machines do into the status of their Machine objects: one write at a time for each, always of what is
 * so at that moment. A Machine that does not exist yet is written when it does.
 */
import { spawnTask } from '#common/base/context.ts';
import { hasReason } from '#common/api/status.ts';
import { formatTime } from '#common/api/time.ts';
import { Machine } from '#common/kinds/machine.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { KubeletContext } from '../options.ts';
import type { NodeAgent } from './nodeAgent.ts';

/** `agent`: undefined for a machine that is off. */
export function machineStatus(
  before: api.MachineStatus | undefined,
  agent: Pick<NodeAgent, 'ip' | 'bootID' | 'shuttingDown'> | undefined,
  address: string | undefined,
  now: number,
): api.MachineStatus {
  const phase = !agent ? 'Off' : agent.shuttingDown ? 'ShuttingDown' : 'Running';
  const since = before?.phase === phase ? before.lastTransitionTime : undefined;
  return {
    ...(address ? { address } : {}),
    ...(agent ? { bootID: agent.bootID } : {}),
    lastTransitionTime: since ?? formatTime(now),
    phase,
  };
}

export class MachineReports {
  readonly #ctx: KubeletContext;
  readonly #statusOf: (name: string, before: api.MachineStatus | undefined) => api.MachineStatus | undefined;
  readonly #dirty = new Set<string>();
  readonly #writing = new Set<string>();

  /** `statusOf` gives the present status; undefined for a machine that is none of ours. */
  constructor(
    ctx: KubeletContext,
    statusOf: (name: string, before: api.MachineStatus | undefined) => api.MachineStatus | undefined,
  ) {
    this.#ctx = ctx;
    this.#statusOf = statusOf;
  }

  /** The machine's state may have changed. */
  add(name: string): void {
    this.#dirty.add(name);
    if (this.#writing.has(name)) return;
    this.#writing.add(name);
    spawnTask(this.#ctx, `report of machine ${name}`, async () => {
      try {
        while (this.#dirty.delete(name)) await this.#write(name);
      } finally {
        this.#writing.delete(name);
      }
    });
  }

  async #write(name: string): Promise<void> {
    const machine = this.#ctx.cache.get(Machine, { namespace: '', name });
    const status = machine && this.#statusOf(name, machine.status);
    if (!machine || !status || sameStatus(machine.status, status)) return;
    try {
      await this.#ctx.client.updateStatus(Machine, { ...machine, status });
    } catch (error) {
      // Somebody wrote in between: their write brings us back here.
      if (!hasReason(error, 'Conflict') && !hasReason(error, 'NotFound')) throw error;
    }
  }
}

const sameStatus = (a: api.MachineStatus | undefined, b: api.MachineStatus): boolean =>
  a?.phase === b.phase && a?.bootID === b.bootID && a?.address === b.address;
