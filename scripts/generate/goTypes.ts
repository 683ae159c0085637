/**
 * Reads protobuf-fields.tsv: every field of every Go structure of the API with its JSON name, protobuf number, Go type
 * and omitempty. Embedded structures are flattened here, because JSON shows them flat.
 */
import { readFileSync } from 'node:fs';
import { dataFolder } from './definitions.ts';

export interface GoField {
  json: string;
  /** As messages spell it: `[]v1.Container`. */
  goType: string;
  protoNumber: number;
  omitEmpty: boolean;
  /** Go names and protobuf numbers of the embedded structures between the owner and this field. */
  embedded: string[];
  protoPath: number[];
}

interface Row {
  json: string;
  number: number;
  goType: string;
  omitEmpty: boolean;
}

const packageNames: Record<string, string> = {
  metav1: 'v1',
  corev1: 'v1',
  apiv1: 'v1',
  batchv1: 'v1',
  authenticationv1: 'v1',
};
const builtin = new Set(['string', 'bool', 'int32', 'int64', 'float64', 'byte', 'any']);

/** `io.k8s.api.core.v1.Pod` → `['api/core/v1', 'Pod']`. */
export function goPackageOf(openapiName: string): [string, string] {
  const bare = openapiName.replace(/^io\.k8s\./, '');
  const dot = bare.lastIndexOf('.');
  return [bare.slice(0, dot).replaceAll('.', '/'), bare.slice(dot + 1)];
}

/** Spells a Go type as `%T` does in a package's messages: aliases resolved, own types qualified, byte as uint8. */
export function qualify(goType: string, goPackage: string): string {
  const own = goPackage.slice(goPackage.lastIndexOf('/') + 1);
  return goType.replace(/(?:([A-Za-z]\w*)\.)?([A-Za-z]\w*)/g, (all, alias: string | undefined, name: string) => {
    if (alias) return `${packageNames[alias] ?? alias}.${name}`;
    if (name === 'map') return all;
    if (name === 'byte') return 'uint8';
    return builtin.has(name) ? name : `${own}.${name}`;
  });
}

export class GoTypes {
  readonly #rows = new Map<string, Row[]>();

  constructor() {
    const [, ...lines] = readFileSync(new URL('protobuf-fields.tsv', dataFolder), 'utf8').split('\n');
    for (const line of lines) {
      const [goPackage = '', type = '', json = '', , number = '', goType = '', omitEmpty = ''] = line.split('\t');
      if (!type) continue;
      const key = `${goPackage} ${type}`;
      const rows = this.#rows.get(key) ?? [];
      rows.push({ json, number: Number(number), goType, omitEmpty: omitEmpty === 'true' });
      this.#rows.set(key, rows);
    }
  }

  /** Package and name of every structure, in file order. */
  names(): [string, string][] {
    return [...this.#rows.keys()].map((key) => key.split(' ') as [string, string]);
  }

  /** Whether the structure has this JSON field with this unqualified Go type. */
  has(goPackage: string, type: string, json: string, goType: string): boolean {
    return (this.#rows.get(`${goPackage} ${type}`) ?? []).some((row) => row.json === json && row.goType === goType);
  }

  fields(goPackage: string, type: string, embedded: string[] = [], protoPath: number[] = []): GoField[] {
    return (this.#rows.get(`${goPackage} ${type}`) ?? []).flatMap((row) =>
      row.json
        ? [
            {
              json: row.json,
              goType: qualify(row.goType, goPackage),
              protoNumber: row.number,
              omitEmpty: row.omitEmpty,
              embedded,
              protoPath,
            },
          ]
        : this.fields(goPackage, row.goType, [...embedded, row.goType], [...protoPath, row.number]),
    );
  }
}
