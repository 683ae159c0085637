/**
 * Writes `common/src/schema/generated/tables.ts`: every structure of the API in a compact form that loads fast. The file
 * holds one line of JSON per structure, so that only what is used is parsed; `common/src/schema/builtinTypes.ts` reads it.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { FieldExtras, FieldRow, StructRow, TableIndex } from '../../common/src/schema/tableFormat.ts';
import { dataFolder, type Definition, generatedFolder, readDefinitions, refName } from './definitions.ts';
import { type GoField, goPackageOf, GoTypes } from './goTypes.ts';

/** Structures of OpenAPI that are scalars, or anything at all, on the wire. */
const scalarRefs: Record<string, string> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': 'q',
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': 'I',
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': 't',
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': 'm',
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': 'f',
  'io.k8s.apimachinery.pkg.runtime.RawExtension': 'a',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON': 'a',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray': 'a',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool': 'a',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray': 'a',
};

/** Structures that Go leaves out when they are zero (`omitzero`); the fields' table does not tell them from `omitempty`. */
const omitZero = new Set(['io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta.creationTimestamp']);

/** Lists whose being empty is not the same as their being left out, as with pointers: only the latter are filled in. */
const tellsEmpty = new Set(['io.k8s.api.autoscaling.v2.HPAScalingRules.policies']);

/** Groups of the API versions that Kubernetes still decodes though it no longer serves them. */
const oldGroups: Record<string, string> = {
  extensions: 'extensions',
  apiserverinternal: 'internal.apiserver.k8s.io',
  storagemigration: 'storagemigration.k8s.io',
  imagepolicy: 'imagepolicy.k8s.io',
};

interface Marker {
  structType?: string;
  default?: unknown;
}

function readMarkers(): Map<string, Marker> {
  const markers = new Map<string, Marker>();
  for (const line of readFileSync(new URL('patch-and-list-markers.tsv', dataFolder), 'utf8').split('\n')) {
    const [what, goPackage = '', type = '', field = '', , , listType = '', , value = ''] = line.split('\t');
    if (what !== 'FIELD') continue;
    const structType = /^structType=(\w+)/.exec(listType)?.[1];
    const hasDefault = value !== '' && !value.startsWith('ref(');
    if (!structType && !hasDefault) continue;
    markers.set(`io.k8s.${goPackage.replaceAll('/', '.')}.${type}.${field}`, {
      ...(structType ? { structType } : {}),
      ...(hasDefault ? { default: JSON.parse(value) as unknown } : {}),
    });
  }
  return markers;
}

