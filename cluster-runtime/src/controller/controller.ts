/**
 * What a controller is: a declaration, and a level-triggered `reconcile` whose only input is a key. The framework owns
 * queue, retries, back-off, panics and metrics; see runController.ts.
 */
import type { Context } from '#common/base/context.ts';
import type { KubeObject, ObjectKey } from '#common/api/meta.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type { Cache, Client, InformerEvent } from '../client/client.ts';
import type { EventRecorder } from './eventRecorder.ts';
import type { Expectations } from './expectations.ts';

export interface ReconcileContext extends Context {
  readonly client: Client;
  readonly cache: Cache;
  readonly events: EventRecorder;
  /** Creations and deletions that this controller asked for and has not seen yet, per owner key. */
  readonly expectations: Expectations;
}

/** `done`: nothing more until something changes. `at`: look again at that time (ms), without back-off. */
export type ReconcileResult = { readonly at?: number };
export const done: ReconcileResult = {};
export const requeueAt = (at: number | undefined): ReconcileResult => (at === undefined ? done : { at });

/** Maps a change of another kind to the keys that it concerns. */
export interface Watch<K extends KubeObject = KubeObject> {
  readonly kind: KindDefinition<K>;
  keysFor(event: InformerEvent<K>, cache: Cache): readonly ObjectKey[];
  /**
   * What exists at the start is told as `added` too. For keys of objects that may be gone: nobody else would look at
   * what they left while the controller was away.
   */
  readonly replay?: boolean;
}

/** `any`: of every kind, custom resources included. */
export type Writes = readonly KindDefinition[] | 'any';

export interface ControllerDefinition<T extends KubeObject = KubeObject> {
  /** As in Kubernetes: `deployment-controller`; events name it as their source. */
  readonly name: string;
  readonly for: KindDefinition<T>;
  /** Kinds whose objects, through their controller reference, concern their owner. */
  readonly owns?: readonly KindDefinition[];
  readonly watches?: readonly Watch[];
  /** Kinds that it creates, changes or deletes objects of; Events go without saying. Tests hold it to them. */
  readonly writes?: Writes;
  /** Like a watch over every stored kind, custom resources included. */
  keysForAny?(event: InformerEvent<KubeObject>, kind: KindDefinition, cache: Cache): readonly ObjectKey[];
  /** Runs once, before the first key. For indexes. */
  setup?(ctx: ReconcileContext): void;
  reconcile(ctx: ReconcileContext, key: ObjectKey): Promise<ReconcileResult>;
  /** How many keys at a time; 1 unless said. One key never runs twice at once. */
  readonly concurrency?: number;
  /**
   * How many milliseconds `key` may wait after a change, so that several are looked at together; 0 unless said. `kind`
   * is that of the event's object.
   */
  delayOf?(key: ObjectKey, event: InformerEvent<KubeObject>, kind: KindDefinition, cache: Cache): number;
  /**
   * The part of the time that looks at one key may take while changes of other objects keep coming: 0.1 makes the next
   * look wait nine times as long as the last one took. For keys whose looks cost much, like Services with many pods.
   */
  readonly shareOfTime?: number;
  /** The service account in kube-system that the controller acts as, where it is not its name. */
  readonly account?: string;
  /** The component that events name as their source, where it is not the controller's name. */
  readonly eventSource?: string;
}

/** A controller whose work is not a key of one kind: it brings its own loop, which ends when the signal is aborted. */
export interface RunnableController {
  readonly name: string;
  /** Kinds whose changes it acts on, and kinds that it writes objects of, as in ControllerDefinition. */
  readonly reads?: Writes;
  readonly writes?: Writes;
  readonly account?: string;
  readonly eventSource?: string;
  run(ctx: RunnableContext): Promise<void>;
}

export interface RunnableContext extends ReconcileContext {
  /** Says whether work is under way, for `whenIdle`. */
  reportIdle(isIdle: () => boolean): void;
}

export type Controller = ControllerDefinition | RunnableController;

/** Erases the kind's type, so that controllers of all kinds fit into one list. */
export const defineController = <T extends KubeObject>(definition: ControllerDefinition<T>): ControllerDefinition =>
  definition as unknown as ControllerDefinition;

export const defineWatch = <K extends KubeObject>(watch: Watch<K>): Watch => watch as unknown as Watch;
