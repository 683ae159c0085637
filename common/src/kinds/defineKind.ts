/**
 * What a kind is. Everything else (routes, discovery, OpenAPI, storage keys, informers, tables, completion, links)
 * derives from these values; `allKinds.ts` is the only list of them.
 */
import type { FieldError } from '#common/api/fieldError.ts';
import type { KubeObject } from '#common/api/meta.ts';
import type { GroupVersionKind } from '#common/api/groupVersion.ts';

/** One column of `kubectl get`. */
export interface Column<T> {
  name: string;
  type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  format?: string;
  /** 0 is always shown, 1 only with `-o wide`. */
  priority?: number;
  description?: string;
  /** Kubernetes sends the cell, but does not declare the column (IPAddress and ServiceCIDR have such an age). */
  undeclared?: boolean;
  /** The cell. `now` is the cluster's time in milliseconds, for ages. */
  cell(object: T, now: number): unknown;
}

/** Where `scale` finds its numbers: dotted paths in the object, or functions where a path does not say it. */
export interface ScaleSubresource<T> {
  specReplicas(object: T): number | undefined;
  setSpecReplicas(object: T, replicas: number): void;
  statusReplicas(object: T): number;
  /** The selector in string form, for autoscalers. */
  selectorText(object: T): string;
  /** Where the count is, for its ownership: spec.replicas unless said. Where it is said, an absent count is an error. */
  readonly replicasPath?: readonly string[];
}

export type Verb = 'create' | 'delete' | 'deletecollection' | 'get' | 'list' | 'patch' | 'update' | 'watch';

/** A way in which an object names others. Feeds links, rename, diagnostics, "related" and "why". */
export type Reference =
  /** A field that holds the name (or a list of names) of objects of `to`. `path` is dotted, `[]` goes through a list, `{}` through a map. */
  | { type: 'name'; path: string; to: { group: string; kind: string }; optionalPath?: string; namespacePath?: string }
  /** An object reference with its own kind field: `scaleTargetRef`, `ownerReferences`, `roleRef`. */
  | { type: 'object'; path: string }
  /**
   * A label selector over objects of `to`; `form` says whether it is a plain map or a LabelSelector. It looks into the object's
   * own namespace, unless a list of names or a selector over namespaces stands beside it.
   */
  | {
      type: 'selector';
      path: string;
      form: 'map' | 'labelSelector';
      to: { group: string; kind: string };
      namespacesPath?: string;
      namespaceSelectorPath?: string;
    }
  /** A key inside the ConfigMap or Secret that `namePath` names. */
  | { type: 'key'; path: string; namePath: string; to: { group: string; kind: string }; optionalPath?: string }
  /**
   * A port by name or number: of the container or pod around it (`containers`), of the pods that the object selects
   * (`selected`), or of the Service that `namePath` names.
   */
  | {
      type: 'port';
      path: string;
      of: 'containers' | 'selected' | 'service';
      namePath?: string;
      namespacePath?: string;
    }
  /** The name of an element of another list of the same object: a mount's volume. */
  | { type: 'local'; path: string; lists: readonly string[] };

export interface KindDefinition<T extends KubeObject = KubeObject> extends GroupVersionKind {
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  /** All eight unless said. Reviews and bindings have only `create`. */
  readonly verbs: readonly Verb[];
  readonly subresources: {
    readonly status?: boolean;
    readonly scale?: ScaleSubresource<T>;
  };

