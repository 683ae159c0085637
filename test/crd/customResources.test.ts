/** Custom resources from definition to removal, over the registry, the informers and the controller that establishes them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SteppedClock } from '#common/base/clock.ts';
import type { Context } from '#common/base/context.ts';
import type { Disposable } from '#common/base/disposable.ts';
import { Random } from '#common/base/random.ts';
import type { KubeObject, UntypedObject } from '#common/api/meta.ts';
import { CustomResourceDefinition } from '#common/kinds/customResourceDefinition.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import { Namespace } from '#common/kinds/namespace.ts';
import type * as api from '#common/schema/generated/types.ts';
import { createCache, type InformerCache } from '#runtime/client/informerCache.ts';
import { createLocalClient } from '#runtime/client/localClient.ts';
import type { Client } from '#runtime/client/client.ts';
import { type RunningControllers, startControllers } from '#runtime/controller/runController.ts';
import { customResourceDefinitionController } from '#runtime/controllers/customResourceDefinition.ts';
import { MemoryStore } from '#runtime/store/memoryStore.ts';
import { allPlugins } from '#runtime/apiserver/admission/allPlugins.ts';
import { type ApiRegistry, createRegistry } from '#runtime/apiserver/registry/apiRegistry.ts';
import type { Resource, WriteOptions } from '#runtime/apiserver/registry/registry.ts';
import { serveCustomResources } from '#runtime/apiserver/crd/serveCustomResources.ts';

const group = 'stable.example.com';
const key = (name: string): { namespace: string; name: string } => ({ namespace: 'default', name });

let warnings: string[];
const options: WriteOptions = {
  user: { name: 'admin', groups: ['system:masters'] },
  fieldManager: 'test',
  dryRun: false,
  fieldValidation: 'Warn',
  warn: (text) => warnings.push(text),
};

let store: MemoryStore;
let registry: ApiRegistry;
let cache: InformerCache;
let client: Client;
let serving: Disposable;
let controllers: RunningControllers;
let stopping: AbortController;

/** A control plane over `store`, as after a start. */
function start(): void {
  stopping = new AbortController();
  const clock = new SteppedClock();
  const random = new Random(1);
  registry = createRegistry({ store, clock, random, admissionPlugins: allPlugins });
  client = createLocalClient(registry, options.user, 'test');
  cache = createCache(store, registry);
  serving = serveCustomResources(registry, cache);
  const quiet = () => undefined;
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet, child: () => log } as unknown as Context['log'];
  const ctx: Context = { signal: stopping.signal, clock, random, log, tasks: new Set() };
  controllers = startControllers(ctx, { client, cache }, [customResourceDefinitionController]);
}

async function stop(): Promise<void> {
  stopping.abort();
  await controllers.finished;
  serving.dispose();
  cache.dispose();
}

beforeEach(async () => {
  warnings = [];
  store = new MemoryStore({ freeze: true });
  start();
  await client.create(Namespace, { metadata: { name: 'default' } });
});
afterEach(stop);

type Version = api.CustomResourceDefinitionVersion;

const version = (name: string, fields: Record<string, api.JSONSchemaProps>, more: Partial<Version> = {}): Version => ({
  name,
  served: true,
  storage: true,
  schema: { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: fields } } } },
  ...more,
});

const text: api.JSONSchemaProps = { type: 'string' };

async function define(
  versions: Version[],
  names: Partial<api.CustomResourceDefinitionNames> = {},
): Promise<api.CustomResourceDefinition> {
  const plural = names.plural ?? 'crontabs';
  await client.create(CustomResourceDefinition, {
    metadata: { name: `${plural}.${group}` },
    spec: { group, scope: 'Namespaced', names: { plural, kind: 'CronTab', ...names }, versions },
  });
  await controllers.whenIdle();
  return definition(plural);
}

const definition = (plural = 'crontabs'): api.CustomResourceDefinition =>
  cache.get(CustomResourceDefinition, { namespace: '', name: `${plural}.${group}` }) as api.CustomResourceDefinition;

function resource(name = 'v1', plural = 'crontabs'): Resource {
  const found = registry.resource(group, name, plural);
  if (!found) throw new Error(`${plural} ${name} is not served`);
  return found;
}

const object = (name: string, spec: object, apiVersion = 'v1'): KubeObject =>
  ({ apiVersion: `${group}/${apiVersion}`, kind: 'CronTab', metadata: { name }, spec }) as unknown as KubeObject;

const specOf = (result: { object: KubeObject }): unknown => (result.object as UntypedObject)['spec'];

const conditions = ({ status }: api.CustomResourceDefinition): string[] =>
  (status?.conditions ?? []).map(({ type, status: value, reason, message }) => `${type} ${value} ${reason}: ${message}`);

