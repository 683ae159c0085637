import { describe, expect, it } from 'vitest';
import { CustomResourceDefinition } from './customResourceDefinition.ts';
import { created } from './testing/requests.ts';

const version = (schema: object, extra: object = {}) => ({
  name: 'v1',
  served: true,
  storage: true,
  schema: { openAPIV3Schema: { type: 'object', ...schema } },
  ...extra,
});
const definition = (spec: object = {}) => ({
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget' },
    versions: [version({})],
    ...spec,
  },
});
const schemaProblems = (properties: object): string[] =>
  created(CustomResourceDefinition, definition({ versions: [version({ properties })] })).problems.map((text) =>
    text.replace('spec.validation.openAPIV3Schema.', ''),
  );

describe('a CustomResourceDefinition', () => {
  it('fills in names, conversion and the version that is stored', () => {
    const { object, problems } = created(CustomResourceDefinition, definition());
    expect(problems).toEqual([]);
    expect(object).toMatchObject({
      spec: { names: { singular: 'widget', listKind: 'WidgetList' }, conversion: { strategy: 'None' } },
      status: { storedVersions: ['v1'] },
    });
  });

  it('is named after its resource', () => {
    expect(created(CustomResourceDefinition, definition({ group: 'example.org' })).problems).toEqual([
      'metadata.name: Invalid value: "widgets.example.com": must be spec.names.plural+"."+spec.group',
    ]);
  });

  it('finds what all versions share in one place, the rest in the version', () => {
    const second = { ...version({ properties: { a: {} } }), name: 'v2', storage: false };
    expect(created(CustomResourceDefinition, definition({ versions: [version({}), second] })).problems).toEqual([
      'spec.versions[1].schema.openAPIV3Schema.properties[a].type: Required value: must not be empty for specified object fields',
    ]);
  });

  it.each<[object, string[]]>([
    [
      { a: { type: 'text' } },
      [
        'properties[a].type: Unsupported value: "text": supported values: "array", "boolean", "integer", "number", "object", "string"',
      ],
    ],
    [{ a: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] } }, []],
    [{ a: { type: 'string', not: { type: 'integer' } } }, ['properties[a].not.type: Forbidden: must be empty to be structural']],
    [
      { a: { type: 'integer', maximum: 2, default: 3 } },
      ['properties[a].default: Invalid value: 3:  in body should be less than or equal to 2'],
    ],
    [
      { a: { type: 'object', default: { b: 1 } } },
      ['properties[a].default: Invalid value: {"b":1}: must not have unknown fields'],
    ],
    [
      { a: { type: 'array', 'x-kubernetes-list-type': 'map', items: { type: 'object' } } },
      ['properties[a].x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map'],
    ],
    [
      { a: { type: 'array', uniqueItems: true, items: { type: 'string' } } },
      ['properties[a].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic'],
    ],
  ])('judges the schema %o', (properties, expected) => {
    expect(schemaProblems(properties)).toEqual(expected);
  });

  it('checks where scale finds its numbers', () => {
    const scale = { specReplicasPath: '.spec.n', statusReplicasPath: '.spec.n' };
    const spec = { versions: [version({}, { subresources: { scale } })] };
    expect(created(CustomResourceDefinition, definition(spec)).problems).toEqual([
      'spec.subresources.scale.statusReplicasPath: Invalid value: ".spec.n": should be a json path under .status',
    ]);
  });
});
