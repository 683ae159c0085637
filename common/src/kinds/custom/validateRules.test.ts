/** Rules of custom resources; the texts are answers of Kubernetes 1.36.3 to the same schemas and objects. */
import { describe, expect, it } from 'vitest';
import { fieldErrorText } from '#common/api/fieldError.ts';
import type { JSONSchemaProps, ValidationRule } from '#common/schema/generated/types.ts';
import { root } from './place.ts';
import { validateRules } from './validateRules.ts';
import { validateValue } from './validateValue.ts';

const integer: JSONSchemaProps = { type: 'integer' };
const withRules = (schema: JSONSchemaProps, ...rules: (string | ValidationRule)[]): JSONSchemaProps => ({
  ...schema,
  'x-kubernetes-validations': rules.map((rule) => (typeof rule === 'string' ? { rule } : rule)),
});
const object = (properties: Record<string, JSONSchemaProps>, more: Partial<JSONSchemaProps> = {}): JSONSchemaProps => ({
  type: 'object',
  properties,
  ...more,
});
const inSpec = (spec: JSONSchemaProps): JSONSchemaProps => object({ spec });

/** What is wrong with an object of the schema whose name is `o`. */
function problems(schema: JSONSchemaProps, fields: object, old?: object): string[] {
  const [value, before] = [fields, old].map((each) => each && { metadata: { name: 'o' }, ...each });
  const found = validateValue(schema, value, before, root);
  return [...found, ...validateRules(schema, value, before, undefined, found)].map(fieldErrorText);
}

