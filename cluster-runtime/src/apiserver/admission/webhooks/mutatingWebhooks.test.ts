import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigMap } from '#common/kinds/configMap.ts';
import { Deployment } from '#common/kinds/deployment.ts';
import { HorizontalPodAutoscaler } from '#common/kinds/horizontalPodAutoscaler.ts';
import { Pod } from '#common/kinds/pod.ts';
import type { MutatingWebhook, RuleWithOperations } from '#common/schema/generated/types.ts';
import { namespace, WebhookCluster } from './testing/webhookCluster.ts';
import { patching, startWebhookServer, type WebhookServer } from './testing/webhookServer.ts';

let cluster: WebhookCluster;
let server: WebhookServer;
const at = (path: string, more: Partial<MutatingWebhook> = {}): Partial<MutatingWebhook> => ({
  clientConfig: { url: server.url(path), caBundle: server.caBundle },
  ...more,
});
const rules = (group: string, version: string, resource: string): RuleWithOperations[] => [
  { apiGroups: [group], apiVersions: [version], operations: ['*'], resources: [resource] },
];
const key = (name: string): { namespace: string; name: string } => ({ namespace, name });

beforeEach(async () => {
  server = await startWebhookServer();
  server.on('label', () => patching({ op: 'add', path: '/metadata/labels', value: { added: 'yes' } }));
  server.on('data', () => patching({ op: 'add', path: '/data/b', value: '2' }));
  cluster = new WebhookCluster();
  await cluster.start();
});
afterEach(() => server.close());

describe('a change', () => {
  it('is what is stored', async () => {
    await cluster.mutating(at('label'), at('data'));
    await cluster.configMap();
    expect(cluster.resource(ConfigMap).get(key('x')).object).toMatchObject({
      metadata: { labels: { added: 'yes' } },
      data: { a: '1', b: '2' },
    });
  });

  it('is made to patches and to applies', async () => {
    await cluster.configMap();
    await cluster.mutating(at('data'));
    const patched = await cluster
      .resource(ConfigMap)
      .patch(key('x'), { type: 'merge', patch: { data: { c: '3' } } }, cluster.options);
    expect(patched.object).toMatchObject({ data: { a: '1', b: '2', c: '3' } });
    const configuration = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'y' }, data: { d: '4' } };
    const applied = await cluster
      .resource(ConfigMap)
      .patch(key('y'), { type: 'apply', patch: configuration, force: false }, cluster.options);
    expect(applied.object).toMatchObject({ data: { b: '2', d: '4' } });
  });

  it('gets defaults, and the plugins look at it again', async () => {
    server.on('sidecar', () => patching({ op: 'add', path: '/spec/containers/-', value: { name: 'side', image: 'i' } }));
    await cluster.mutating(at('sidecar', { rules: rules('', 'v1', 'pods') }));
    const pod = await cluster.create(Pod, {
      metadata: { name: 'p', namespace },
      spec: { containers: [{ name: 'c', image: 'i' }] },
    });
    const [first, side] = pod.spec?.containers ?? [];
    expect(side).toMatchObject({ name: 'side', terminationMessagePath: '/dev/termination-log', imagePullPolicy: 'Always' });
    expect(side?.volumeMounts).toEqual(first?.volumeMounts);
    expect(side?.volumeMounts).toHaveLength(1);
  });

  it('may not reach what the request may not', async () => {
    server.on('status', () => patching({ op: 'add', path: '/status/phase', value: 'Failed' }));
    await cluster.create(Pod, { metadata: { name: 'p', namespace }, spec: { containers: [{ name: 'c', image: 'i' }] } });
    await cluster.mutating(at('status', { rules: rules('', 'v1', 'pods') }));
    const patch = { type: 'merge', patch: { metadata: { labels: { z: '1' } } } } as const;
    const { object } = await cluster.resource(Pod).patch(key('p'), patch, cluster.options);
    expect(object).toMatchObject({ metadata: { labels: { z: '1' } }, status: { phase: 'Pending' } });
  });

  it('is validated', async () => {
    server.on('bad', () => patching({ op: 'add', path: '/metadata/labels', value: { 'a b': '' } }));
    await cluster.mutating(at('bad'));
    await expect(cluster.configMap()).rejects.toMatchObject({ code: 422, reason: 'Invalid' });
  });

  it('of a scale is one of the Scale', async () => {
    server.on('seven', () => patching({ op: 'replace', path: '/spec/replicas', value: 7 }));
    const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
    await cluster.create(Deployment, {
      metadata: { name: 'd', namespace },
      spec: { selector: { matchLabels: { a: 'b' } }, template },
    });
    await cluster.mutating(at('seven', { rules: rules('apps', 'v1', 'deployments/scale') }));
    const body = { type: 'merge', patch: { spec: { replicas: 2 } } } as const;
    const { object } = await cluster.resource(Deployment).patch(key('d'), body, cluster.options, 'scale');
    expect(object).toMatchObject({ kind: 'Scale', spec: { replicas: 7 } });
    expect(server.asked[0]?.request).toMatchObject({
      kind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
      resource: { group: 'apps', version: 'v1', resource: 'deployments' },
      subResource: 'scale',
      object: { kind: 'Scale', spec: { replicas: 2 } },
      oldObject: { kind: 'Scale', spec: { replicas: 1 } },
    });
  });

  it('is made in the version that the rule names', async () => {
    server.on('cpu', ({ request }) => {
      expect(request).toMatchObject({
        kind: { version: 'v1' },
        requestKind: { version: 'v2' },
        object: { apiVersion: 'autoscaling/v1' },
      });
      return patching({ op: 'add', path: '/spec/targetCPUUtilizationPercentage', value: 33 });
    });
    await cluster.mutating(at('cpu', { rules: rules('autoscaling', 'v1', 'horizontalpodautoscalers') }));
    const scaleTargetRef = { kind: 'Deployment', name: 'd', apiVersion: 'apps/v1' };
    const created = await cluster.create(HorizontalPodAutoscaler, {
      metadata: { name: 'h', namespace },
      spec: { maxReplicas: 3, scaleTargetRef },
    });
    expect(created.spec?.metrics).toMatchObject([{ resource: { name: 'cpu', target: { averageUtilization: 33 } } }]);
  });

  it('of what is deleted is an error', async () => {
    await cluster.configMap();
    await cluster.mutating(at('label'));
    await expect(cluster.resource(ConfigMap).delete(key('x'), {}, cluster.options)).rejects.toMatchObject({
      code: 500,
      message:
        'Internal error occurred: admission webhook "a.example.com" attempted to modify the object, which is not supported for this operation',
    });
  });
});

