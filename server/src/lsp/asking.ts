/**
 * How the protocol's methods ask the features: of the file as it is now, each on its own. One that fails gives nothing and is
 * told of once; an answer about a text that has changed meanwhile is refused as the protocol has it.
 */
import { type CancellationToken, LSPErrorCodes, type Position, ResponseError } from 'vscode-languageserver/node';
import type { Log } from '#common/base/log.ts';
import type { SourceFile } from '#common/manifests/sourceFile.ts';
import type { AtOffset } from '../features/feature.ts';
import { Refusal } from '../features/refusal.ts';
import type { Snapshot } from '../snapshot.ts';
import { StaleSnapshot, type World } from '../world.ts';
import type { Positions } from './positions.ts';

export interface AskingDeps {
  readonly world: World;
  readonly positions: Positions;
  readonly log: Log;
}

export class Asking {
  readonly #deps: AskingDeps;
  /** What has failed and been told of. */
  readonly #failed = new Set<string>();

  constructor(deps: AskingDeps) {
    this.#deps = deps;
  }

  /** Runs `fn` on the file as it is now; `otherwise` where the file is not ours. */
  async of<T>(
    { uri }: { uri: string },
    token: CancellationToken,
    otherwise: T,
    fn: (snapshot: Snapshot, file: SourceFile) => Promise<T>,
  ): Promise<T> {
    const { world } = this.#deps;
    const file = world.index.get(uri);
    if (!file || file.kind === 'other') return otherwise;
    try {
      return await fn(world.snapshot(signalOf(token), file), file);
    } catch (error) {
      if (error instanceof Refusal) throw new ResponseError(LSPErrorCodes.RequestFailed, error.message);
      if (!(error instanceof StaleSnapshot)) throw error;
      const code = token.isCancellationRequested ? LSPErrorCodes.RequestCancelled : LSPErrorCodes.ContentModified;
      throw new ResponseError(code, error.message);
    }
  }

  at<T>(
    document: { uri: string },
    position: Position,
    token: CancellationToken,
    fn: (...args: Parameters<AtOffset<unknown>>) => Promise<T | null>,
  ): Promise<T | null> {
    return this.of<T | null>(document, token, null, (snapshot, file) =>
      fn(snapshot, file, this.#deps.positions.offsetAt(file, position)),
    );
  }

  /** The answers of all providers of a method, without those that have none or fail. */
  async ask<P, T>(
    method: string,
    providers: readonly P[],
    call: (provide: P) => T | undefined | Promise<T | undefined>,
    snapshot: Snapshot,
  ): Promise<T[]> {
    const answers: T[] = [];
    for (const [i, provide] of providers.entries()) {
      snapshot.throwIfStale();
      try {
        const answer = await call(provide);
        if (answer !== undefined) answers.push(answer);
      } catch (error) {
        if (error instanceof StaleSnapshot || error instanceof Refusal) throw error;
        this.#tell(`${method}[${i}]`, error);
      }
    }
    snapshot.throwIfStale();
    return answers;
  }

  guard<T>(name: string, fn: () => T): T | undefined {
    try {
      return fn();
    } catch (error) {
      this.#tell(name, error);
      return undefined;
    }
  }

  #tell(name: string, error: unknown): void {
    if (this.#failed.has(name)) return;
    this.#failed.add(name);
    this.#deps.log.error(`${name} failed`, { error: String((error as Error)?.stack ?? error) });
  }
}

/** The protocol's cancellation, once and for all as a signal. */
export function signalOf(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  else token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}
