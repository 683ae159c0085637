import { beforeEach, describe, expect, it } from 'vitest';
import { ConfigMap } from '#common/kinds/configMap.ts';
import { ServiceAccount } from '#common/kinds/serviceAccount.ts';
import type * as api from '#common/schema/generated/types.ts';
import { type PolicyWorld, policyWorld, refusal } from './testing/policyWorld.ts';

let world: PolicyWorld;
beforeEach(async () => {
  world = await policyWorld();
});

const apply = (expression: string): api.Mutation => ({ patchType: 'ApplyConfiguration', applyConfiguration: { expression } });
const patch = (expression: string): api.Mutation => ({ patchType: 'JSONPatch', jsonPatch: { expression } });

describe('mutating policies', () => {
  it.each<[string, api.Mutation[], Record<string, string>]>([
    ['merge', [apply('Object{data: {"b": object.data.a + "!"}}')], { a: '1', b: '1!' }],
    [
      'patch',
      [patch('[JSONPatch{op: "add", path: "/data/b", value: "2"}, JSONPatch{op: "remove", path: "/data/a"}]')],
      { b: '2' },
    ],
    [
      'see what they did before',
      [apply('Object{data: {"b": "2"}}'), apply('Object{data: {"c": object.data.b}}')],
      { a: '1', b: '2', c: '2' },
    ],
    [
      'leave alone what a test tells apart',
      [patch('[JSONPatch{op: "add", path: "/data/b", value: "2"}, JSONPatch{op: "test", path: "/data/a", value: "2"}]')],
      { a: '1' },
    ],
  ])('%s', async (_, mutations, expected) => {
    await world.mutating(mutations);
    const { data, metadata } = await world.create({ a: '1' });
    expect(data).toEqual(expected);
    // Nobody owns what a policy adds.
    expect(metadata.managedFields?.map(({ fieldsV1 }) => fieldsV1)).toEqual([{ 'f:data': { '.': {}, 'f:a': {} } }]);
  });

  it('take part in updates, before validating policies look', async () => {
    await world.mutating([apply('Object{metadata: Object.metadata{labels: {"op": request.operation}}}')]);
    await world.validating({ validations: [{ expression: 'object.metadata.labels.op == request.operation' }] }, {}, 'v');
    const made = await world.create({});
    expect(made.metadata.labels).toEqual({ op: 'CREATE' });
    const updated = await world.client.update(ConfigMap, { ...made, data: { a: '1' } });
    expect(updated.metadata.labels).toEqual({ op: 'UPDATE' });
  });

  it.each<[string, api.Mutation, number, string]>([
    [
      'an unknown field',
      apply('Object{foo: 1}'),
      403,
      'error applying patch: failed to convert patch object to typed object: .foo: field not declared in schema',
    ],
    [
      'a field of another type',
      apply('Object{data: "a"}'),
      403,
      'error applying patch: failed to convert patch object to typed object: .data: expected map, got &{a}',
    ],
    [
      'a type of another place',
      apply('Object{data: Object.metadata{a: "1"}}'),
      403,
      'type mismatch: unexpected type name "Object.metadata", expected "Object.data", which matches field name path from root Object type',
    ],
    ['nothing', apply('false ? Object{} : null'), 403, 'unsupported return type from ApplyConfiguration expression: null_type'],
    [
      'an error',
      apply('Object{data: {"b": object.data.b}}'),
      403,
      `expression 'Object{data: {"b": object.data.b}}' resulted in error: no such key: b`,
    ],
    [
      'a patch of what is not there',
      patch('[JSONPatch{op: "remove", path: "/data/b"}]'),
      403,
      "JSON Patch: error in remove for path: '/data/b': Unable to remove nonexistent key: b: missing value",
    ],
    [
      'a patch below what is not there',
      patch('[JSONPatch{op: "add", path: "/a/b", value: 1}]'),
      403,
      'JSON Patch: add operation does not apply: doc is missing path: "/a/b": missing value',
    ],
    ['a patch of its own sort', patch('[JSONPatch{op: "foo", path: "/a"}]'), 403, 'JSON Patch: Unexpected kind: foo'],
    [
      'a patch that makes no ConfigMap',
      patch('[JSONPatch{op: "add", path: "/foo", value: 1}]'),
      500,
      'Internal error occurred: strict decoding error: unknown field "foo"',
    ],
    ['an invalid object', apply('Object{metadata: Object.metadata{name: "A"}}'), 422, ''],
  ])('refuse %s', async (_, mutation, code, message) => {
    await world.mutating([mutation]);
    const work = world.create({ a: '1' });
    await expect(work).rejects.toMatchObject({ code });
    expect(await refusal(work)).toContain(message);
  });

  it('may not take atomic parts away', async () => {
    const matchConstraints = {
      resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['serviceaccounts'], operations: ['CREATE'] }],
    };
    await world.mutating(
      [apply('Object{imagePullSecrets: [Object.imagePullSecrets{name: "a"}], secrets: [Object.secrets{name: "s"}]}')],
      { matchConstraints },
    );
    const made = await world.client
      .create(ServiceAccount, { metadata: { name: 'a', namespace: 'default' } })
      .catch((error: Error) => error.message);
    expect(made).toBe(
      "policy 'p' with binding 'p-b' denied request: error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: .imagePullSecrets, .imagePullSecrets[0], .secrets[0]",
    );
  });

  it('skip only the mutation that fails where failures are ignored', async () => {
    const mutations = [apply('Object{data: {"b": "2"}}'), apply('Object{foo: 1}'), apply('Object{data: {"c": "3"}}')];
    await world.mutating(mutations, { failurePolicy: 'Ignore' });
    expect((await world.create()).data).toEqual({ b: '2', c: '3' });
  });

  const grow = (key: string): api.Mutation => apply(`Object{data: {"${key}": "1" + object.?data["${key}"].orValue("")}}`);

  it.each<[string, string, string]>([
    ['Never', 'Never', '1 1'],
    ['IfNeeded', 'Never', '11 1'],
    ['Never', 'IfNeeded', '1 11'],
    ['IfNeeded', 'IfNeeded', '11 11'],
  ])('run by name, and again as they want: %s, %s', async (first, second, expected) => {
    await world.mutating([grow('b')], { reinvocationPolicy: second }, 'p2');
    await world.mutating([grow('a')], { reinvocationPolicy: first }, 'p1');
    const { data } = await world.create();
    expect(`${data?.['a']} ${data?.['b']}`).toBe(expected);
  });

  it('are not known by their refusal to name the object', async () => {
    await world.mutating([apply('Object{}')], { paramKind: { apiVersion: 'v1', kind: 'Nothing' } });
    await expect(world.create()).rejects.toMatchObject({
      code: 403,
      reason: 'Forbidden',
      message: `policy "p" denied request: failed to configure policy: failed to find resource referenced by paramKind: '/v1, Kind=Nothing'`,
      details: { kind: 'configmaps', name: 'x' },
    });
  });
});