describe('a patch that is none', () => {
  const failed = 'Internal error occurred: failed calling webhook "a.example.com": ';
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  it.each<[string, object, string]>([
    ['a path that is not there', patching({ op: 'remove', path: '/nope/x' }), 'Internal error occurred: remove operation does not apply: doc is missing path: "/nope/x": missing value'],
    ['a key that is not there', patching({ op: 'remove', path: '/data/zip' }), "Internal error occurred: error in remove for path: '/data/zip': Unable to remove nonexistent key: zip: missing value"],
    ['an index that is not there', patching({ op: 'add', path: '/metadata/managedFields/7', value: {} }), "Internal error occurred: error in add for path: '/metadata/managedFields/7': Unable to access invalid index: 7: invalid index referenced"],
    ['a move of nothing', patching({ op: 'move', from: '/data/zip', path: '/data/b' }), "Internal error occurred: error in move for path: 'zip': Unable to remove nonexistent key: zip: missing value"],
    ['a failing test', patching({ op: 'test', path: '/data/a', value: 'z' }), 'Internal error occurred: testing value /data/a failed: test failed'],
    ['a wrong type', patching({ op: 'add', path: '/data', value: 'text' }), 'Internal error occurred: json: cannot unmarshal string into Go struct field ConfigMap.data of type map[string]string'],
    ['no JSON', { allowed: true, patchType: 'JSONPatch', patch: base64('hello') }, `${failed}received undecodable patch in webhook response: invalid character 'h' looking for beginning of value`],
    ['no list', { allowed: true, patchType: 'JSONPatch', patch: base64('{}') }, `${failed}received undecodable patch in webhook response: json: cannot unmarshal object into Go value of type jsonpatch.Patch`],
    ['no type', { allowed: true, patch: base64('[]') }, `${failed}received invalid webhook response: webhook returned response.patch but not response.patchType`],
    ['another type', { allowed: true, patchType: 'Merge', patch: base64('[{}]') }, `${failed}unsupported patch type "Merge"`],
    ['only a type', { allowed: true, patchType: 'JSONPatch' }, `${failed}received invalid webhook response: webhook returned response.patchType but not response.patch`],
  ])('%s', async (_name, answer, message) => {
    server.on('patch', () => ({ ...answer }));
    await cluster.mutating(at('patch'));
    await expect(cluster.configMap()).rejects.toMatchObject({ code: 500, reason: 'InternalError', message });
  }); // prettier-ignore

  it('is not excused by a failure policy where it does not apply', async () => {
    server.on('patch', () => patching({ op: 'remove', path: '/nope/x' }));
    await cluster.mutating(at('patch', { failurePolicy: 'Ignore' }));
    await expect(cluster.configMap()).rejects.toMatchObject({ code: 500 });
  });
});

describe('order', () => {
  const paths = (): string[] => server.asked.map(({ path }) => path.replace('/', '').split('?')[0] ?? '');

  it('is that of the webhooks, each seeing what the one before did', async () => {
    await cluster.mutating(at('data'), at('look'));
    await cluster.configMap();
    expect(paths()).toEqual(['data', 'look']);
    expect(server.asked[1]?.request.object).toMatchObject({ data: { a: '1', b: '2' } });
  });

  it.each<[string, readonly [string, string][], string[]]>([
    ['asks again who wants it after a later change', [['label', 'IfNeeded'], ['data', 'Never'], ['look', 'IfNeeded']], ['label', 'data', 'look', 'label']],
    ['asks nobody again who was asked after the last change', [['label', 'Never'], ['data', 'IfNeeded']], ['label', 'data']],
    ['asks nobody again when nothing changed', [['look', 'IfNeeded'], ['see', 'IfNeeded']], ['look', 'see']],
  ])('%s', async (_name, webhooks, expected) => {
    await cluster.mutating(...webhooks.map(([path, reinvocationPolicy]) => at(path, { reinvocationPolicy })));
    await cluster.configMap();
    expect(paths()).toEqual(expected);
  }); // prettier-ignore
});

it('asks nobody in the same turn about a request that no webhook is for', async () => {
  await cluster.mutating(at('label', { objectSelector: { matchLabels: { hook: 'yes' } } }));
  await cluster.configMap();
  expect(server.asked).toEqual([]);
  await cluster.configMap('y', {}, { labels: { hook: 'yes' } });
  expect(server.asked).toHaveLength(1);
});
