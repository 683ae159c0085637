/** Reads the OpenAPI definitions of Kubernetes 1.36 that the project keeps as data, and gives each a TypeScript name. */
import { readFileSync } from 'node:fs';
import { dataFolder, playgroundDefinitions, readPlayground } from './playground.ts';

export { dataFolder };

export interface Definition {
  description?: string;
  type?: string;
  format?: string;
  $ref?: string;
  items?: Definition;
  properties?: Record<string, Definition>;
  additionalProperties?: Definition;
  required?: string[];
  enum?: string[];
  default?: unknown;
  'x-kubernetes-list-type'?: string;
  'x-kubernetes-list-map-keys'?: string[];
  'x-kubernetes-map-type'?: string;
  'x-kubernetes-patch-strategy'?: string;
  'x-kubernetes-patch-merge-key'?: string;
  'x-kubernetes-int-or-string'?: boolean;
  'x-kubernetes-preserve-unknown-fields'?: boolean;
  'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[];
}

export const generatedFolder = new URL('../../common/src/schema/generated/', import.meta.url);

/** The structures of Kubernetes, and those of the playground's own group. */
export function readDefinitions(): Record<string, Definition> {
  const kubernetes = JSON.parse(readFileSync(new URL('openapi-definitions.json', dataFolder), 'utf8')) as Record<
    string,
    Definition
  >;
  return { ...kubernetes, ...playgroundDefinitions(readPlayground()) };
}

export const refName = (ref: string): string => ref.replace('#/definitions/', '');

/** Groups whose types keep their plain name when two groups have a type of the same name. */
const precedence = ['io.k8s.apimachinery.pkg.apis.meta.v1', 'io.k8s.api.core.v1', 'io.k8s.api.autoscaling.v2'];

/**
 * `Pod`, `PodSpec` …; where two groups share a name, meta, core and autoscaling/v2 keep it and the others put group and version
 * in front (`EventsV1Event`).
 */
export function typescriptNames(definitions: Record<string, Definition>): Map<string, string> {
  const byShort = new Map<string, string[]>();
  for (const name of Object.keys(definitions)) {
    const short = name.slice(name.lastIndexOf('.') + 1);
    byShort.set(short, [...(byShort.get(short) ?? []), name]);
  }
  const names = new Map<string, string>();
  for (const [short, all] of byShort) {
    const keeper =
      all.length === 1 ? all[0] : precedence.map((p) => all.find((n) => n === `${p}.${short}`)).find((n) => n !== undefined);
    for (const name of all) {
      if (name === keeper) {
        names.set(name, short);
        continue;
      }
      const [version = '', group = ''] = name.split('.').reverse().slice(1);
      names.set(
        name,
        `${group.charAt(0).toUpperCase()}${group.slice(1)}${version.charAt(0).toUpperCase()}${version.slice(1)}${short}`,
      );
    }
  }
  return names;
}
