import { describe, expect, it } from 'vitest';
import { fieldErrorText } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import type { JSONSchemaProps } from '#common/schema/generated/types.ts';
import { validateLists } from './listInvariants.ts';
import { placeOf, root } from './place.ts';
import { validateValue } from './validateValue.ts';

/** The problems of an object whose field `f` has the schema. */
const problems = (f: JSONSchemaProps, value: unknown, old?: unknown): string[] => {
  const schema: JSONSchemaProps = { type: 'object', properties: { f } };
  const before = old === undefined ? undefined : { f: old };
  return [...validateValue(schema, { f: value }, before, root), ...validateLists(schema, { f: value }, root)].map(fieldErrorText);
};

const list = (items: JSONSchemaProps, more: Partial<JSONSchemaProps> = {}): JSONSchemaProps => ({
  type: 'array',
  items,
  ...more,
});
const ports = list(
  { type: 'object', required: ['a'], properties: { a: { type: 'string' }, b: { type: 'integer', default: 1 } } },
  { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['a', 'b'] },
);

describe('validateValue', () => {
  const cases: [string, JSONSchemaProps, unknown, string[]][] = [
    ['type', { type: 'string' }, 5, ['f: Invalid value: "integer": f in body must be of type string: "integer"']],
    ['null', { type: 'string' }, null, ['f: Invalid value: "null": f in body must be of type string: "null"']],
    ['nullable', { type: 'string', nullable: true }, null, []],
    [
      'a fraction for an integer',
      { type: 'integer', minimum: 5 },
      2.5,
      [
        'f: Invalid value: "number": f in body must be of type integer: "number"',
        '<nil>: Invalid value: "": Checked value must be of type integer (default format) in f',
      ],
    ],
    [
      'int32',
      { type: 'integer', format: 'int32' },
      3e9,
      ['<nil>: Invalid value: "": Checked value must be of type integer with format int32 in f'],
    ],
    ['minimum', { type: 'integer', minimum: 2 }, 1, ['f: Invalid value: 1: f in body should be greater than or equal to 2']],
    [
      'exclusive maximum',
      { type: 'number', maximum: 5, exclusiveMaximum: true },
      5,
      ['f: Invalid value: 5: f in body should be less than 5'],
    ],
    ['multipleOf', { type: 'number', multipleOf: 0.5 }, 0.7, ['f: Invalid value: 0.7: f in body should be a multiple of 0.5']],
    ['multipleOf in decimals', { type: 'number', multipleOf: 0.1 }, 0.3, []],
    ['minLength', { type: 'string', minLength: 2 }, 'é', ['f: Invalid value: "é": f in body should be at least 2 chars long']],
    ['maxLength', { type: 'string', maxLength: 4 }, 'xxxxx', ['f: Too long: may not be more than 4 bytes']],
    ['pattern', { type: 'string', pattern: '^a+$' }, 'b', ['f: Invalid value: "b": f in body should match \'^a+$\'']],
    ["Go's patterns", { type: 'string', pattern: '(?i)\\A[[:alpha:]]+\\z' }, 'Abc', []],
    ['format', { type: 'string', format: 'date-time' }, 'x', ['f: Invalid value: "x": f in body must be of type date-time: "x"']],
    ['an unknown format', { type: 'string', format: 'binary' }, 'x', []],
    ['enum', { type: 'integer', enum: [1, 2] }, 3, ['f: Unsupported value: 3: supported values: "1", "2"']],
    [
      'minItems',
      list({ type: 'integer' }, { minItems: 2 }),
      [1],
      ['f: Invalid value: 1: f in body should have at least 2 items'],
    ],
    ['maxItems', list({ type: 'integer' }, { maxItems: 1 }), [1, 2], ['f: Too many: 2: must have at most 1 items']],
    [
      'items',
      list({ type: 'string' }),
      ['a', 5],
      ['f[1]: Invalid value: "integer": f[1] in body must be of type string: "integer"'],
    ],
    [
      'minProperties',
      { type: 'object', minProperties: 1 },
      {},
      ['f: Invalid value: 0: f in body should have at least 1 properties'],
    ],
    ['maxProperties', { type: 'object', maxProperties: 1 }, { a: 1, b: 2 }, ['f: Too many: 2: must have at most 1 items']],
    [
      'additionalProperties',
      { type: 'object', additionalProperties: { type: 'integer' } },
      { 'x.y/z': 'a' },
      ['f.x.y/z: Invalid value: "string": f.x.y/z in body must be of type integer: "string"'],
    ],
    ['required', { type: 'object', required: ['a', 'b'] }, { a: 1 }, ['f.b: Required value']],
    [
      'int-or-string',
      { 'x-kubernetes-int-or-string': true },
      1.5,
      ['f: Invalid value: "number": f in body must be of type integer,string: "number"'],
    ],
    [
      'anyOf',
      { type: 'integer', anyOf: [{ maximum: 2 }, { minimum: 8 }] },
      5,
      [
        '<nil>: Invalid value: "": "f" must validate at least one schema (anyOf)',
        'f: Invalid value: 5: f in body should be less than or equal to 2',
      ],
    ],
    [
      'oneOf with too many',
      { type: 'integer', oneOf: [{ minimum: 5 }, { maximum: 10 }] },
      7,
      ['<nil>: Invalid value: "": "f" must validate one and only one schema (oneOf). Found 2 valid alternatives'],
    ],
    [
      'oneOf with none',
      { type: 'object', oneOf: [{ required: ['a'] }, { required: ['b'] }] },
      {},
      ['<nil>: Invalid value: "": "f" must validate one and only one schema (oneOf). Found none valid', 'f.a: Required value'],
    ],
    [
      'allOf',
      { type: 'integer', allOf: [{ minimum: 2 }, { maximum: 4 }] },
      1,
      [
        'f: Invalid value: 1: f in body should be greater than or equal to 2',
        '<nil>: Invalid value: "": "f" must validate all the schemas (allOf)',
      ],
    ],
    ['not', { type: 'integer', not: { minimum: 5 } }, 7, ['<nil>: Invalid value: "": "f" must not validate the schema (not)']],
    ['a set', list({ type: 'integer' }, { 'x-kubernetes-list-type': 'set' }), [1, 2, 1, 1], ['f[2]: Duplicate value: 1']],
    ['a map list', ports, [{ a: 'x' }, { a: 'x', b: 1 }, { a: 'x', b: 2 }], ['f[1]: Duplicate value: {"a":"x","b":1}']],
  ];
  it.each(cases)('%s', (_, schema, value, expected) => {
    expect(problems(schema, value)).toEqual(expected);
  });

  it('names values relative to the whole', () => {
    const schema: JSONSchemaProps = { type: 'object', properties: { s: { type: 'string' } } };
    const errors = validateValue(schema, { s: 5 }, undefined, placeOf(FieldPath.of('status')));
    expect(errors.map(fieldErrorText)).toEqual([
      'status.s: Invalid value: "integer": s in body must be of type string: "integer"',
    ]);
  });
});

describe('what an update leaves as it was', () => {
  const strict: JSONSchemaProps = {
    type: 'object',
    required: ['fresh'],
    properties: { a: { type: 'integer', maximum: 2 }, b: { type: 'string' }, ports },
  };
  it.each<[string, object, object, string[]]>([
    ['is not held against it', { a: 4 }, { a: 4 }, []],
    ['is not looked at again beside a change', { a: 4, fresh: 1 }, { a: 4, fresh: 2, b: 'x' }, []],
    [
      'does not cover what is changed',
      { a: 4, fresh: 1 },
      { a: 3, fresh: 1 },
      ['f.a: Invalid value: 3: f.a in body should be less than or equal to 2'],
    ],
    ['does not cover an object around a change', { a: 4 }, { a: 4, b: 'x' }, ['f.fresh: Required value']],
    [
      'is found by key in a map list',
      { fresh: 1, ports: [{ b: 5, a: 7 }] },
      { fresh: 1, ports: [{ a: 'n' }, { b: 5, a: 7 }] },
      [],
    ],
  ])('%s', (_, old, value, expected) => {
    expect(problems(strict, value, old)).toEqual(expected);
  });
});
