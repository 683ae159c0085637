/**
 * The compact rows that scripts/generate/tables.ts writes and builtinTypes.ts reads. Everything about a field that is
 * usual is left out of its row.
 */

/** The less common facts of a field; one letter each, because there are thousands of rows. */
export interface FieldExtras {
  /** x-kubernetes-list-type */
  l?: 'atomic' | 'set' | 'map';
  /** x-kubernetes-list-map-keys */
  k?: readonly string[];
  /** Strategic merge patch: strategies and merge key. */
  s?: readonly ('merge' | 'replace' | 'retainKeys')[];
  m?: string;
  /** 1: the map or structure is atomic here; 0: granular here, though the structure itself is atomic. */
  a?: 0 | 1;
  /** Accepted values. */
  e?: readonly string[] | undefined;
  /** Static default. */
  d?: unknown;
  /** Go names and protobuf numbers of the embedded structures around the field. */
  x?: readonly string[];
  p?: readonly number[];
}

export const requiredFlag = 1;
export const pointerFlag = 2;
export const omitEmptyFlag = 4;
/** Left out when zero even where the type is a structure. */
export const omitZeroFlag = 8;

/**
 * JSON name, type code, Go type, flags, protobuf number, extras. Type codes: `s`tring `b`oolean `i`nt32 `l`: int64
 * `d`ouble `q`uantity `I`ntOrString `t`ime `m`icroTime b`y`tes `a`ny `f`ieldsV1; `[x` a list of x, `{x` a map of x,
 * `#12` the structure with index 12.
 */
export type FieldRow = [name: string, type: string, goType: string, flags: number, protoNumber: number, extras?: FieldExtras];

/** 1 if atomic, fields in Go's order. */
export type StructRow = [atomic: 0 | 1, fields: FieldRow[]];

/** The first line of the file. The lines behind it hold one StructRow each, in the order of `names`. */
export interface TableIndex {
  /** OpenAPI names of the structures. */
  names: string[];
  /** `group/version/kind` → index into `names`. */
  kinds: Record<string, number>;
  /** `group/version/kind` that Kubernetes knows and no longer serves. */
  oldKinds: string[];
}
