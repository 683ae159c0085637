/**
 * Runs controllers: feeds each one's queue from the informers, calls `reconcile` key by key, retries failures with
 * back-off and counts what happens. A lost race (somebody else wrote first, an object has gone) is ordinary: the key is
 * tried again and only the debug log hears of it.
 */
import type { Context } from '#common/base/context.ts';
import { type Disposable, DisposableStore } from '#common/base/disposable.ts';
import { WorkQueue } from '#common/base/workQueue.ts';
import { controllerOf, keyOf, keyText, type KubeObject, type ObjectKey, parseKey } from '#common/api/meta.ts';
import { parseApiVersion } from '#common/api/groupVersion.ts';
import { hasReason } from '#common/api/status.ts';
import type { Cache, Client, InformerEvent } from '../client/client.ts';
import type { Controller, ControllerDefinition, ReconcileContext, RunnableController } from './controller.ts';
import type { EventRecorder } from './eventRecorder.ts';
import { guardWrites } from './guardWrites.ts';
import { isNamespaceTerminating } from './podControl.ts';
import { readOwnWrites } from './readOwnWrites.ts';
import { recordEvents } from './recordEvents.ts';
import { runQueue } from './runQueue.ts';
import { trackExpectations } from './trackExpectations.ts';
import { watchAllKinds } from './watchAllKinds.ts';

/** The field manager of everything that controllers write. */
export const controllerFieldManager = 'kube-controller-manager';

/** Limits of the wait that a share of the time asks for, in milliseconds. Below the shortest there is no wait. */
const shortestRest = 20;
const longestRest = 1000;

export interface ControllerMetrics {
  readonly name: string;
  /** Keys that wait, now. */
  depth: number;
  reconciles: number;
  failures: number;
  conflicts: number;
}

export interface RunningControllers {
  /** Resolves after the signal is aborted and all work has ended. */
  readonly finished: Promise<void>;
  /** Resolves when no key is ready or worked on. Keys that are due later do not count. */
  whenIdle(): Promise<void>;
  metrics(): readonly Readonly<ControllerMetrics>[];
}

export interface ControllerAccess {
  readonly client: Client;
  readonly cache: Cache;
  /** Shared with other components where given. */
  readonly events?: EventRecorder;
  /** Refuses writes of kinds that a controller does not declare. For tests. */
  readonly checkWrites?: boolean;
}

interface Running {
  readonly finished: Promise<void>;
  readonly isIdle: () => boolean;
  readonly metrics: () => ControllerMetrics;
}

