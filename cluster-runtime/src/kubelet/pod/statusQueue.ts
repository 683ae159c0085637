/**
 * Collects the pods whose status may have changed and writes each once the present turn's work is done, so that a pod
 * that starts at once goes from bound to ready in one write.
 */
import type { Context } from '#common/base/context.ts';

export interface StatusWriter {
  /** Brings the API's object up to date. */
  writeStatus(): Promise<void>;
}

/** How many writes begin in one turn; the rest waits for the next, so that requests get in between. */
const perTurn = 200;

export class StatusQueue {
  readonly #ctx: Context;
  readonly #dirty = new Set<StatusWriter>();
  readonly #writing = new Set<StatusWriter>();
  #scheduled = false;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  add(writer: StatusWriter): void {
    this.#dirty.add(writer);
    this.#schedule();
  }

  remove(writer: StatusWriter): void {
    this.#dirty.delete(writer);
  }

  #schedule(): void {
    if (this.#scheduled || this.#ctx.signal.aborted) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#ctx.signal.aborted) return;
    let begun = 0;
    for (const writer of this.#dirty) {
      // Comes back when its present write is done.
      if (this.#writing.has(writer)) continue;
      if (begun++ === perTurn) {
        this.#schedule();
        return;
      }
      this.#dirty.delete(writer);
      void this.#write(writer);
    }
  }

  async #write(writer: StatusWriter): Promise<void> {
    this.#writing.add(writer);
    try {
      await writer.writeStatus();
    } catch (error) {
      if (!this.#ctx.signal.aborted)
        this.#ctx.log.error('a pod status could not be written', { error: String((error as Error)?.stack ?? error) });
    }
    this.#writing.delete(writer);
    if (this.#dirty.has(writer)) this.#schedule();
  }
}
