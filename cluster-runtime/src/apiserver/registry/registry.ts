/**
 * The boundary between the API's edge (HTTP, negotiation, streams) and what a request does to the state. The edge
 * turns bytes into these calls and their results into bytes; the in-process client makes the same calls directly.
 * Everything throws ApiError.
 */
import type { Disposable } from '#common/base/disposable.ts';
import type { GroupVersionKind } from '#common/api/groupVersion.ts';
import type { KubeObject, ObjectKey } from '#common/api/meta.ts';
import type { StructType } from '#common/api/schemaType.ts';
import type { Binding } from '#common/schema/generated/types.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type { DeleteOptions } from '../../client/client.ts';
import type { Entry } from '../../store/store.ts';
import type { RequestSubresource } from '../admission/admission.ts';

export interface User {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

export interface WriteOptions {
  readonly user: User;
  /** For managedFields; the edge derives it from `fieldManager=` or the user agent. Empty: not given (an apply then fails). */
  readonly fieldManager: string;
  readonly dryRun: boolean;
  readonly fieldValidation: FieldValidation;
  /** What the request itself says of these, for webhooks and policies, which are shown it. */
  readonly stated?: { readonly fieldManager?: string; readonly fieldValidation?: string };
  /** Part of a request that webhooks and policies were asked about as a whole (what an eviction does). */
  readonly admitted?: boolean;
  /** Adds a `Warning` header to the answer. */
  warn(text: string): void;
}

/** What a write or a read answers with. `bytes` is there when the object is a stored revision unchanged. */
export interface ObjectResult {
  readonly object: KubeObject;
  readonly entry?: Entry;
  /** True: 201. */
  readonly created?: boolean;
}

export interface ListQuery {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limit?: number;
  readonly continue?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: string;
}

export interface ListAnswer {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
  readonly items: readonly ObjectResult[];
}

export type WatchEvent =
  | {
      readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
      readonly object: KubeObject;
      readonly entry?: Entry;
      readonly revision: number;
    }
  /** Only a resourceVersion; `initialEventsEnd` marks the end of sendInitialEvents. */
  | { readonly type: 'BOOKMARK'; readonly revision: number; readonly initialEventsEnd?: boolean };

export interface WatchQuery extends ListQuery {
  readonly allowWatchBookmarks?: boolean;
  readonly sendInitialEvents?: boolean;
}

export type PatchBody =
  | { readonly type: 'json' | 'merge' | 'strategic'; readonly patch: unknown; readonly duplicates?: readonly string[] }
  | { readonly type: 'apply'; readonly patch: unknown; readonly force: boolean; readonly duplicates?: readonly string[] };

export type DeleteResult =
  /** Still there (finalizers, grace) or a kind that answers with its object. */
  | { readonly type: 'object'; readonly result: ObjectResult }
  | { readonly type: 'status'; readonly uid: string; readonly name: string };

/** The names that the registry itself serves under an object: the plain ones that only read and write the object. */
export type ObjectSubresource = 'status' | 'scale' | 'finalize' | 'approval' | 'ephemeralcontainers' | 'resize';

/** One served resource: a kind with its operations. */
export interface Resource<T extends KubeObject = KubeObject> {
  readonly kind: KindDefinition<T>;
  readonly type: StructType;
  readonly listKind: string;
  /** Present for the resources of a CustomResourceDefinition. */
  readonly custom?: { readonly storageVersion: string };
  /** Told to every client that uses this version: a deprecated version of a CustomResourceDefinition. */
  readonly deprecationWarning?: string;

  get(key: ObjectKey): ObjectResult;
  list(query: ListQuery): ListAnswer;
  /**
   * Starts a watch. `onEvents` gets each batch (one turn's worth) in order; it may be called before this returns.
   * Throws ApiError for a bad query; a resourceVersion that is too old is reported through `onError` (410 Expired).
   */
  watch(query: WatchQuery, onEvents: (events: readonly WatchEvent[]) => void, onError: (error: unknown) => void): Disposable;

  /** The `/scale` of an object, an autoscaling/v1 Scale. Throws 404 where the kind has none. */
  getScale(key: ObjectKey): ObjectResult;
  /** `object` has been decoded (typed, unknown fields gone, not yet defaulted); it is taken over and changed. */
  create(namespace: string, object: KubeObject, options: WriteOptions): Promise<ObjectResult>;
  /** With the subresource `scale`, update and patch take and answer with a Scale. */
  update(key: ObjectKey, object: KubeObject, options: WriteOptions, subresource?: ObjectSubresource): Promise<ObjectResult>;
  patch(key: ObjectKey, patch: PatchBody, options: WriteOptions, subresource?: ObjectSubresource): Promise<ObjectResult>;
  delete(key: ObjectKey, deletion: DeleteOptions, options: WriteOptions): Promise<DeleteResult>;
  deleteCollection(query: ListQuery, deletion: DeleteOptions, options: WriteOptions): Promise<ListAnswer>;
}

/** What a request sends to a subresource that stores nothing of it. */
export interface SentRequest {
  readonly operation: 'CREATE' | 'CONNECT';
  readonly resource: Resource;
  readonly key: ObjectKey;
  readonly subresource: RequestSubresource;
  readonly sent: GroupVersionKind;
  /** Of the kind `sent`; may be changed. */
  readonly object: KubeObject;
}

export interface Registry {
  /** Has admission look at it. Throws a refusal; gives no promise where nobody has anything to say. */
  review(request: SentRequest, options: WriteOptions): void | Promise<void>;
  /** POST to a pod's `/binding`. */
  bind(key: ObjectKey, binding: Binding, options: WriteOptions): Promise<void>;
  /** The resource that serves this group, version and plural; undefined when none does. */
  resource(group: string, version: string, plural: string): Resource | undefined;
  resourceOf<T extends KubeObject>(kind: KindDefinition<T>): Resource<T>;
  /** All served resources, built-in ones first. Changes when CustomResourceDefinitions do. */
  readonly resources: readonly Resource[];
  onResourcesChanged(listener: () => void): Disposable;
}