describe('rules', () => {
  const cases: [string, JSONSchemaProps, object, string[]][] = [
    ['that hold say nothing', inSpec(withRules(object({ a: integer }), 'self.a > 3')), { spec: { a: 4 } }, []],
    ['of what is not there are not asked', inSpec(withRules(object({ a: integer }), 'self.a > 3')), {}, []],
    [
      'see the name at the root',
      withRules(object({}), "self.metadata.name.startsWith('x')"),
      {},
      ["<nil>: Invalid value: failed rule: self.metadata.name.startsWith('x')"],
    ],
    [
      'take null for not there',
      inSpec(withRules(object({ a: { ...integer, nullable: true } }), 'has(self.a)')),
      { spec: { a: null } },
      ['spec: Invalid value: failed rule: has(self.a)'],
    ],
    [
      'show what a scalar is',
      object({ a: withRules(integer, 'self > 3'), s: withRules({ type: 'string' }, "self == 'a'") }),
      { a: 1, s: 'b' },
      ['a: Invalid value: 1: failed rule: self > 3', `s: Invalid value: "b": failed rule: self == 'a'`],
    ],
    [
      'tell their message, or what its expression says',
      inSpec(
        withRules(
          object({ min: integer }),
          { rule: 'self.min > 3', message: 'too small' },
          { rule: 'self.min > 3', message: 'unused', messageExpression: "'only ' + string(self.min)" },
        ),
      ),
      { spec: { min: 1 } },
      ['spec: Invalid value: too small', 'spec: Invalid value: only 1'],
    ],
    [
      'do without an expression that fails, is blank or has several lines',
      inSpec(
        withRules(
          object({ b: { type: 'string' } }),
          { rule: 'false', messageExpression: 'self.b' },
          { rule: 'false', messageExpression: 'self.b', message: 'fallback' },
          { rule: 'false', messageExpression: "' '", message: 'blank' },
          { rule: 'false', messageExpression: "'a\\nb'", message: 'lines' },
          '  false  ',
        ),
      ),
      { spec: {} },
      [
        'spec: Invalid value: failed rule: false',
        'spec: Invalid value: fallback',
        'spec: Invalid value: blank',
        'spec: Invalid value: lines',
        'spec: Invalid value: failed rule: false',
      ],
    ],
    [
      'have reasons',
      inSpec(
        withRules(
          object({ a: integer }),
          { rule: 'false', reason: 'FieldValueDuplicate', message: 'twice' },
          { rule: 'false', reason: 'FieldValueRequired', fieldPath: '.a' },
          { rule: 'false', reason: 'FieldValueForbidden' },
        ),
      ),
      { spec: {} },
      ['spec: Duplicate value', 'spec.a: Required value: failed rule: false', 'spec: Forbidden: failed rule: false'],
    ],
    [
      'name a field',
      inSpec(
        withRules(
          object({
            m: { type: 'object', additionalProperties: { type: 'string' } },
            'foo-bar': object({ 'x.y': { type: 'string' } }),
          }),
          { rule: 'false', fieldPath: ".m['a']", message: 'one' },
          { rule: 'false', fieldPath: '.foo-bar', message: 'two' },
          { rule: 'false', fieldPath: "['foo-bar']['x.y']", message: 'three' },
        ),
      ),
      { spec: {} },
      ['spec.m[a]: Invalid value: one', 'spec.foo-bar: Invalid value: two', 'spec.foo-bar.x.y: Invalid value: three'],
    ],
    [
      'are asked of items and of values of maps',
      inSpec(
        object({
          l: { type: 'array', items: withRules(integer, 'self > 3') },
          m: { type: 'object', additionalProperties: withRules({ type: 'string' }, "self.startsWith('a')") },
        }),
      ),
      { spec: { l: [1, 5, 2], m: { k: 'b', 'x.y/z': 'c', d: 'a' } } },
      [
        'spec.l[0]: Invalid value: 1: failed rule: self > 3',
        'spec.l[2]: Invalid value: 2: failed rule: self > 3',
        `spec.m[k]: Invalid value: "b": failed rule: self.startsWith('a')`,
        `spec.m[x.y/z]: Invalid value: "c": failed rule: self.startsWith('a')`,
      ],
    ],
    [
      'have names for fields that cannot be written',
      withRules(
        object({ namespace: integer, 'a-b': integer, x__y: integer, 'd.e': integer, 'f/g': integer, int: integer }),
        'self.__namespace__ + self.a__dash__b + self.x__underscores__y + self.d__dot__e + self.f__slash__g + self.int == 6',
      ),
      { namespace: 1, 'a-b': 1, x__y: 1, 'd.e': 1, 'f/g': 1, int: 1 },
      [],
    ],
    [
      'say why there is no answer',
      object({
        i: withRules(integer, '1/self > 0'),
        n: withRules({ type: 'number' }, '1/int(self) > 0'),
        l: withRules({ type: 'array', items: { type: 'string' } }, "self[3] == 'a'"),
        o: withRules(object({ min: integer }), 'self.min > 3'),
        is: withRules({ 'x-kubernetes-int-or-string': true }, 'self > 3'),
      }),
      { i: 0, n: 0.5, l: [], o: {}, is: 'x' },
      [
        'i: Invalid value: "integer": division by zero evaluating rule: 1/self > 0',
        'n: Invalid value: "number": division by zero evaluating rule: 1/int(self) > 0',
        `l: Invalid value: "array": index out of bounds: 3 evaluating rule: self[3] == 'a'`,
        'o: Invalid value: "object": no such key: min evaluating rule: self.min > 3',
        `is: Invalid value: "": 'no such overload': call arguments did not match a supported operator, function or macro signature for rule: self > 3`,
      ],
    ],
    [
      'see dates as times',
      object({ t: withRules({ type: 'string', format: 'date-time' }, "self < timestamp('2000-01-01T00:00:00Z')") }),
      { t: '2020-01-01T00:00:00Z' },
      [`t: Invalid value: "2020-01-01T00:00:00Z": failed rule: self < timestamp('2000-01-01T00:00:00Z')`],
    ],
    [
      'see kind and name of an embedded object',
      inSpec(
        object({
          t: withRules(
            { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true },
            "self.metadata.name == 'a' && self.kind == 'Pod'",
          ),
        }),
      ),
      { spec: { t: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'b' } } } },
      ["spec.t: Invalid value: failed rule: self.metadata.name == 'a' && self.kind == 'Pod'"],
    ],
  ];
  it.each(cases)('%s', (_, schema, value, expected) => expect(problems(schema, value)).toEqual(expected));

  const unchecked =
    '<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';

  it.each<[string, object, string[]]>([
    [
      'a wrong type',
      { a: 'x' },
      ['spec.a: Invalid value: "string": spec.a in body must be of type integer: "string"', unchecked],
    ],
    ['a missing field', {}, ['spec.a: Required value', unchecked]],
    [
      'a number out of range does not',
      { a: 1 },
      [
        'spec.a: Invalid value: 1: spec.a in body should be greater than or equal to 5',
        'spec: Invalid value: failed rule: self.a > 3',
      ],
    ],
  ])('are not asked of what is broken: %s', (_, spec, expected) => {
    const schema = withRules(object({ a: { ...integer, minimum: 5 } }, { required: ['a'] }), 'self.a > 3');
    expect(problems(inSpec(schema), { spec })).toEqual(expected);
  });

  const thousand = Array.from({ length: 1000 }, (_, i) => i);

  it('end when one would take too long', () => {
    const rule = 'self.all(x, self.all(y, x == y || x != y))';
    const list = withRules({ type: 'array', items: integer }, rule, 'self.size() > 2000');
    expect(problems(object({ a: list, b: withRules(integer, 'self > 3') }), { a: thousand, b: 1 })).toEqual([
      `a: Invalid value: "array": 'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to call cost exceeds limit for rule: ${rule}`,
    ]);
  });

  it('end when all together would take too long', () => {
    const dear = 'self.all(x, self.all(y, x >= 0))';
    const list = withRules({ type: 'array', items: integer }, ...Array.from({ length: 100 }, () => dear));
    expect(problems(object({ a: list }), { a: thousand.slice(0, 400) })).toEqual([
      'a: Invalid value: "array": validation failed due to running out of cost budget, no further validation rules will be run',
    ]);
  });
});

