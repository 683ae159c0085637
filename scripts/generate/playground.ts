/**
 * Reads `playground.json`: the structures of the project's own API group, in the form of Kubernetes' OpenAPI definitions
 * with their descriptions, and the resources that are served. A new kind of the group is an entry there and a file in
 * `common/src/kinds`; its list and its operations follow from the entry.
 */
import { readFileSync } from 'node:fs';
import type { Definition } from './definitions.ts';

export const dataFolder = new URL('../../common/src/schema/data/', import.meta.url);

export interface PlaygroundResource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly subresources: readonly string[];
  /** Can only be got and listed. */
  readonly readOnly?: boolean;
}

export interface Playground {
  readonly resources: readonly PlaygroundResource[];
  /** By OpenAPI name, `kube.playground.v1alpha1.Machine`. */
  readonly definitions: Readonly<Record<string, Definition>>;
}

const metaV1 = '#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1';

export const readPlayground = (): Playground =>
  JSON.parse(readFileSync(new URL('playground.json', dataFolder), 'utf8')) as Playground;

/** The structures without their texts, which are in a table of their own, and with a list for each kind. */
export function playgroundDefinitions({ resources, definitions }: Playground): Record<string, Definition> {
  const lists = resources.map(({ group, version, kind }): [string, Definition] => [
    openApiName({ group, version, kind: `${kind}List` }),
    {
      type: 'object',
      required: ['items'],
      properties: {
        apiVersion: { type: 'string' },
        items: { type: 'array', items: { $ref: `#/definitions/${openApiName({ group, version, kind })}` } },
        kind: { type: 'string' },
        metadata: { $ref: `${metaV1}.ListMeta` },
      },
      'x-kubernetes-group-version-kind': [{ group, version, kind: `${kind}List` }],
    },
  ]);
  return {
    ...Object.fromEntries(Object.entries(definitions).map(([name, d]) => [name, withoutTexts(d)])),
    ...Object.fromEntries(lists),
  };
}

/** The texts of a structure: its own, and those of its fields. */
export function playgroundTexts({ definitions }: Playground): Record<string, [string, Record<string, string>]> {
  return Object.fromEntries(
    Object.entries(definitions).map(([name, { description = '', properties = {} }]) => [
      name,
      [description, Object.fromEntries(Object.entries(properties).map(([field, d]) => [field, d.description ?? '']))],
    ]),
  );
}

/** Method, path, action and kind of everything that can be done, as the table of Kubernetes' operations has them. */
export function playgroundOperations({ resources }: Playground): string[][] {
  return resources.flatMap(({ group, version, kind, plural, namespaced, subresources, readOnly }) => {
    const root = `/apis/${group}/${version}`;
    const collection = `${root}${namespaced ? '/namespaces/{namespace}' : ''}/${plural}`;
    const one = `${collection}/{name}`;
    const readAndWrite = (path: string): string[][] =>
      ['get', 'put', 'patch'].map((action) => [action.toUpperCase(), path, action, kind]);
    const reads = [
      ['GET', `${root}/`, '', ''],
      ...(namespaced ? [['GET', `${root}/${plural}`, 'list', kind]] : []),
      ['GET', collection, 'list', kind],
    ];
    if (readOnly) return [...reads, ['GET', one, 'get', kind]];
    return [
      ...reads,
      ['POST', collection, 'post', kind],
      ['DELETE', collection, 'deletecollection', kind],
      ...readAndWrite(one),
      ['DELETE', one, 'delete', kind],
      ...subresources.flatMap((subresource) => readAndWrite(`${one}/${subresource}`)),
    ];
  });
}

/** The group's parts stand in reverse, as in Kubernetes' own names. */
const openApiName = ({ group, version, kind }: { group: string; version: string; kind: string }): string =>
  [...group.split('.').reverse(), version, kind].join('.');

function withoutTexts(definition: Definition): Definition {
  const { description: _description, ...rest } = definition;
  return rest.properties
    ? { ...rest, properties: Object.fromEntries(Object.entries(rest.properties).map(([field, d]) => [field, withoutTexts(d)])) }
    : rest;
}