  /** Fills what the API server fills when a field is absent. Changes `object`. Runs on create, update and read of old data. */
  applyDefaults?(object: T): void;
  /**
   * Brings a new object into its first state: status is cleared or set to its start, generated fields are filled.
   * The generation is set by the registry. `now` is the cluster's time in milliseconds. Changes `object`.
   */
  prepareForCreate?(object: T, now?: number): void;
  /** Carries over from `old` what a plain update may not touch (status above all). Changes `object`. */
  prepareForUpdate?(object: T, old: T, now?: number): void;
  /** Carries over from `old` what an update of `/status` may not touch. Without it: everything but status and metadata. */
  prepareForStatusUpdate?(object: T, old: T, now?: number): void;
  /** Problems of `object` by itself (metadata is validated by the registry). In Kubernetes' order and words. */
  validate?(object: T): FieldError[];
  /** Problems that only a new object has, in the version of the request, beside those of the stored kind. */
  validateCreate?(object: T): FieldError[];
  /** Problems of changing `old` into `object`. Does not repeat `validate`. */
  validateUpdate?(object: T, old: T): FieldError[];
  /** `validateUpdate` finds what `validate` finds, except for what the update leaves as it was; only it runs then. */
  readonly ratchets?: boolean;
  validateStatusUpdate?(object: T, old: T): FieldError[];
  /** An update's message names the problems of the change before those of the object. */
  readonly changesFirst?: boolean;
  /** The same for a subresource beside status and scale (`ephemeralcontainers`, `resize`), in place of `validateUpdate`. */
  validateSubresourceUpdate?(subresource: string, object: T, old: T): FieldError[];
  /** Texts of `Warning` headers. */
  warnings?(object: T, old: T | undefined): string[];
  /** Validates metadata.name; gives the details of the problems. RFC 1123 subdomain unless said. `prefix`: a generateName. */
  validateName?(name: string, prefix: boolean): string[];
  /** False for kinds whose metadata.generation stays absent (ConfigMap, Secret, Service before 1.36 …). */
  readonly hasGeneration?: boolean;
  /** A create without any name gets a UUID for one (limit ranges). */
  readonly namedByUid?: boolean;
  /** Finalizers without a domain must be Kubernetes' own. True unless said; not for CustomResourceDefinitions. */
  readonly qualifiedFinalizers?: boolean;
  /** Raises metadata.generation when true. Without it: whatever but metadata and status changed. */
  specChanged?(object: T, old: T): boolean;

  /** A PUT on a missing object creates it (leases, endpoints, roles …). */
  readonly createOnUpdate?: boolean;
  /** An update without resourceVersion is refused when false. True unless said. */
  readonly unconditionalUpdate?: boolean;
  /** DELETE answers with the object rather than with a Status. */
  readonly deleteAnswersObject?: boolean;
  /** What a DELETE without propagationPolicy does to dependents. `background` unless said. */
  readonly defaultPropagation?: 'background' | 'orphan';
  /** Said when a DELETE does not say what is to become of the dependents. */
  readonly deleteWarning?: string;
  /** The grace period of a DELETE, in seconds; undefined when the kind is deleted at once. Pods only. */
  deletionGrace?(object: T, asked: number | undefined): number | undefined;

  /** What keeps an object that is being deleted besides finalizers and grace (a namespace's own finalizers), and how it shows. */
  readonly deletion?: {
    holds(object: T): boolean;
    /** Notes the deletion in a copy of the object (phase Terminating). */
    mark?(object: T, now: number): T;
    /** Joins the object's finalizers when its deletion begins. */
    readonly finalizer?: string;
  };

  /** Fields beyond metadata.name and metadata.namespace that field selectors may use. Absent: only those two. */
  selectableFields?(object: T): Record<string, string>;
  /** The names of `selectableFields`' entries, for refusing others. */
  readonly selectableFieldNames?: readonly string[];
  readonly columns: readonly Column<T>[];
  readonly references: readonly Reference[];

  /**
   * A second version or a second group over the same stored objects (events.k8s.io over core events, autoscaling/v1
   * over v2): which kind stores them, and the conversions. Both must copy, never change.
   */
  readonly storedAs?: {
    readonly kind: KindDefinition;
    toStored(object: T): KubeObject;
    fromStored(object: KubeObject): T;
  };
  /** Answers a POST itself and stores nothing (reviews, bindings). The API server supplies the behaviour. */
  readonly virtual?: boolean;
  /** A field that the playground accepts and does not act on: dotted path → what to tell the person. */
  readonly ineffectiveFields?: Readonly<Record<string, string>>;
}

export type KindInit<T extends KubeObject> = Pick<KindDefinition<T>, 'group' | 'version' | 'kind' | 'plural' | 'namespaced'> &
  Partial<KindDefinition<T>>;

const allVerbs: readonly Verb[] = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** Fills in what most kinds share. */
export function defineKind<T extends KubeObject>(init: KindInit<T>): KindDefinition<T> {
  return {
    singular: init.kind.toLowerCase(),
    shortNames: [],
    categories: [],
    verbs: allVerbs,
    subresources: {},
    columns: [],
    references: [],
    ...init,
  };
}
