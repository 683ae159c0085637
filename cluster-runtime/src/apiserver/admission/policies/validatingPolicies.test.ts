import { beforeEach, describe, expect, it } from 'vitest';
import { ConfigMap } from '#common/kinds/configMap.ts';
import { PriorityClass } from '#common/kinds/priorityClass.ts';
import { ValidatingAdmissionPolicy } from '#common/kinds/validatingAdmissionPolicy.ts';
import { ValidatingAdmissionPolicyBinding } from '#common/kinds/validatingAdmissionPolicyBinding.ts';
import type * as api from '#common/schema/generated/types.ts';
import { configMap, configMaps, type PolicyWorld, policyWorld, refusal } from './testing/policyWorld.ts';

let world: PolicyWorld;
beforeEach(async () => {
  world = await policyWorld();
});

describe('validating policies', () => {
  it('refuse with the first finding, as a cause too', async () => {
    await world.validating({
      validations: [{ expression: "object.data.a == 'ok'" }, { expression: 'false', message: 'never told' }],
    });
    const message = `ValidatingAdmissionPolicy 'p' with binding 'p-b' denied request: failed expression: object.data.a == 'ok'`;
    await expect(world.create({ a: 'bad' })).rejects.toMatchObject({
      code: 422,
      reason: 'Invalid',
      message: `configmaps "x" is forbidden: ${message}`,
      details: { kind: 'configmaps', name: 'x', causes: [{ message }] },
    });
  });

  it.each<[string, Partial<api.Validation>, string]>([
    ['the message', { message: ' a message ' }, 'a message'],
    ["the expression's message", { message: 'm', messageExpression: "'a is ' + string(object.data.a)" }, 'a is 1'],
    ['the message where its expression fails', { message: 'm', messageExpression: 'string(object.data.b)' }, 'm'],
    ['the message where its expression has several lines', { message: 'm', messageExpression: '"a\\nb"' }, 'm'],
    ['the expression where there is no message', { messageExpression: '"  "' }, 'failed expression: false'],
  ])('say %s', async (_, validation, expected) => {
    await world.validating({ validations: [{ expression: 'false', ...validation }] });
    expect(await refusal(world.create({ a: '1' }))).toBe(expected);
  });

  it.each([
    ['Forbidden', 403],
    ['RequestEntityTooLarge', 413],
  ])('give the reason %s its code', async (reason, code) => {
    await world.validating({ validations: [{ expression: 'false', reason }] });
    await expect(world.create()).rejects.toMatchObject({ code, reason });
  });

  it.each<[string, Partial<api.ValidatingAdmissionPolicySpec>, string | undefined]>([
    [
      'an expression',
      { validations: [{ expression: 'object.data.b == ""' }] },
      `expression 'object.data.b == ""' resulted in error: no such key: b`,
    ],
    [
      'a variable',
      {
        variables: [
          { name: 'v', expression: 'object.data.b' },
          { name: 'w', expression: 'variables.v' },
        ],
        validations: [{ expression: 'variables.w == ""' }],
      },
      `expression 'variables.w == ""' resulted in error: composited variable "w" fails to evaluate: composited variable "v" fails to evaluate: no such key: b`,
    ],
    [
      'two conditions',
      {
        matchConditions: [
          { name: 'a', expression: 'object.data.b == ""' },
          { name: 'b', expression: 'object.data.c == ""' },
        ],
        validations: [{ expression: 'true' }],
      },
      `[expression 'object.data.b == ""' resulted in error: no such key: b, expression 'object.data.c == ""' resulted in error: no such key: c]`,
    ],
    [
      'an audit annotation',
      { auditAnnotations: [{ key: 'k', valueExpression: 'string(oldObject.x)' }] },
      `expression 'string(oldObject.x)' resulted in error: no such key: x`,
    ],
  ])('refuse where %s has no result, unless failures are ignored', async (_, spec, expected) => {
    await world.validating(spec);
    expect(await refusal(world.create({ a: '1' }))).toBe(expected);
    const policy = await world.client.get(ValidatingAdmissionPolicy, { namespace: '', name: 'p' });
    await world.client.update(ValidatingAdmissionPolicy, { ...policy, spec: { ...policy.spec, failurePolicy: 'Ignore' } });
    expect(await refusal(world.create({ a: '1' }))).toBeUndefined();
  });

  it('pass what a condition excludes, whatever the others come to', async () => {
    const matchConditions = [
      { name: 'a', expression: 'object.data.missing == ""' },
      { name: 'b', expression: 'object.data.a == "2"' },
    ];
    await world.validating({ matchConditions, validations: [{ expression: 'false' }] });
    expect(await refusal(world.create({ a: '1' }))).toBeUndefined();
  });

  it('only warn where the binding says so', async () => {
    const validations = [{ expression: 'false', message: 'one' }, { expression: 'object.x == 1' }];
    await world.validating({ validations }, { validationActions: ['Warn', 'Audit'] });
    await world.create();
    expect(world.warnings).toEqual([
      "Validation failed for ValidatingAdmissionPolicy 'p' with binding 'p-b': one",
      "Validation failed for ValidatingAdmissionPolicy 'p' with binding 'p-b': expression 'object.x == 1' resulted in error: no such key: x",
    ]);
  });

  it('know the request, its namespace and who may do what', async () => {
    const expression = [
      "request.operation == 'CREATE' && request.kind.kind == 'ConfigMap' && request.resource.resource == 'configmaps'",
      "request.userInfo.username == 'jane' && request.dryRun && !has(request.subResource) && request.name == 'x'",
      "namespaceObject.metadata.labels['team'] == 'a' && oldObject == null",
      "authorizer.requestResource.check('use').allowed() && !authorizer.path('/x').check('get').allowed()",
      "!authorizer.serviceAccount('default', 'sa').group('apps').resource('deployments').check('use').allowed()",
    ].join(' && ');
    await world.validating({ validations: [{ expression, message: 'one of them' }] });
    expect(await refusal(world.create({}, true))).toBeUndefined();
    expect(await refusal(world.create({}, false))).toBe('one of them');
  });

  it('see deletions without an object', async () => {
    const expression = 'object != null || oldObject.data.a == "1"';
    await world.validating({ matchConstraints: configMaps('DELETE'), validations: [{ expression }] });
    for (const a of ['1', '2']) await world.client.create(ConfigMap, configMap({ a }, `x${a}`));
    expect(await refusal(world.client.delete(ConfigMap, { namespace: 'default', name: 'x1' }))).toBeUndefined();
    expect(await refusal(world.client.delete(ConfigMap, { namespace: 'default', name: 'x2' }))).toBe(
      `failed expression: ${expression}`,
    );
  });

  it('see patches, and dry runs', async () => {
    await world.validating({ validations: [{ expression: '!has(object.data) || object.data.a != "bad"', message: 'no' }] });
    await world.create();
    const resource = world.registry.resourceOf(ConfigMap);
    const merge = { type: 'merge', patch: { data: { a: 'bad' } } } as const;
    expect(await refusal(resource.patch({ namespace: 'default', name: 'x' }, merge, world.options()))).toBe('no');
    expect(await refusal(world.create({ a: 'bad' }, true))).toBe('no');
  });

  it('need a binding that matches, and go with it', async () => {
    const objectSelector = { matchLabels: { a: 'b' } };
    await world.validating({ validations: [{ expression: 'false' }] }, { matchResources: { objectSelector } });
    expect(await refusal(world.create({}, true))).toBeUndefined();
    const labelled = { ...configMap({}), metadata: { ...configMap({}).metadata, labels: { a: 'b' } } };
    expect(await refusal(world.client.create(ConfigMap, labelled))).toBe('failed expression: false');
    await world.client.delete(ValidatingAdmissionPolicyBinding, { namespace: '', name: 'p-b' });
    expect(await refusal(world.client.create(ConfigMap, labelled))).toBeUndefined();
  });

  it('never stand in the way of being repaired', async () => {
    const everything = [{ apiGroups: ['*'], apiVersions: ['*'], resources: ['*/*'], operations: ['*'] }];
    await world.validating({ matchConstraints: { resourceRules: everything }, validations: [{ expression: 'false' }] });
    expect(await refusal(world.create())).toBe('failed expression: false');
    expect(await refusal(world.client.delete(ValidatingAdmissionPolicy, { namespace: '', name: 'p' }))).toBeUndefined();
  });

  it('name the first policy that refuses, by name', async () => {
    await world.validating({ validations: [{ expression: 'false', message: 'two' }] }, {}, 'p2');
    await world.validating({ validations: [{ expression: 'false', message: 'one' }] }, {}, 'p1');
    expect(await refusal(world.create())).toBe('one');
  });
});

