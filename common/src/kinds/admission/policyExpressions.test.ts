import { describe, expect, it } from 'vitest';
import type * as api from '#common/schema/generated/types.ts';
import { validateMutatingPolicy, validateValidatingPolicy } from '../validation/admissionPolicy.ts';

const matchConstraints: api.MatchResources = {
  matchPolicy: 'Equivalent',
  namespaceSelector: {},
  objectSelector: {},
  resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] }],
};
const paramKind = { apiVersion: 'v1', kind: 'ConfigMap' };
const check = (expression: string): api.ValidatingAdmissionPolicySpec => ({ validations: [{ expression }] });
const says = (messageExpression: string): api.ValidatingAdmissionPolicySpec => ({
  validations: [{ expression: 'true', messageExpression }],
});

/** `path: detail`, with only the first line of what the compiler says. */
const texts = (errors: ReturnType<typeof validateValidatingPolicy>): string[] =>
  errors.map(
    ({ path, detail }) =>
      `${path.toString()}: ${detail.replace(/\n[^]*/, '').replace('compilation failed: ERROR: <input>:', '')}`,
  );

const validating = (spec: api.ValidatingAdmissionPolicySpec): string[] =>
  texts(validateValidatingPolicy({ metadata: { name: 'p' }, spec: { failurePolicy: 'Fail', matchConstraints, ...spec } }));

const mutating = (mutation: api.Mutation, spec: api.MutatingAdmissionPolicySpec = {}): string[] =>
  texts(
    validateMutatingPolicy({
      metadata: { name: 'p' },
      spec: { failurePolicy: 'Fail', reinvocationPolicy: 'Never', matchConstraints, mutations: [mutation], ...spec },
    }),
  );
const apply = (expression: string): api.Mutation => ({ patchType: 'ApplyConfiguration', applyConfiguration: { expression } });
const patch = (expression: string): api.Mutation => ({ patchType: 'JSONPatch', jsonPatch: { expression } });
const undeclared = (name: string): string => `1:1: undeclared reference to '${name}' (in container '')`;