describe('a definition', () => {
  it('is established and served', async () => {
    const made = await define([version('v1', { a: text })], { shortNames: ['ct'], categories: ['all'] });
    expect(conditions(made)).toEqual([
      'NamesAccepted True NoConflicts: no conflicts found',
      'Established True InitialNamesAccepted: the initial names have been accepted',
    ]);
    expect(made.status?.acceptedNames).toEqual({
      plural: 'crontabs',
      singular: 'crontab',
      kind: 'CronTab',
      listKind: 'CronTabList',
      shortNames: ['ct'],
      categories: ['all'],
    });
    expect(resource().kind).toMatchObject({ kind: 'CronTab', singular: 'crontab', shortNames: ['ct'], namespaced: true });
  });

  it('waits for a name that another one has', async () => {
    await define([version('v1', { a: text })]);
    const second = await define([version('v1', { a: text })], { plural: 'others' });
    expect(conditions(second)).toEqual([
      'NamesAccepted False ListKindConflict: "CronTabList" is already in use',
      'Established False NotAccepted: not all names are accepted',
    ]);
    expect(registry.resource(group, 'v1', 'others')).toBeUndefined();

    await client.delete(CustomResourceDefinition, { namespace: '', name: `crontabs.${group}` });
    await controllers.whenIdle();
    expect(registry.resource(group, 'v1', 'crontabs')).toBeUndefined();
    expect(conditions(definition('others'))[1]).toMatch(/^Established True/);
  });

  it('is served again after a restart, before anything else runs', async () => {
    await define([version('v1', { a: text })]);
    await resource().create('default', object('x', { a: '1' }), options);
    await stop();
    start();
    expect(specOf(resource().get(key('x')))).toEqual({ a: '1' });
  });

  it('goes when its objects have gone', async () => {
    await define([version('v1', { a: text })]);
    const held = object('held', {});
    held.metadata.finalizers = ['example.com/hold'];
    await resource().create('default', held, options);
    await resource().create('default', object('free', {}), options);
    await client.delete(CustomResourceDefinition, { namespace: '', name: `crontabs.${group}` });
    await controllers.whenIdle();

    expect(conditions(definition()).at(-1)).toBe(
      'Terminating True InstanceDeletionInProgress: CustomResource deletion is in progress',
    );
    expect(
      resource()
        .list({})
        .items.map((item) => item.object.metadata.name),
    ).toEqual(['held']);
    await expect(resource().create('default', object('new', {}), options)).rejects.toMatchObject({
      code: 403,
      message: `crontabs.${group} "new" is forbidden: create not allowed while custom resource definition is terminating`,
    });

    await resource().patch(key('held'), { type: 'merge', patch: { metadata: { finalizers: null } } }, options);
    await controllers.whenIdle();
    expect(definition()).toBeUndefined();
    expect(registry.resource(group, 'v1', 'crontabs')).toBeUndefined();
  });

  it('changes how objects are read at once', async () => {
    await define([version('v1', { a: text, b: text })]);
    await resource().create('default', object('x', { a: '1', b: '2' }), options);
    const { spec } = definition();
    await client.update(CustomResourceDefinition, {
      ...definition(),
      spec: { ...spec, versions: [version('v1', { a: text, c: { type: 'string', default: 'new' } })] },
    });
    expect(specOf(resource().get(key('x')))).toEqual({ a: '1', c: 'new' });
  });
});

describe('versions', () => {
  it('show the same objects, each with its own fields', async () => {
    await define([
      version('v1', { a: text }),
      version('v2', { a: text, b: text }, { storage: false, deprecated: true }),
      version('v3', { a: text }, { storage: false, served: false }),
    ]);
    await resource('v2').create('default', object('x', { a: '1', b: '2' }, 'v2'), options);
    expect(resource('v1').get(key('x')).object).toMatchObject({ apiVersion: `${group}/v1`, spec: { a: '1' } });
    expect(resource('v2').get(key('x')).object).toMatchObject({ apiVersion: `${group}/v2`, spec: { a: '1' } });
    expect(registry.resource(group, 'v3', 'crontabs')).toBeUndefined();
    expect(cache.kinds().filter((kind: KindDefinition) => kind.group === group)).toHaveLength(1);
  });

  it.each([
    [{ deprecated: true }, `${group}/v1beta1 CronTab is deprecated; use ${group}/v1 CronTab`],
    [{ deprecated: true, deprecationWarning: 'use v1 please' }, 'use v1 please'],
    [{}, undefined],
  ])('warn of deprecation: %j', async (more, expected) => {
    await define([version('v1', { a: text }), version('v1beta1', { a: text }, { storage: false, ...more })]);
    expect(resource('v1beta1').deprecationWarning).toBe(expected);
  });
});