describe('parameters', () => {
  const paramKind = { apiVersion: 'v1', kind: 'ConfigMap' };
  const spec = {
    paramKind,
    matchConditions: [{ name: 'x', expression: "request.name == 'x'" }],
    validations: [{ expression: 'object.data.a == params.data.a', messageExpression: "'not ' + string(params.data.a)" }],
  };
  const configure = 'failed to configure binding: ';
  const missing = `${configure}no params found for policy binding with \`Deny\` parameterNotFoundAction`;
  const named = (ref: Partial<api.ParamRef>): api.ParamRef => ({ name: 'p1', parameterNotFoundAction: 'Deny', ...ref });
  const selected = (value: string, action = 'Deny'): api.ParamRef => ({
    selector: { matchLabels: { p: value } },
    parameterNotFoundAction: action,
  });

  it.each<[string, api.ParamRef | undefined, string | undefined]>([
    ['one by name', named({}), 'not 1'],
    ['one that is missing', named({ name: 'nope' }), missing],
    ['one that may be missing', named({ name: 'nope', parameterNotFoundAction: 'Allow' }), undefined],
    ['each of those selected', selected('y'), 'not 1'],
    ['none selected', selected('n'), missing],
    ['none selected, as it may be', selected('n', 'Allow'), undefined],
    ['another namespace', named({ namespace: 'other' }), missing],
    ['no reference', undefined, `expression 'object.data.a == params.data.a' resulted in error: no such key: data`],
  ])('%s', async (_, paramRef, expected) => {
    for (const a of ['1', '2']) {
      await world.client.create(ConfigMap, {
        metadata: { name: `p${a}`, namespace: 'default', labels: { p: 'y' } },
        data: { a },
      });
    }
    await world.validating(spec, paramRef ? { paramRef } : {});
    expect(await refusal(world.create({ a: '2' }))).toBe(expected);
  });

  it('of a kind that nobody serves, refuse whatever the bindings match', async () => {
    const unknown = { apiVersion: 'example.com/v1', kind: 'Foo' };
    const nothing = { objectSelector: { matchLabels: { no: 'body' } } };
    await world.validating({ ...spec, paramKind: unknown }, { matchResources: nothing });
    const message = `ValidatingAdmissionPolicy 'p' denied request: failed to configure policy: failed to find resource referenced by paramKind: 'example.com/v1, Kind=Foo'`;
    await expect(world.create()).rejects.toMatchObject({ message: `configmaps "x" is forbidden: ${message}` });
  });

  it('are in no namespace where the request is in none', async () => {
    const rule = { apiGroups: ['*'], apiVersions: ['*'], resources: ['priorityclasses'], operations: ['CREATE'] };
    await world.validating({ ...spec, matchConstraints: { resourceRules: [rule] } }, { paramRef: named({}) });
    const made = world.client.create(PriorityClass, { metadata: { name: 'x' }, value: 1 });
    expect(await refusal(made)).toBe(
      `${configure}cannot use namespaced paramRef in policy binding that matches cluster-scoped resources`,
    );
  });
});
