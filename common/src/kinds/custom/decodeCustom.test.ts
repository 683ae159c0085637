import { describe, expect, it } from 'vitest';
import type { JSONSchemaProps } from '#common/schema/generated/types.ts';
import { structOfKind } from './structOfSchema.ts';
import { decodeObject } from '#common/schema/decode.ts';

const gvk = { group: 'example.com', version: 'v1', kind: 'Foo' };
const schema: JSONSchemaProps = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        known: { type: 'object', properties: { a: { type: 'string' } } },
        list: { type: 'array', items: { type: 'object', properties: { a: { type: 'string' } } } },
        map: { type: 'object', additionalProperties: { type: 'object', properties: { a: { type: 'string' } } } },
        open: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { a: { type: 'object' } } },
        pod: { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true },
      },
    },
  },
};
const decode = (body: object, fieldValidation: 'Ignore' | 'Warn' | 'Strict' = 'Warn') =>
  decodeObject(structOfKind(gvk, schema), gvk, { apiVersion: 'example.com/v1', kind: 'Foo', ...body }, { fieldValidation });

describe('decoding custom resources', () => {
  it.each<[string, object, object, string[]]>([
    ['keeps wrong types for validation', { known: 5, list: {} }, { known: 5, list: {} }, []],
    ['takes unknown fields away', { known: { a: '1', z: 1 }, b: 1 }, { known: { a: '1' } }, ['spec.b', 'spec.known.z']],
    [
      'looks into lists and maps',
      { list: [{ z: 1 }], map: { 'k.x': { z: 1 } } },
      { list: [{}], map: { 'k.x': {} } },
      ['spec.list[0].z', 'spec.map.k.x.z'],
    ],
    [
      'keeps open content, but not in what is known of it',
      { open: { a: { z: 1 }, b: { c: 1 } } },
      { open: { a: {}, b: { c: 1 } } },
      ['spec.open.a.z'],
    ],
    [
      'reads the metadata of embedded objects',
      { pod: { metadata: { name: 'a', z: 1 }, spec: {} } },
      { pod: { metadata: { name: 'a' }, spec: {} } },
      ['spec.pod.metadata.z'],
    ],
  ])('%s', (_, spec, expected, unknown) => {
    const { object, warnings } = decode({ spec });
    expect(object).toEqual({ apiVersion: 'example.com/v1', kind: 'Foo', metadata: {}, spec: expected });
    expect(warnings).toEqual(unknown.map((path) => `unknown field "${path}"`));
  });

  it('names unknown metadata first', () => {
    expect(decode({ metadata: { name: 'a', z: 1 }, a: 1 }).warnings).toEqual(['unknown field "metadata.z"', 'unknown field "a"']);
  });

  it('does not touch prototypes', () => {
    const spec = JSON.parse('{"open":{"__proto__":{"x":1}},"map":{"__proto__":{"a":"1"}},"constructor":1}') as object;
    const { object, warnings } = decode({ spec });
    expect(JSON.stringify(object)).toContain('"spec":{"open":{"__proto__":{"x":1}},"map":{"__proto__":{"a":"1"}}}');
    expect(warnings).toEqual(['unknown field "spec.constructor"']);
  });

  const prefix = 'Foo in version "v1" cannot be handled as a Foo: ';
  it.each<[string, object, string]>([
    ['metadata that is none', { metadata: 5 }, `${prefix}json: cannot unmarshal number into Go value of type v1.ObjectMeta`],
    [
      'labels that are no texts',
      { metadata: { labels: { a: 1 } } },
      `${prefix}json: cannot unmarshal number into Go struct field ObjectMeta.labels of type string`,
    ],
    [
      'an embedded kind that is no text',
      { spec: { pod: { kind: true } } },
      `${prefix}spec.pod.kind: Invalid value: true: must be a string`,
    ],
    ['unknown fields when strict', { b: 1, a: 1 }, `${prefix}strict decoding error: unknown field "a", unknown field "b"`],
    [
      'another version',
      { apiVersion: 'example.com/v2' },
      'the API version in the data (example.com/v2) does not match the expected API version (example.com/v1)',
    ],
    [
      'another kind',
      { kind: 'Bar', metadata: { name: 'x' } },
      'Bar.example.com "x" is invalid: kind: Invalid value: "Bar": must be Foo',
    ],
  ])('refuses %s', (_, body, message) => {
    expect(() => decode(body, 'Strict')).toThrow(message);
  });
});
