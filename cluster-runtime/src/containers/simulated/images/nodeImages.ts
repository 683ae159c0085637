/**
 * The images on each node, and pulling them: a pull takes as long as the layers that the node lacks need to arrive, by
 * the cluster's clock; pulls of the same image on a node share one download.
 */
import type { Context } from '#common/base/context.ts';
import type { Disposable } from '#common/base/disposable.ts';
import { type ImageInfo, ImagePullError } from '../../containerRuntime.ts';
import { type ImageCatalogue, isFree, type KnownImage } from './imageCatalogue.ts';
import { parseImageReference } from './imageReference.ts';

/** What asking the registry and unpacking take, and what arrives in a millisecond. */
const overheadMs = 400;
const bytesPerMs = 30_000;

interface Pull {
  waiters: number;
  readonly done: Promise<ImageInfo>;
  readonly timer: Disposable;
}

interface NodeState {
  readonly images: Map<string, KnownImage>;
  readonly layers: Set<string>;
  readonly pulls: Map<string, Pull>;
}

export class NodeImages {
  readonly #ctx: Context;
  readonly #catalogue: ImageCatalogue;
  readonly #takesTime: boolean;
  readonly #nodes = new Map<string, NodeState>();

  constructor(ctx: Context, catalogue: ImageCatalogue, takesTime: boolean) {
    this.#ctx = ctx;
    this.#catalogue = catalogue;
    this.#takesTime = takesTime;
  }

  get(node: string, image: string): ImageInfo | undefined {
    const reference = parseImageReference(image);
    const known = this.#nodes.get(node)?.images.get(reference.name);
    if (known) return infoOf(known);
    const free = isFree(reference) ? this.#catalogue.find(reference) : undefined;
    return free && infoOf(free);
  }

  list(node: string): readonly ImageInfo[] {
    return [...(this.#nodes.get(node)?.images.values() ?? [])].map(infoOf);
  }

  /** Puts images there without a pull: they were there before. Those that no registry has are left out. */
  restore(node: string, names: readonly string[]): void {
    const state = this.#state(node);
    for (const name of names) {
      const found = this.#knownImage(name);
      if (!found || isFree(found.reference)) continue;
      state.images.set(found.reference.name, found);
      for (const layer of found.image.layers) state.layers.add(layer.name);
    }
  }

  #knownImage(name: string): KnownImage | undefined {
    try {
      return this.#catalogue.find(parseImageReference(name));
    } catch (error) {
      if (error instanceof ImagePullError) return undefined;
      throw error;
    }
  }

  async pull(node: string, image: string, signal: AbortSignal): Promise<ImageInfo> {
    signal.throwIfAborted();
    const reference = parseImageReference(image);
    if (isFree(reference)) return infoOf(this.#catalogue.find(reference) as KnownImage);
    const state = this.#state(node);
    const pull = state.pulls.get(reference.name) ?? this.#begin(state, reference.name, this.#catalogue.find(reference));
    pull.waiters++;
    try {
      return await orAborted(pull.done, signal);
    } finally {
      pull.waiters--;
      // The last one who waited has given up: so has the download.
      if (pull.waiters === 0 && state.pulls.get(reference.name) === pull) {
        pull.timer.dispose();
        state.pulls.delete(reference.name);
      }
    }
  }

  #begin(state: NodeState, name: string, found: KnownImage | undefined): Pull {
    const missing = found?.image.layers.filter((layer) => !state.layers.has(layer.name)) ?? [];
    const bytes = missing.reduce((sum, layer) => sum + layer.sizeBytes, 0);
    const ms = this.#takesTime ? overheadMs + Math.round(bytes / bytesPerMs) : 0;
    const { promise, resolve, reject } = Promise.withResolvers<ImageInfo>();
    // Every waiter may have gone before the registry's refusal comes.
    promise.catch(() => undefined);
    const finish = (): void => {
      state.pulls.delete(name);
      if (!found) return reject(new ImagePullError('ErrImagePull', notFoundMessage(name)));
      state.images.set(name, found);
      for (const layer of missing) state.layers.add(layer.name);
      resolve(infoOf(found));
    };
    if (ms === 0) {
      finish();
      return { waiters: 0, done: promise, timer: { dispose: () => undefined } };
    }
    const pull: Pull = { waiters: 0, done: promise, timer: this.#ctx.clock.setTimeout(finish, found ? ms : overheadMs) };
    state.pulls.set(name, pull);
    return pull;
  }

  #state(node: string): NodeState {
    let state = this.#nodes.get(node);
    if (!state) this.#nodes.set(node, (state = { images: new Map(), layers: new Set(), pulls: new Map() }));
    return state;
  }
}

/** containerd's words. */
function notFoundMessage(name: string): string {
  return `failed to pull and unpack image "${name}": failed to resolve reference "${name}": ${name}: not found`;
}

function infoOf(known: KnownImage): ImageInfo {
  return {
    name: known.reference.name,
    imageID: known.imageID,
    sizeBytes: known.sizeBytes,
    // Nobody knows the user of an image without behaviour here.
    ...(known.simulated ? { uid: known.image.user?.uid ?? 0 } : {}),
  };
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
