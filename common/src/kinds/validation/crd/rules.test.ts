/** Rules in definitions; the texts are answers of Kubernetes 1.36.3. */
import { describe, expect, it } from 'vitest';
import { fieldErrorText } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import type { JSONSchemaProps } from '#common/schema/generated/types.ts';
import { validateSchema } from './schema.ts';

const problems = (schema: JSONSchemaProps): string[] => validateSchema(schema, FieldPath.of('s'), false).map(fieldErrorText);
const integerWith = (...rules: JSONSchemaProps['x-kubernetes-validations'] & object): JSONSchemaProps => ({
  type: 'object',
  properties: { a: { type: 'integer', 'x-kubernetes-validations': rules } },
});
const at = 's.properties[a].x-kubernetes-validations[0]';
const shown = (rule: string, more = ''): string =>
  `{"Rule":"${rule}","Message":"","MessageExpression":"${more}","Reason":null,"FieldPath":"","OptionalOldSelf":null}`;

describe('rules of a definition', () => {
  const cases: [string, JSONSchemaProps, string[]][] = [
    ['that make sense', integerWith({ rule: 'self > 1 && self < oldSelf', messageExpression: "'a'" }), []],
    [
      'must name fields that exist',
      { type: 'object', properties: { a: { type: 'string' } }, 'x-kubernetes-validations': [{ rule: 'self.b == 1' }] },
      [
        `s.x-kubernetes-validations[0].rule: Invalid value: ${shown('self.b == 1')}: compilation failed: ERROR: <input>:1:5: undefined field 'b'\n | self.b == 1\n | ....^`,
      ],
    ],
    [
      'do not see what is only preserved',
      {
        type: 'object',
        properties: { b: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        'x-kubernetes-validations': [{ rule: 'self.b.c == 1' }],
      },
      [
        `s.x-kubernetes-validations[0].rule: Invalid value: ${shown('self.b.c == 1')}: compilation failed: ERROR: <input>:1:7: undefined field 'c'\n | self.b.c == 1\n | ......^`,
      ],
    ],
    [
      'see of metadata the name alone',
      { type: 'object', 'x-kubernetes-validations': [{ rule: 'self.metadata.labels == 1' }] },
      [
        `s.x-kubernetes-validations[0].rule: Invalid value: ${shown('self.metadata.labels == 1')}: compilation failed: ERROR: <input>:1:14: undefined field 'labels'\n | self.metadata.labels == 1\n | .............^`,
      ],
    ],
    [
      'must be true or false',
      integerWith({ rule: 'self' }),
      [`${at}.rule: Invalid value: ${shown('self')}: cel expression must evaluate to a bool`],
    ],
    [
      'must have messages that are texts',
      integerWith({ rule: 'self > 1', messageExpression: 'self' }),
      [`${at}.messageExpression: Invalid value: ${shown('self \\u003e 1', 'self')}: messageExpression must evaluate to a string`],
    ],
    [
      'must have messages that compile',
      integerWith({ rule: 'self > 1', messageExpression: 'foo + 1' }),
      [
        `${at}.messageExpression: Invalid value: ${shown('self \\u003e 1', 'foo + 1')}: messageExpression compilation failed: ERROR: <input>:1:1: undeclared reference to 'foo' (in container '')\n | foo + 1\n | ^`,
      ],
    ],
    [
      'must not be made of constants that are none',
      integerWith({ rule: "int('x') > 0" }),
      [
        `${at}.rule: Invalid value: ${shown("int('x') \\u003e 0")}: program instantiation failed: type conversion error from 'string' to 'int'`,
      ],
    ],
    [
      'must compare when they say that what was there may be missing',
      integerWith({ rule: 'self > 1', optionalOldSelf: true }),
      [`${at}.optionalOldSelf: Invalid value: true: may not be set if oldSelf is not used in rule`],
    ],
    [
      'must name a path that exists, and none into a list',
      {
        type: 'object',
        properties: { l: { type: 'array', items: { type: 'string' } } },
        'x-kubernetes-validations': [
          { rule: 'false', fieldPath: '.l[0]' },
          { rule: 'false', fieldPath: '.x' },
          { rule: 'false', fieldPath: 'l' },
        ],
      },
      ['.l[0]', '.x', 'l'].map(
        (path, i) => `s.x-kubernetes-validations[${i}].fieldPath: Invalid value: "${path}": must be a valid path`,
      ),
    ],
    [
      'are not compiled while something else is wrong with them',
      integerWith({ rule: '' }, { rule: 'self >' }, { rule: 'self > 1', message: ' ' }),
      [
        `${at}.rule: Required value: rule is not specified`,
        's.properties[a].x-kubernetes-validations[2].message: Invalid value: " ": must be non-empty if specified',
      ],
    ],
    [
      'need a type',
      {
        type: 'object',
        properties: { a: { 'x-kubernetes-preserve-unknown-fields': true, 'x-kubernetes-validations': [{ rule: 'self == 1' }] } },
      },
      [
        's.properties[a].x-kubernetes-validations: Internal error: internal error: failed to construct type information for x-kubernetes-validations rules: unable to convert structural schema to CEL declarations',
      ],
    ],
  ];
  it.each(cases)('%s', (_, schema, expected) => expect(problems(schema)).toEqual(expected));

  it.each(['atomic', 'set'] as const)('cannot compare elements of a list that is %s', (listType) => {
    const items: JSONSchemaProps = { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self > oldSelf' }] };
    expect(problems({ type: 'object', properties: { a: { type: 'array', 'x-kubernetes-list-type': listType, items } } })).toEqual(
      [
        's.properties[a].items.x-kubernetes-validations[0].rule: Invalid value: "self > oldSelf": oldSelf cannot be used on the uncorrelatable portion of the schema within s.properties[a]',
      ],
    );
  });
});
