/**
 * Whether a cluster answers, told from what its watches meet: each loss and each recovery is said once, however many
 * watches see it. It is lost when a request fails and no watch is open any more; one broken line of many is no loss.
 */
import { Emitter } from '#common/base/emitter.ts';

export type ConnectionState = 'connecting' | 'live' | 'lost';

export interface ConnectionChange {
  readonly state: ConnectionState;
  /** Of a loss: what the last watch met. */
  readonly problem?: string;
}

/** One watch's part: it says what it does and what it meets. */
export interface ConnectionLine {
  /** It asks now; what was open before is not. */
  trying(): void;
  /** It is open. */
  open(): void;
  /** It was answered, by a refusal. */
  refused(): void;
  missed(error: Error): void;
}

export class ConnectionMonitor {
  readonly #onChange = new Emitter<ConnectionChange>();
  readonly #open = new Set<ConnectionLine>();
  #current: ConnectionChange = { state: 'connecting' };
  #losses = 0;

  readonly onChange = this.#onChange.event;

  get current(): ConnectionChange {
    return this.#current;
  }

  line(): ConnectionLine {
    let losses = this.#losses;
    const answered = (): void => {
      // What was asked before the loss may still be answered from what lay on the way: that is no recovery.
      if (this.#current.state !== 'live' && losses === this.#losses) this.#set({ state: 'live' });
    };
    const line: ConnectionLine = {
      trying: () => {
        this.#open.delete(line);
        losses = this.#losses;
      },
      open: () => {
        this.#open.add(line);
        answered();
      },
      refused: () => {
        this.#open.delete(line);
        answered();
      },
      missed: (error) => {
        this.#open.delete(line);
        if (this.#open.size > 0 || this.#current.state === 'lost') return;
        this.#losses++;
        this.#set({ state: 'lost', problem: error.message });
      },
    };
    return line;
  }

  dispose(): void {
    this.#onChange.dispose();
  }

  #set(change: ConnectionChange): void {
    this.#current = change;
    this.#onChange.fire(change);
  }
}
