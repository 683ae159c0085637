/**
 * The structural schema: what fields a kind has, and how each decodes, merges and is owned. Built from the generated
 * tables for built-in kinds and from a CustomResourceDefinition's schema for custom ones; decoding, unknown-field
 * reports, pruning, the patches, server-side apply, protobuf and completion all read this one shape.
 */
export type ScalarKind =
  | 'string'
  | 'boolean'
  | 'int32'
  | 'int64'
  | 'float'
  | 'double'
  /** A number or a string such as `100m`; kept as the string in canonical form. */
  | 'quantity'
  | 'intOrString'
  /** RFC 3339, whole seconds. */
  | 'time'
  /** RFC 3339, six fraction digits. */
  | 'microTime'
  /** Go's duration text, `1m30s`. */
  | 'duration'
  /** base64 text. */
  | 'bytes'
  /** Any JSON value, kept as it is (RawExtension, JSON, preserve-unknown-fields). */
  | 'any'
  /** The field set of a managedFields entry. */
  | 'fieldsV1';

export interface ScalarType {
  readonly kind: ScalarKind;
  /** Go's name of a named string type (`v1.RestartPolicy`), which decoding messages quote. */
  readonly goType?: string;
  /** The values that the API accepts, where the tables know them. For completion; validation is the kind's. */
  readonly enum?: readonly string[];
}

export interface ListType {
  readonly kind: 'list';
  readonly item: SchemaType;
  /** Who owns what in server-side apply: the whole list, its values, or its elements by key. */
  readonly listType: 'atomic' | 'set' | 'map';
  /** The key fields of a `map` list, in table order. */
  readonly mapKeys: readonly string[];
  /** Go's name of the list (`[]v1.Container`), which decoding messages quote. */
  readonly goType?: string;
}

export interface MapType {
  readonly kind: 'map';
  readonly value: SchemaType;
  readonly mapType: 'granular' | 'atomic';
  /** Go's name of the map (`v1.ResourceList`), which decoding messages quote. */
  readonly goType?: string;
}

export type PatchStrategy = 'merge' | 'replace' | 'retainKeys';

export interface Field {
  /** The JSON name. */
  readonly name: string;
  readonly type: SchemaType;
  /** Listed as required in OpenAPI. Kubernetes' decoding does not insist on it; validation does. */
  readonly required: boolean;
  /** A Go pointer: a zero value is kept, whatever `omitEmpty` says. */
  readonly pointer: boolean;
  readonly omitEmpty: boolean;
  /** The Go type as messages spell it, e.g. `[]v1.Container`, `*int32`, `map[string]string`. */
  readonly goType: string;
  readonly protoNumber?: number;
  /**
   * Go structures that are embedded between the owner and this field, outermost first: JSON shows them flat, decoding
   * messages name them (`spec.volumes.VolumeSource.hostPath`). `protoPath` has their protobuf numbers.
   */
  readonly embedded?: readonly string[];
  readonly protoPath?: readonly number[];
  /** Left out when zero even where `omitEmpty` would keep it (structures, times). */
  readonly omitZero?: boolean;
  /** Strategic merge patch: how a list or map merges, and the elements' merge key. */
  readonly patchStrategy?: readonly PatchStrategy[];
  readonly patchMergeKey?: string;
  /** The table's static default for an absent field. */
  readonly default?: unknown;
}

export interface StructType {
  readonly kind: 'struct';
  /** OpenAPI's name, `io.k8s.api.core.v1.PodSpec`. */
  readonly name: string;
  /** Go's name, `v1.PodSpec`; messages quote it, often without the package. */
  readonly goName: string;
  readonly fields: ReadonlyMap<string, Field>;
  readonly mapType: 'granular' | 'atomic';
  /** Fields beyond `fields` are kept (custom resources with x-kubernetes-preserve-unknown-fields). */
  readonly preserveUnknown?: boolean;
  /** Any JSON value may stand here; where it is an object, `fields` are what is known of it. */
  readonly untyped?: boolean;
  /** The kind of a CustomResourceDefinition: types are validation's business, decoding only takes unknown fields away. */
  readonly custom?: boolean;
}

export type SchemaType = ScalarType | ListType | MapType | StructType;
