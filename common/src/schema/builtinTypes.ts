/**
 * The structures of the built-in API, from the generated tables. Start-up pays only for their index; a structure is
 * parsed and built when somebody asks for it, once, and shared by everybody. All of it is immutable.
 */
import type { GroupVersionKind } from '#common/api/groupVersion.ts';
import type { Field, ListType, MapType, ScalarKind, ScalarType, SchemaType, StructType } from '#common/api/schemaType.ts';
import { unexpected } from '#common/base/unexpected.ts';
import { tablesText } from './generated/tables.ts';
import {
  type FieldExtras,
  type FieldRow,
  omitEmptyFlag,
  omitZeroFlag,
  pointerFlag,
  requiredFlag,
  type StructRow,
  type TableIndex,
} from './tableFormat.ts';

interface Loaded {
  index: TableIndex;
  /** JSON of the structures, in the order of `index.names`. */
  lines: string[];
  indexByName: Map<string, number>;
  structs: (StructType | undefined)[];
}

let loaded: Loaded | undefined;

function load(): Loaded {
  if (loaded) return loaded;
  const [first = '', ...lines] = tablesText.split('\n');
  const index = JSON.parse(first) as TableIndex;
  loaded = {
    index,
    lines,
    indexByName: new Map(index.names.map((name, at) => [name, at])),
    structs: new Array<StructType | undefined>(lines.length),
  };
  return loaded;
}

/** The structure with this OpenAPI name, `io.k8s.api.core.v1.PodSpec`. Asking for one that does not exist is a bug. */
export function builtinStruct(openapiName: string): StructType {
  const index = load().indexByName.get(openapiName);
  return index === undefined ? unexpected(`no structure is called ${openapiName}`) : structAt(index);
}

/** The structure of a kind of the built-in API, if there is one. */
export function typeOfKind(gvk: GroupVersionKind): StructType | undefined {
  const { kinds } = load().index;
  const key = `${gvk.group}/${gvk.version}/${gvk.kind}`;
  const at = Object.hasOwn(kinds, key) ? kinds[key] : undefined;
  return at === undefined ? undefined : structAt(at);
}

/** The kinds of the built-in API that have a structure, lists among them. */
export function builtinKinds(): GroupVersionKind[] {
  return Object.keys(load().index.kinds).map(splitKind);
}

/** Kinds that Kubernetes 1.36 knows by name but serves no longer, `extensions/v1beta1/Ingress`. */
export function isRetiredKind(gvk: GroupVersionKind): boolean {
  retired ??= new Set(load().index.oldKinds);
  return retired.has(`${gvk.group}/${gvk.version}/${gvk.kind}`);
}
let retired: Set<string> | undefined;

/** OpenAPI's names of all structures, for documents that describe the whole API. */
export const builtinStructNames = (): readonly string[] => load().index.names;

const metaName = (name: string): string => `io.k8s.apimachinery.pkg.apis.meta.v1.${name}`;

/** The options of a DELETE; its kind is registered in every group. */
export const deleteOptionsType = (): StructType => builtinStruct(metaName('DeleteOptions'));
export const objectMetaType = (): StructType => builtinStruct(metaName('ObjectMeta'));

function splitKind(text: string): GroupVersionKind {
  const [group = '', version = '', kind = ''] = text.split('/');
  return { group, version, kind };
}

function structAt(index: number): StructType {
  const all = load();
  const known = all.structs[index];
  if (known) return known;
  const [name, line] = [all.index.names[index], all.lines[index]];
  if (name === undefined || line === undefined) return unexpected(`the tables have no structure ${index}`);
  const [atomic, rows] = JSON.parse(line) as StructRow;
  const parts = name.split('.');
  const struct: StructType = {
    kind: 'struct',
    name,
    goName: `${parts.at(-2)}.${parts.at(-1)}`,
    fields: new Map(rows.map((fieldRow) => [fieldRow[0], new TableField(fieldRow)])),
    mapType: atomic ? 'atomic' : 'granular',
  };
  all.structs[index] = struct;
  return struct;
}