// Answers of Kubernetes 1.36.3.
describe('expressions of validating policies', () => {
  const at = 'spec.validations[0].expression: ';
  it.each<[string, api.ValidatingAdmissionPolicySpec, string[]]>([
    ['a condition', check('object.x == 1 && oldObject == null && request.dryRun'), []],
    ['a number', check('1'), [`${at}must evaluate to bool but got int`]],
    ['anything', check('object.x'), [`${at}must evaluate to bool but got dyn`]],
    ['a time', check('timestamp("2020-01-01T00:00:00Z")'), [`${at}must evaluate to bool but got google.protobuf.Timestamp`]],
    [
      'a constant that is none',
      check("int('x') > 0"),
      [`${at}program instantiation failed: type conversion error from 'string' to 'int'`],
    ],
    ['null', check('null'), [`${at}must evaluate to bool but got null_type`]],
    ['an optional', check('optional.of(true)'), [`${at}must evaluate to bool but got optional_type(bool)`]],
    ['an unknown name', check('foo'), [`${at}${undeclared('foo')}`]],
    ['parameters of no kind', check('params.x == 1'), [`${at}${undeclared('params')}`]],
    ['parameters', { ...check('params.x == 1'), paramKind }, []],
    ['no variables', check('variables.x == 1'), [`${at}${undeclared('variables')}`]],
    ['a field of the request', check('request.foo == 1'), [`${at}1:8: undefined field 'foo'`]],
    ["a field of the namespace's metadata", check('namespaceObject.metadata.uid == ""'), [`${at}1:25: undefined field 'uid'`]],
    ['several lines without a message', check('true &&\n true'), []],
    ['an object of mutations', check('Object{} == object'), [`${at}1:7: undeclared reference to 'Object' (in container '')`]],
    ['who may do what', check("authorizer.group('').resource('pods').namespace('a').check('get').allowed()"), []],
    ['a message that is none', says('1'), ['spec.validations[0].messageExpression: must evaluate to string but got int']],
    [
      'a message that may be none',
      says('true ? "a" : object.x'),
      ['spec.validations[0].messageExpression: must evaluate to string but got dyn'],
    ],
    [
      'a message that asks who may do what',
      says('authorizer'),
      [`spec.validations[0].messageExpression: ${undeclared('authorizer')}`],
    ],
    [
      'an annotation',
      { auditAnnotations: [{ key: 'k', valueExpression: '1' }] },
      ['spec.auditAnnotations[0].valueExpression: must evaluate to one of [string null_type] but got int'],
    ],
    [
      'a condition of the match',
      { ...check('true'), matchConditions: [{ name: 'a', expression: '1' }] },
      ['spec.matchConditions[0].expression: must evaluate to bool but got int'],
    ],
    [
      'a variable by its type',
      { ...check('variables.x == 1'), variables: [{ name: 'x', expression: '"a"' }] },
      [`${at}1:13: found no matching overload for '_==_' applied to '(string, int)'`],
    ],
    [
      'a later variable',
      {
        ...check('true'),
        variables: [
          { name: 'x', expression: 'variables.y' },
          { name: 'y', expression: '1' },
        ],
      },
      ["spec.variables[0].expression: 1:10: undefined field 'y'"],
    ],
    [
      'a broken variable, told once',
      { ...check('variables.x == 1'), variables: [{ name: 'x', expression: 'foo' }] },
      [`spec.variables[0].expression: ${undeclared('foo')}`],
    ],
    [
      'a reserved word',
      { ...check('true'), variables: [{ name: 'in', expression: '1' }] },
      ['spec.variables[0].name: must be a valid CEL identifier'],
    ],
  ])('%s', (_, spec, expected) => {
    expect(validating(spec)).toEqual(expected);
  });

  it('are told of all together, in the order of Kubernetes', () => {
    const spec = {
      ...check('foo'),
      variables: [{ name: 'x', expression: 'foo' }],
      matchConditions: [{ name: 'a', expression: 'foo' }],
      auditAnnotations: [{ key: 'k', valueExpression: 'foo' }],
    };
    expect(validating(spec).map((text) => text.replace(/: .*/, ''))).toEqual([
      'spec.matchConditions[0].expression',
      'spec.variables[0].expression',
      'spec.validations[0].expression',
      'spec.auditAnnotations[0].valueExpression',
    ]);
  });
});

describe('expressions of mutating policies', () => {
  const at = 'spec.mutations[0].applyConfiguration.expression: ';
  const atPatch = 'spec.mutations[0].jsonPatch.expression: ';
  it.each<[string, api.Mutation, string[]]>([
    ['an object with anything in it', apply('Object{spec: Object.spec{x: [Object.spec.x{y: 1}]}, foo: 1}'), []],
    ['part of an object', apply('Object.metadata{}'), [`${at}must evaluate to Object but got Object.metadata`]],
    ['a map', apply('{"a": 1}'), [`${at}must evaluate to Object but got map(string, int)`]],
    ['the object itself', apply('object'), [`${at}must evaluate to Object but got dyn`]],
    ['another type', apply('Foo{}'), [`${at}1:4: undeclared reference to 'Foo' (in container '')`]],
    ['patches', patch('[JSONPatch{op: "add", path: "/a/" + jsonpatch.escapeKey("b/c"), value: Object.a{}}]'), []],
    ['patches on a condition', patch('true ? [JSONPatch{op: "remove", path: "/a"}] : []'), []],
    ['one patch', patch('JSONPatch{op: "add"}'), [`${atPatch}must evaluate to list(JSONPatch) but got JSONPatch`]],
    ['no patches', patch('[]'), [`${atPatch}must evaluate to list(JSONPatch) but got list(dyn)`]],
    [
      'an operation that is a number',
      patch('[JSONPatch{op: 1}]'),
      [`${atPatch}1:14: expected type of field 'op' is 'string' but provided type is 'int'`],
    ],
  ])('%s', (_, mutation, expected) => {
    expect(mutating(mutation)).toEqual(expected);
  });

  it('make objects only where something is changed', () => {
    const matchConditions = [{ name: 'a', expression: 'Object{} == object' }];
    expect(mutating(apply('Object{}'), { matchConditions })).toEqual([
      "spec.matchConditions[0].expression: 1:7: undeclared reference to 'Object' (in container '')",
    ]);
  });
});