export function generateTables(): void {
  const definitions = readDefinitions();
  const goTypes = new GoTypes();
  const markers = readMarkers();
  const structNames = Object.keys(definitions).filter((name) => scalarRefs[name] === undefined);
  const indexOf = new Map(structNames.map((name, index) => [name, index]));

  /** The wire type in a few characters: see tableFormat.ts. */
  const typeCode = (d: Definition): string => {
    if (d.$ref) {
      const name = refName(d.$ref);
      return scalarRefs[name] ?? `#${indexOf.get(name) ?? 'missing'}`;
    }
    if (d.type === 'array') return `[${typeCode(d.items ?? {})}`;
    if (d.type === 'object') return d.additionalProperties ? `{${typeCode(d.additionalProperties)}` : 'a';
    if (d.type === 'integer') return d.format === 'int64' ? 'l' : 'i';
    if (d.type === 'number') return 'd';
    if (d.type === 'boolean') return 'b';
    if (d.type === 'string') return d.format === 'byte' ? 'y' : 's';
    return 'a';
  };

  const fieldRow = (owner: string, json: string, d: Definition, required: boolean, go: GoField | undefined): FieldRow => {
    const marker = markers.get(`${owner}.${json}`);
    const extras: FieldExtras = {
      ...(d['x-kubernetes-list-type'] ? { l: d['x-kubernetes-list-type'] as 'atomic' | 'set' | 'map' } : {}),
      ...(d['x-kubernetes-list-map-keys'] ? { k: d['x-kubernetes-list-map-keys'] } : {}),
      ...(d['x-kubernetes-patch-strategy']
        ? { s: d['x-kubernetes-patch-strategy'].split(',') as NonNullable<FieldExtras['s']> }
        : {}),
      ...(d['x-kubernetes-patch-merge-key'] ? { m: d['x-kubernetes-patch-merge-key'] } : {}),
      ...(d['x-kubernetes-map-type'] === 'atomic' || marker?.structType === 'atomic' ? { a: 1 as const } : {}),
      ...(marker?.structType === 'granular' ? { a: 0 as const } : {}),
      ...((d.enum ?? d.items?.enum) ? { e: d.enum ?? d.items?.enum } : {}),
      ...(marker?.default !== undefined ? { d: marker.default } : d.default !== undefined ? { d: d.default } : {}),
      ...(go?.embedded.length ? { x: go.embedded, p: go.protoPath } : {}),
    };
    const isTypeMeta = json === 'apiVersion' || json === 'kind';
    const omitEmpty = go ? go.omitEmpty : isTypeMeta || !required;
    const goType = go?.goType ?? fallbackGoType(d, typeCode(d), omitEmpty);
    const pointer = goType.startsWith('*') || tellsEmpty.has(`${owner}.${json}`);
    const flags = (required ? 1 : 0) | (pointer ? 2 : 0) | (omitEmpty ? 4 : 0) | (omitZero.has(`${owner}.${json}`) ? 8 : 0);
    const row: FieldRow = [json, typeCode(d), goType, flags, go?.protoNumber ?? 0];
    return Object.keys(extras).length ? ([...row.slice(0, 5), extras] as unknown as FieldRow) : row;
  };

  const fallbackGoType = (d: Definition, code: string, omitEmpty: boolean): string => {
    if (code === 'i') return omitEmpty ? '*int32' : 'int32';
    if (code === 'l') return omitEmpty ? '*int64' : 'int64';
    if (code === 'b') return 'bool';
    if (code.startsWith('#') && d.$ref)
      return `${omitEmpty && !/Meta|Spec|Status/.test(d.$ref) ? '*' : ''}v1.${refName(d.$ref).split('.').at(-1)}`;
    if (code.startsWith('[') && d.items?.$ref) return `[]v1.${refName(d.items.$ref).split('.').at(-1)}`;
    if (code === '{s' || code === '{q') return `map[string]${code === '{s' ? 'string' : 'resource.Quantity'}`;
    return code === 'y' ? '[]uint8' : code === '[s' ? '[]string' : code === 't' ? 'v1.Time' : 'string';
  };

  const structs: StructRow[] = structNames.map((name) => {
    const definition = definitions[name] ?? {};
    const [goPackage, type] = goPackageOf(name);
    const required = new Set(definition.required ?? []);
    const properties = definition.properties ?? {};
    const goFields = goTypes.fields(goPackage, type);
    // Go's own order where it is known: objects are then printed the way Kubernetes prints them.
    const inGoOrder = ['kind', 'apiVersion', ...goFields.map((field) => field.json), ...Object.keys(properties)];
    const order = [...new Set(inGoOrder)].filter((json) => properties[json] !== undefined);
    const rows = order.map((json) =>
      fieldRow(
        name,
        json,
        properties[json] ?? {},
        required.has(json),
        goFields.find((field) => field.json === json),
      ),
    );
    return [definition['x-kubernetes-map-type'] === 'atomic' ? 1 : 0, rows];
  });

  const kinds: Record<string, number> = {};
  for (const name of structNames) {
    const gvks = definitions[name]?.['x-kubernetes-group-version-kind'] ?? [];
    // Meta types such as DeleteOptions are listed once for every group version; they are found by kind alone.
    if (goPackageOf(name)[0].startsWith('apimachinery/')) continue;
    for (const gvk of gvks) kinds[`${gvk.group}/${gvk.version}/${gvk.kind}`] = indexOf.get(name) ?? 0;
  }

  const index: TableIndex = { names: structNames, kinds, oldKinds: oldKinds(goTypes, definitions) };
  const text = [index, ...structs].map((line) => JSON.stringify(line)).join('\n');
  mkdirSync(generatedFolder, { recursive: true });
  writeFileSync(
    new URL('tables.ts', generatedFolder),
    `// Generated by scripts/generate/tables.ts from the tables in ../data.\nexport const tablesText = ${JSON.stringify(text)};\n`,
  );
}

/** Kinds of versions without an OpenAPI document: Kubernetes can name them, and then refuses them where they are not served. */
function oldKinds(goTypes: GoTypes, definitions: Record<string, Definition>): string[] {
  const groups = new Map(Object.entries(oldGroups));
  const served = new Set<string>();
  for (const [name, definition] of Object.entries(definitions)) {
    const [goPackage] = goPackageOf(name);
    if (!goPackage.startsWith('api/')) continue;
    served.add(goPackage);
    const gvk = definition['x-kubernetes-group-version-kind']?.[0];
    if (gvk) groups.set(goPackage.split('/')[1] ?? '', gvk.group);
  }
  return goTypes
    .names()
    .filter(([goPackage, type]) => {
      if (!goPackage.startsWith('api/') || served.has(goPackage)) return false;
      if (/Spec$|Template$/.test(type)) return false;
      return (
        goTypes.has(goPackage, type, 'metadata', 'metav1.ObjectMeta') ||
        goTypes.has(goPackage, type, 'metadata', 'metav1.ListMeta')
      );
    })
    .flatMap(([goPackage, type]) => {
      const [, short = '', version = ''] = goPackage.split('/');
      const group = groups.get(short);
      return group === undefined ? [] : [`${group}/${version}/${type}`];
    });
}