/** A field whose type is built on first use: structures refer to each other in circles (JSONSchemaProps). */
class TableField implements Field {
  readonly name: string;
  readonly required: boolean;
  readonly pointer: boolean;
  readonly omitEmpty: boolean;
  readonly omitZero: boolean;
  readonly goType: string;
  declare readonly protoNumber?: number;
  declare readonly embedded?: readonly string[];
  declare readonly protoPath?: readonly number[];
  declare readonly patchStrategy?: readonly ('merge' | 'replace' | 'retainKeys')[];
  declare readonly patchMergeKey?: string;
  declare readonly default?: unknown;
  readonly #row: FieldRow;
  #type: SchemaType | undefined;

  constructor(row: FieldRow) {
    const [name, , goType, flags, protoNumber, extras] = row;
    this.#row = row;
    this.name = name;
    this.required = (flags & requiredFlag) !== 0;
    this.pointer = (flags & pointerFlag) !== 0;
    this.omitEmpty = (flags & omitEmptyFlag) !== 0;
    this.omitZero = (flags & omitZeroFlag) !== 0;
    this.goType = goType;
    if (protoNumber) this.protoNumber = protoNumber;
    if (!extras) return;
    if (extras.x) this.embedded = extras.x;
    if (extras.p) this.protoPath = extras.p;
    if (extras.s) this.patchStrategy = extras.s;
    if (extras.m !== undefined) this.patchMergeKey = extras.m;
    if (extras.d !== undefined) this.default = extras.d;
  }

  get type(): SchemaType {
    const [, code, goType, , , extras] = this.#row;
    return (this.#type ??= typeFromCode(code, goType, extras ?? {}));
  }
}

const scalarKinds: Record<string, ScalarKind> = {
  s: 'string',
  b: 'boolean',
  i: 'int32',
  l: 'int64',
  d: 'double',
  q: 'quantity',
  I: 'intOrString',
  t: 'time',
  m: 'microTime',
  y: 'bytes',
  a: 'any',
  f: 'fieldsV1',
};

/** Maps with a name of their own in Go whose values no other table names. */
const namedMaps: Record<string, string> = { 'v1.JSONSchemaDependencies': 'v1.JSONSchemaPropsOrStringArray' };

const sharedScalars = new Map<string, ScalarType>();

function typeFromCode(code: string, goType: string, extras: FieldExtras): SchemaType {
  const go = goType.replace(/^\*/, '');
  switch (code[0]) {
    case '[': {
      const list: ListType = {
        kind: 'list',
        item: typeFromCode(code.slice(1), go.startsWith('[]') ? go.slice(2) : '', extras.e ? { e: extras.e } : {}),
        listType: extras.l ?? 'atomic',
        mapKeys: extras.k ?? [],
        goType: go,
      };
      return list;
    }
    case '{': {
      const map: MapType = {
        kind: 'map',
        value: typeFromCode(code.slice(1), /^map\[[^\]]*\](.*)$/.exec(go)?.[1] ?? namedMaps[go] ?? '', {}),
        mapType: extras.a === 1 ? 'atomic' : 'granular',
        goType: go,
      };
      return map;
    }
    case '#': {
      const struct = structAt(Number(code.slice(1)));
      const mapType = extras.a === undefined ? struct.mapType : extras.a === 1 ? 'atomic' : 'granular';
      return mapType === struct.mapType ? struct : { ...struct, mapType };
    }
    default: {
      const key = extras.e ? '' : `${code} ${go}`;
      const shared = key && sharedScalars.get(key);
      if (shared) return shared;
      const kind = scalarKinds[code] ?? unexpected(`the tables have an unknown type ${code}`);
      const scalar: ScalarType = { kind, ...(go.includes('.') ? { goType: go } : {}), ...(extras.e ? { enum: extras.e } : {}) };
      if (key) sharedScalars.set(key, scalar);
      return scalar;
    }
  }
}