describe('writes', () => {
  const status = { type: 'object', properties: { r: { type: 'integer' } } };
  const withStatus = (subresources: NonNullable<Version['subresources']>): Version => ({
    ...version('v1', {}),
    schema: {
      openAPIV3Schema: {
        type: 'object',
        properties: { spec: { type: 'object', properties: { r: { type: 'integer' }, a: text } }, status },
      },
    },
    subresources,
  });

  it('take unknown fields away with a warning', async () => {
    await define([version('v1', { a: text })]);
    await resource().create('default', object('x', { a: '1' }), options);
    const patch = { type: 'merge', patch: { spec: { zz: 1, aa: 1 } } } as const;
    expect(specOf(await resource().patch(key('x'), patch, options))).toEqual({ a: '1' });
    expect(warnings).toEqual(['unknown field "spec.aa"', 'unknown field "spec.zz"']);
    await expect(resource().patch(key('x'), patch, { ...options, fieldValidation: 'Strict' })).rejects.toMatchObject({
      code: 422,
    });
  });

  it('keep the status apart where it has a subresource', async () => {
    await define([withStatus({ status: {} })]);
    const made = await resource().create('default', { ...object('x', { a: '1' }), status: { r: 1 } } as KubeObject, options);
    expect(made.object).not.toHaveProperty('status');
    const all = { metadata: { labels: { a: 'b' } }, spec: { a: '2' }, status: { r: 5 } };
    const viaStatus = await resource().patch(key('x'), { type: 'merge', patch: all }, options, 'status');
    expect(viaStatus.object).toMatchObject({ metadata: { generation: 1 }, spec: { a: '1' }, status: { r: 5 } });
    expect(viaStatus.object.metadata.labels).toBeUndefined();
    const viaMain = await resource().patch(key('x'), { type: 'merge', patch: { ...all, status: { r: 6 } } }, options);
    expect(viaMain.object).toMatchObject({ metadata: { generation: 2 }, spec: { a: '2' }, status: { r: 5 } });
  });

  it('count a status without subresource as content', async () => {
    await define([withStatus({})]);
    await resource().create('default', object('x', { a: '1' }), options);
    const changed = await resource().patch(key('x'), { type: 'merge', patch: { status: { r: 1 } } }, options);
    expect(changed.object).toMatchObject({ metadata: { generation: 2 }, status: { r: 1 } });
  });

  it('scale by the declared path', async () => {
    await define([withStatus({ status: {}, scale: { specReplicasPath: '.spec.r', statusReplicasPath: '.status.r' } })]);
    await resource().create('default', object('x', {}), options);
    expect(() => resource().getScale(key('x'))).toThrow(
      'Internal error occurred: the spec replicas field ".spec.r" does not exist',
    );
    const patch = (replicas: number) =>
      resource().patch(key('x'), { type: 'merge', patch: { spec: { replicas } } }, options, 'scale');
    expect((await patch(5)).object).toMatchObject({ kind: 'Scale', spec: { replicas: 5 }, status: { replicas: 0 } });
    expect(specOf(resource().get(key('x')))).toEqual({ r: 5 });
    await expect(patch(-7)).rejects.toThrow('.spec.r: Invalid value: -7: should be a non-negative integer');
  });

  it('own open content field by field', async () => {
    await define([version('v1', { any: { 'x-kubernetes-preserve-unknown-fields': true } })]);
    const apply = (manager: string, any: object) =>
      resource().patch(
        key('x'),
        { type: 'apply', patch: object('x', { any }), force: false },
        { ...options, fieldManager: manager },
      );
    await apply('one', { a: { b: 1 } });
    expect(specOf(await apply('two', { c: 1 }))).toEqual({ any: { a: { b: 1 }, c: 1 } });
    await expect(apply('two', { a: { b: 2 } })).rejects.toMatchObject({ code: 409 });
  });
});

describe('reads', () => {
  it('select by declared fields', async () => {
    await define([version('v1', { color: text }, { selectableFields: [{ jsonPath: '.spec.color' }] })]);
    await resource().create('default', object('a', { color: 'red' }), options);
    await resource().create('default', object('b', {}), options);
    const names = (fieldSelector: string): unknown[] =>
      resource()
        .list({ fieldSelector })
        .items.map((item) => item.object.metadata.name);
    expect(names('spec.color=red')).toEqual(['a']);
    expect(names('spec.color!=red')).toEqual(['b']);
    expect(() => names('spec.other=1')).toThrow('field label not supported: spec.other');
  });

  it('print declared columns', async () => {
    const additionalPrinterColumns = [
      { name: 'Color', type: 'string', jsonPath: '.spec.color' },
      { name: 'Count', type: 'integer', jsonPath: '.spec.color' },
      { name: 'Born', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    ];
    await define([version('v1', { color: text }, { additionalPrinterColumns })]);
    const { object: made } = await resource().create('default', object('a', { color: 'red' }), options);
    const now = Date.parse(made.metadata.creationTimestamp ?? '') + 90_000;
    expect(resource().kind.columns.map((column) => [column.name, column.cell(made, now)])).toEqual([
      ['Name', 'a'],
      ['Color', 'red'],
      ['Count', null],
      ['Born', '90s'],
    ]);
  });
});