export function startControllers(ctx: Context, access: ControllerAccess, controllers: readonly Controller[]): RunningControllers {
  const events = access.events ?? recordEvents(ctx, access.client);
  const running = controllers.map((controller) => {
    const account = `system:serviceaccount:kube-system:${controller.account ?? controller.name}`;
    const acting = access.client.as(account, controllerFieldManager);
    const held = access.checkWrites ? guardWrites(acting, controller.name, controller.writes) : acting;
    const client = readOwnWrites(held, access.cache);
    const own: ReconcileContext = {
      signal: ctx.signal,
      clock: ctx.clock,
      random: ctx.random,
      log: ctx.log.child(controller.name),
      tasks: ctx.tasks,
      client,
      cache: access.cache,
      events: events.as(controller.eventSource ?? controller.name),
      expectations: trackExpectations(ctx.clock),
    };
    return 'run' in controller ? startRunnable(own, controller) : startController(own, controller);
  });
  return {
    finished: Promise.all(running.map((one) => one.finished)).then(() => undefined),
    metrics: () => running.map((one) => one.metrics()),
    async whenIdle() {
      // Work of one controller may make work for another a few microtasks later, so idleness must last some turns.
      for (let quiet = 0; quiet < 3; quiet = running.every((one) => one.isIdle()) ? quiet + 1 : 0) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

/** Runs `controllers` until the context's signal is aborted and everything drained. */
export const runControllers = (ctx: Context, access: ControllerAccess, controllers: readonly Controller[]): Promise<void> =>
  startControllers(ctx, access, controllers).finished;

function startRunnable(ctx: ReconcileContext, controller: RunnableController): Running {
  let idle = (): boolean => true;
  const metrics: ControllerMetrics = { name: controller.name, depth: 0, reconciles: 0, failures: 0, conflicts: 0 };
  const finished = controller.run({ ...ctx, reportIdle: (isIdle) => void (idle = isIdle) }).catch((error: unknown) => {
    metrics.failures++;
    if (!ctx.signal.aborted) ctx.log.error('controller ended', { error: errorText(error) });
  });
  return { finished, isIdle: () => idle(), metrics: () => metrics };
}

function startController(ctx: ReconcileContext, definition: ControllerDefinition): Running {
  const queue = new WorkQueue({ clock: ctx.clock });
  const metrics: ControllerMetrics = { name: definition.name, depth: 0, reconciles: 0, failures: 0, conflicts: 0 };
  definition.setup?.(ctx);
  const pace = new Pace(definition.shareOfTime);
  const subscriptions = new DisposableStore();
  for (const subscription of subscribe(ctx, definition, queue, pace)) subscriptions.add(subscription);

  const work = async (text: string): Promise<void> => {
    metrics.reconciles++;
    const begin = ctx.clock.now();
    try {
      const result = await definition.reconcile(ctx, parseKey(text));
      queue.forget(text);
      if (result.at !== undefined) queue.addAt(text, result.at);
    } catch (error) {
      if (ctx.signal.aborted) return;
      // The object, or its whole namespace, may also have gone while it was worked on.
      const lost =
        hasReason(error, 'Conflict') ||
        hasReason(error, 'AlreadyExists') ||
        isGone(error, definition, parseKey(text)) ||
        isNamespaceTerminating(error);
      if (lost) metrics.conflicts++;
      else metrics.failures++;
      const retryInMs = queue.addAfterFailure(text);
      ctx.log[lost ? 'debug' : 'warn'](`reconciling ${text} failed`, { error: errorText(error), retryInMs });
    } finally {
      pace.note(text, begin, ctx.clock.now());
    }
  };
  const finished = runQueue(ctx.signal, queue, definition.concurrency ?? 1, work).finally(() => subscriptions.dispose());
  return { finished, isIdle: () => queue.idle, metrics: () => ({ ...metrics, depth: queue.depth }) };
}

/** Holds keys whose looks take long to a share of the time. */
class Pace {
  readonly #share: number | undefined;
  readonly #earliest = new Map<string, number>();

  constructor(share: number | undefined) {
    this.#share = share;
  }

  note(key: string, begin: number, end: number): void {
    if (this.#share === undefined) return;
    const rest = Math.min((end - begin) * (1 / this.#share - 1), longestRest);
    if (rest >= shortestRest) this.#earliest.set(key, end + rest);
    else this.#earliest.delete(key);
  }

  /** When the next look at the key may begin. */
  earliest(key: string): number {
    return this.#earliest.get(key) ?? 0;
  }
}

/** Whether the answer is that the object itself, not another, is not found. */
const isGone = (error: unknown, definition: ControllerDefinition, key: ObjectKey): boolean =>
  hasReason(error, 'NotFound') && error.details?.name === key.name && error.details.kind === definition.for.plural;

/** An ApiError is an answer; anything else is a bug whose origin matters. */
const errorText = (error: unknown): string =>
  error instanceof Error ? ('reason' in error ? error.message : (error.stack ?? error.message)) : String(error);

function* subscribe(
  ctx: ReconcileContext,
  definition: ControllerDefinition,
  queue: WorkQueue,
  pace: Pace,
): Generator<Disposable> {
  const enqueue = (key: ObjectKey, event: InformerEvent<KubeObject>, kind: ControllerDefinition['for']): void => {
    const text = keyText(key);
    const delay = definition.delayOf?.(key, event, kind, ctx.cache) ?? 0;
    const earliest = kind === definition.for ? 0 : pace.earliest(text);
    queue.addAt(text, Math.max(ctx.clock.now() + delay, earliest));
  };
  for (const kind of definition.owns ?? []) {
    yield ctx.cache.informer(kind).onChange((event) => {
      const owner = ownerKey(definition, event.object);
      if (event.type === 'updated') {
        const before = ownerKey(definition, event.old);
        if (before && (!owner || keyText(before) !== keyText(owner))) enqueue(before, event, kind);
      }
      if (!owner) return;
      observe(ctx, keyText(owner), event);
      enqueue(owner, event, kind);
    });
  }
  for (const watch of definition.watches ?? []) {
    yield ctx.cache.informer(watch.kind).onChange((event) => {
      for (const key of watch.keysFor(event, ctx.cache)) enqueue(key, event, watch.kind);
    }, watch.replay);
  }
  if (definition.keysForAny) {
    yield watchAllKinds(ctx.cache, (event, kind) => {
      for (const key of definition.keysForAny?.(event, kind, ctx.cache) ?? []) enqueue(key, event, kind);
    });
  }
  yield ctx.cache.informer(definition.for).onChange((event) => {
    if (event.type === 'deleted') ctx.expectations.forget(keyText(keyOf(event.object)));
    enqueue(keyOf(event.object), event, definition.for);
  }, true);
}

function observe(ctx: ReconcileContext, owner: string, event: InformerEvent<KubeObject>): void {
  const { uid = '', deletionTimestamp } = event.object.metadata;
  if (event.type === 'added') ctx.expectations.creationObserved(owner);
  if (event.type === 'deleted' || deletionTimestamp) ctx.expectations.deletionObserved(owner, uid);
}

/** The key of the controller that owns `object`, when it is of the kind that `definition` is for. */
function ownerKey(definition: ControllerDefinition, object: KubeObject): ObjectKey | undefined {
  const ref = controllerOf(object);
  if (!ref || ref.kind !== definition.for.kind || parseApiVersion(ref.apiVersion).group !== definition.for.group)
    return undefined;
  return { namespace: definition.for.namespaced ? (object.metadata.namespace ?? '') : '', name: ref.name };
}
