import { describe, expect, it } from 'vitest';
import { deepFreeze } from '#common/base/freeze.ts';
import type { JSONSchemaProps } from '#common/schema/generated/types.ts';
import { withDefaults } from './schemaDefaults.ts';

const schema: JSONSchemaProps = {
  type: 'object',
  properties: {
    a: { type: 'string', default: 'dd' },
    n: { type: 'object', default: {}, properties: { x: { type: 'integer', default: 7 } } },
    o: { type: 'object', properties: { x: { type: 'integer', default: 7 } } },
    l: { type: 'array', items: { type: 'object', properties: { q: { type: 'string', default: 'qq' } } } },
    m: { type: 'object', additionalProperties: { type: 'string' } },
    nullable: { type: 'string', nullable: true, default: 'dd' },
    free: { 'x-kubernetes-preserve-unknown-fields': true },
  },
};

describe('withDefaults', () => {
  it.each<[string, object, object]>([
    ['fills what is absent', {}, { a: 'dd', n: { x: 7 }, nullable: 'dd' }],
    ['goes into lists', { l: [{}, { q: 'own' }] }, { a: 'dd', n: { x: 7 }, nullable: 'dd', l: [{ q: 'qq' }, { q: 'own' }] }],
    ['replaces nulls', { a: null }, { a: 'dd', n: { x: 7 }, nullable: 'dd' }],
    ['takes nulls away where there is no default', { o: null, m: { k: null } }, { a: 'dd', n: { x: 7 }, nullable: 'dd', m: {} }],
    ['keeps nulls that are allowed', { nullable: null }, { a: 'dd', n: { x: 7 }, nullable: null }],
    ['leaves open content alone', { free: { x: null } }, { a: 'dd', n: { x: 7 }, nullable: 'dd', free: { x: null } }],
  ])('%s', (_, value, expected) => {
    expect(withDefaults(schema, deepFreeze(value))).toEqual(expected);
  });

  it('gives back the same value when nothing is missing', () => {
    const value = { a: 'x', n: { x: 1 }, nullable: null, l: [{ q: 'x' }] };
    expect(withDefaults(schema, value)).toBe(value);
  });
});
