/**
 * How every component of the control plane reaches the state: the API server's own chain, entered after decoding, and
 * informers over the shared frozen objects. Results are frozen: copy before changing (`deepClone`), or build a new
 * object that shares the untouched parts.
 */
import type { Disposable } from '#common/base/disposable.ts';
import type { KubeObject, LabelSelector, ObjectKey } from '#common/api/meta.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';

export interface DeleteOptions {
  gracePeriodSeconds?: number;
  propagationPolicy?: 'Orphan' | 'Background' | 'Foreground';
  preconditions?: { uid?: string; resourceVersion?: string };
}

export type PatchType = 'json' | 'merge' | 'strategic' | 'apply';

/**
 * A client acts as one user and one field manager. All methods throw ApiError, as the API would answer.
 * `update` needs the resourceVersion that was read; a lost race is reason Conflict.
 */
export interface Client {
  get<T extends KubeObject>(kind: KindDefinition<T>, key: ObjectKey): Promise<T>;
  list<T extends KubeObject>(
    kind: KindDefinition<T>,
    options?: { namespace?: string; labelSelector?: string; fieldSelector?: string },
  ): Promise<T[]>;
  create<T extends KubeObject>(kind: KindDefinition<T>, object: T): Promise<T>;
  update<T extends KubeObject>(kind: KindDefinition<T>, object: T): Promise<T>;
  /** Updates through the `/status` subresource: only status (and, for what Kubernetes allows, metadata) changes. */
  updateStatus<T extends KubeObject>(kind: KindDefinition<T>, object: T): Promise<T>;
  patch<T extends KubeObject>(
    kind: KindDefinition<T>,
    key: ObjectKey,
    type: PatchType,
    patch: unknown,
    options?: { subresource?: 'status' | 'scale' | 'finalize' | 'approval'; force?: boolean },
  ): Promise<T>;
  delete<T extends KubeObject>(kind: KindDefinition<T>, key: ObjectKey, options?: DeleteOptions): Promise<void>;
  /** POST to a pod's `/binding`. */
  bind(key: ObjectKey, uid: string, nodeName: string): Promise<void>;
  /** The same access under another name, for managedFields and messages. */
  as(user: string, fieldManager?: string): Client;
}

export type InformerEvent<T> =
  { type: 'added'; object: T } | { type: 'updated'; object: T; old: T } | { type: 'deleted'; object: T };

/**
 * The present objects of one kind, always as new as the store's last acknowledged write. One informer per kind is
 * shared by everybody; `index` may be called at any time. Reads return frozen objects in key order (list) or in order
 * of insertion (indexes).
 */
export interface Informer<T extends KubeObject> {
  get(key: ObjectKey): T | undefined;
  list(namespace?: string): T[];
  /** Objects for which the index function of that name gave `value`. */
  byIndex(index: string, value: string): T[];
  /** Adds an index once; the same name again is a no-op. */
  addIndex(name: string, valuesOf: (object: T) => readonly string[]): void;
  /** Objects of `namespace` that the selector matches. A nil selector matches nothing, an empty one everything. */
  select(namespace: string, selector: LabelSelector | undefined): T[];
  /** Objects whose controller reference has this uid. */
  ownedBy(uid: string): T[];
  readonly size: number;
  /** Calls `listener` for each change; with `replay`, first with `added` for what exists. Synchronous. */
  onChange(listener: (event: InformerEvent<T>) => void, replay?: boolean): Disposable;
}

export interface Cache {
  informer<T extends KubeObject>(kind: KindDefinition<T>): Informer<T>;
  /** Short for `informer(kind).get(key)`. */
  get<T extends KubeObject>(kind: KindDefinition<T>, key: ObjectKey): T | undefined;
  list<T extends KubeObject>(kind: KindDefinition<T>, namespace?: string): T[];
  /** Every kind that is stored under its own key now, custom resources included: one version of each. */
  kinds(): readonly KindDefinition[];
  /**
   * Resolves when the informer of `kind` shows everything that the API has acknowledged by now; undefined when it does
   * already, as an informer in this process always does. One whose watch is late or broken does not.
   */
  caughtUp(kind: KindDefinition): Promise<void> | undefined;
  /** Calls `listener` after a kind has come or gone with its CustomResourceDefinition. */
  onKindsChange(listener: () => void): Disposable;
}