describe('rules about a change', () => {
  const grows = inSpec(object({ a: withRules(integer, 'self >= oldSelf'), b: integer }));

  it('are not asked of what is new', () => expect(problems(grows, { spec: { a: 5 } })).toEqual([]));

  it('compare with what was there', () => {
    expect(problems(grows, { spec: { a: 4 } }, { spec: { a: 5 } })).toEqual([
      'spec.a: Invalid value: 4: failed rule: self >= oldSelf',
    ]);
    expect(problems(grows, { spec: { a: 6 } }, { spec: { a: 5 } })).toEqual([]);
    expect(problems(grows, { spec: { a: 4 } }, { spec: {} })).toEqual([]);
  });

  it('are asked though the value is as it was', () => {
    const strict = inSpec(object({ a: withRules(integer, 'self > oldSelf'), b: integer }));
    expect(problems(strict, { spec: { a: 5, b: 1 } }, { spec: { a: 5 } })).toEqual([
      'spec.a: Invalid value: 5: failed rule: self > oldSelf',
    ]);
  });

  it('see an optional value where they ask for one', () => {
    const rule = { rule: 'oldSelf.hasValue() && self > oldSelf.value()', optionalOldSelf: true };
    const schema = inSpec(object({ a: withRules(integer, rule) }));
    expect(problems(schema, { spec: { a: 5 } })).toEqual([`spec.a: Invalid value: 5: failed rule: ${rule.rule}`]);
    expect(problems(schema, { spec: { a: 5 } }, { spec: { a: 4 } })).toEqual([]);
  });

  it('know the elements of lists by their keys', () => {
    const items = object({ k: { type: 'string' }, v: withRules(integer, 'self >= oldSelf') }, { required: ['k'] });
    const list: JSONSchemaProps = {
      type: 'array',
      items,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['k'],
    };
    const schema = inSpec(object({ ml: list }));
    const after = { ml: [{ k: 'b', v: 1 }, { k: 'a', v: 2 }] }; // prettier-ignore
    expect(problems(schema, { spec: after }, { spec: { ml: [{ k: 'a', v: 3 }] } })).toEqual([
      'spec.ml[1].v: Invalid value: 2: failed rule: self >= oldSelf',
    ]);
  });

  it('leave alone what an update leaves as it was, where they do not compare', () => {
    const schema = inSpec(object({ c: withRules(object({ d: integer }), 'self.d > 3'), e: integer }));
    expect(problems(schema, { spec: { c: { d: 1 }, e: 2 } }, { spec: { c: { d: 1 } } })).toEqual([]);
    expect(problems(schema, { spec: { c: { d: 2 } } }, { spec: { c: { d: 1 } } })).toEqual([
      'spec.c: Invalid value: failed rule: self.d > 3',
    ]);
  });
});
