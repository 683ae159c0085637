import { connect as connectSocket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigMap } from '#common/kinds/configMap.ts';
import { EndpointSlice } from '#common/kinds/endpointSlice.ts';
import { MutatingWebhookConfiguration } from '#common/kinds/mutatingWebhookConfiguration.ts';
import { Namespace } from '#common/kinds/namespace.ts';
import { Pod } from '#common/kinds/pod.ts';
import { Service } from '#common/kinds/service.ts';
import { ValidatingWebhookConfiguration } from '#common/kinds/validatingWebhookConfiguration.ts';
import type { ServiceSpec, ValidatingWebhook } from '#common/schema/generated/types.ts';
import { namespace, WebhookCluster } from './testing/webhookCluster.ts';
import { patching, startWebhookServer, type WebhookServer } from './testing/webhookServer.ts';

let cluster: WebhookCluster;
let server: WebhookServer;
const at = (path: string, more: Partial<ValidatingWebhook> = {}): Partial<ValidatingWebhook> => ({
  clientConfig: { url: server.url(path), caBundle: server.caBundle },
  ...more,
});
const key = { namespace, name: 'x' };
const failed = 'Internal error occurred: failed calling webhook "a.example.com": ';

beforeEach(async () => {
  server = await startWebhookServer(['localhost', '127.0.0.1', 'hook.ns.svc']);
  server.on('deny', () => ({ allowed: false, status: { message: 'because' } }));
  cluster = new WebhookCluster();
  await cluster.start();
});
afterEach(() => server.close());

describe('the question', () => {
  it('is an AdmissionReview', async () => {
    await cluster.validating(at('look'));
    await cluster.configMap('x', { stated: { fieldManager: 'me' } });
    const [asked] = server.asked;
    expect(asked).toMatchObject({
      path: '/look?timeout=10s',
      userAgent: 'kube-apiserver-admission',
      version: 'admission.k8s.io/v1',
    });
    const { uid, object, ...request } = asked?.request ?? ({} as never);
    expect(uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(object).toMatchObject({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'x', uid: expect.any(String) as string },
      data: { a: '1' },
    });
    const gvk = { group: '', version: 'v1', kind: 'ConfigMap' };
    const gvr = { group: '', version: 'v1', resource: 'configmaps' };
    expect(request).toEqual({
      kind: gvk,
      resource: gvr,
      requestKind: gvk,
      requestResource: gvr,
      name: 'x',
      namespace,
      operation: 'CREATE',
      userInfo: { username: 'joe', groups: ['system:masters'] },
      oldObject: null,
      dryRun: false,
      options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1', fieldManager: 'me' },
    });
  });

  it('says what is done, and how', async () => {
    await cluster.validating(at('look', { admissionReviewVersions: ['v1beta1', 'v1'] }));
    await cluster.configMap();
    await cluster.resource(ConfigMap).patch(key, { type: 'merge', patch: { data: { a: '2' } } }, cluster.options);
    await cluster.resource(ConfigMap).delete(key, { propagationPolicy: 'Background' }, { ...cluster.options, dryRun: true });
    const [, update, deletion] = server.asked;
    expect(update).toMatchObject({
      version: 'admission.k8s.io/v1beta1',
      request: { operation: 'UPDATE', object: { data: { a: '2' } }, oldObject: { data: { a: '1' } } },
    });
    expect(update?.request).toMatchObject({ options: { kind: 'UpdateOptions' } });
    expect(deletion?.request).toMatchObject({ operation: 'DELETE', object: null, oldObject: { data: { a: '2' } }, dryRun: true });
    expect(deletion?.request).toMatchObject({
      options: { kind: 'DeleteOptions', propagationPolicy: 'Background', dryRun: ['All'] },
    });
  });

  it('is asked about what is sent to a pod, too, and about nothing that follows from it', async () => {
    const rules = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CONNECT'], resources: ['pods/exec'] }];
    await cluster.validating(at('deny', { rules }));
    const exec = { apiVersion: 'v1', kind: 'PodExecOptions', command: ['sh'] } as never;
    const resource = cluster.registry.resourceOf(Pod) as never;
    const sent = { group: '', version: 'v1', kind: 'PodExecOptions' };
    const review = cluster.registry.review(
      { operation: 'CONNECT', resource, key, subresource: 'exec', sent, object: exec },
      cluster.options,
    );
    await expect(review).rejects.toMatchObject({ message: 'admission webhook "a.example.com" denied the request: because' });
    expect(server.asked[0]?.request).toMatchObject({
      kind: sent,
      subResource: 'exec',
      object: { command: ['sh'] },
      options: null,
    });
  });

  it('is not asked about the configurations themselves', async () => {
    await cluster.validating(
      at('deny', { rules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*'] }] }),
    );
    await expect(cluster.create(Namespace, { metadata: { name: 'b' } })).rejects.toMatchObject({ code: 400 });
    await cluster.create(MutatingWebhookConfiguration, { metadata: { name: 'b' } });
    await cluster.resource(ValidatingWebhookConfiguration).delete({ namespace: '', name: 'v' }, {}, cluster.options);
    await cluster.create(Namespace, { metadata: { name: 'b' } });
  });
});

describe('a refusal', () => {
  it.each<[string, object | undefined, object]>([
    ['says why', { message: 'because' }, { code: 400, reason: '', message: 'admission webhook "a.example.com" denied the request: because' }],
    ['says nothing', undefined, { code: 400, message: 'admission webhook "a.example.com" denied the request without explanation' }],
    ['has a code and a reason', { code: 402, reason: 'PaymentRequired', message: 'pay' }, { code: 402, reason: 'PaymentRequired', message: 'admission webhook "a.example.com" denied the request: pay' }],
    ['has only a reason', { reason: 'NoTime' }, { code: 400, message: 'admission webhook "a.example.com" denied the request: NoTime' }],
    ['has a code that is no error', { code: 200, message: 'odd' }, { code: 400 }],
  ])('%s', async (_name, status, expected) => {
    server.on('no', () => ({ allowed: false, ...(status ? { status } : {}) }));
    await cluster.validating(at('no'));
    await expect(cluster.configMap()).rejects.toMatchObject(expected);
    expect(() => cluster.resource(ConfigMap).get(key)).toThrow('not found');
  }); // prettier-ignore

  it('is that of the first to answer; all are asked', async () => {
    let release = (): void => undefined;
    const raw = server;
    raw.on('slow', (asked, response) => {
      release = () =>
        response.end(
          JSON.stringify({
            apiVersion: asked.version,
            kind: 'AdmissionReview',
            response: { uid: asked.request.uid, allowed: false },
          }),
        );
      return undefined;
    });
    raw.on('quick', () => {
      setImmediate(() => release());
      return { allowed: false };
    });
    await cluster.validating(at('slow'), at('quick'));
    await expect(cluster.configMap()).rejects.toMatchObject({ code: 400 });
    expect(server.asked).toHaveLength(2);
  });

  it('takes no failure policy for an excuse', async () => {
    await cluster.validating(at('deny', { failurePolicy: 'Ignore' }));
    await expect(cluster.configMap()).rejects.toMatchObject({ code: 400 });
  });
});

it('passes warnings on, refused or not, but no text that cannot be a header', async () => {
  server.on('warn', () => ({ allowed: true, warnings: ['one', '', 'two\nlines', 'three'] }));
  await cluster.validating(at('warn'));
  await cluster.configMap();
  expect(cluster.warnings).toEqual(['one', 'three']);
});

describe('an answer that is none', () => {
  const typeMeta = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';
  it.each<[string, number, string, string]>([
    ['an error', 500, 'boom', 'failed to call webhook: an error on the server ("boom") has prevented the request from succeeding'],
    ['a Status', 409, '{"kind":"Status","status":"Failure","message":"own words"}', 'failed to call webhook: own words'],
    ['nothing there', 404, '', 'failed to call webhook: the server could not find the requested resource'],
    ['nothing', 200, '', 'failed to call webhook: 0-length response with status code: 200 and content type: application/json'],
    ['a text', 200, 'hello', `failed to call webhook: couldn't get version/kind; json parse error: json: cannot unmarshal string into Go value of type ${typeMeta}`],
    ['no response', 200, '{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"}', 'received invalid webhook response: webhook response was absent'],
    ['another kind', 200, '{"apiVersion":"admission.k8s.io/v1","kind":"Foo","response":{}}', 'failed to call webhook: no kind "Foo" is registered for version "admission.k8s.io/v1" in scheme "pkg/runtime/scheme.go:111"'],
    ['another version', 200, '{"apiVersion":"admission.k8s.io/v1beta1","kind":"AdmissionReview","response":{}}', 'failed to call webhook: converting (v1beta1.AdmissionReview) to (v1.AdmissionReview): unknown conversion'],
    ['a wrong type', 200, '{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":{"allowed":"yes"}}', 'failed to call webhook: json: cannot unmarshal string into Go struct field AdmissionResponse.response.allowed of type bool'],
  ])('%s', async (_name, status, text, message) => {
    server.on('raw', (_asked, response) => void response.writeHead(status, { 'content-type': 'application/json' }).end(text));
    await cluster.validating(at('raw'));
    await expect(cluster.configMap()).rejects.toMatchObject({ code: 500, reason: 'InternalError', message: failed + message });
  }); // prettier-ignore

  it('a patch', async () => {
    server.on('patch', () => patching({ op: 'remove', path: '/data' }));
    await cluster.validating(at('patch'));
    await expect(cluster.configMap()).rejects.toThrow('validating webhook may not return response.patch');
  });

  it('another question', async () => {
    server.on('uid', () => ({ uid: 'x', allowed: true }));
    await cluster.validating(at('uid'));
    await expect(cluster.configMap()).rejects.toThrow(
      /received invalid webhook response: expected response\.uid="[0-9a-f-]{36}", got "x"/,
    );
  });

  it('is passed over where failures are ignored', async () => {
    server.on('raw', (_asked, response) => void response.writeHead(500).end());
    await cluster.validating(at('raw', { failurePolicy: 'Ignore' }));
    await cluster.configMap();
  });
});

describe('the way there', () => {
  it('has the time that the configuration gives it, in real time', async () => {
    server.on('hang', () => {
      cluster.realTime.advance(2999);
      setImmediate(() => cluster.realTime.advance(1));
      return undefined;
    });
    await cluster.validating(at('hang', { timeoutSeconds: 3 }));
    const url = `${server.url('hang')}?timeout=3s`;
    await expect(cluster.configMap()).rejects.toThrow(
      `${failed}failed to call webhook: Post "${url}": context deadline exceeded`,
    );
    expect(cluster.realTime.pending).toBe(0);
  });

  it('ends with the cluster', async () => {
    server.on('hang', () => void cluster.stopping.abort());
    await cluster.validating(at('hang'));
    await expect(cluster.configMap()).rejects.toThrow('context canceled');
  });

  it('needs somebody who listens', async () => {
    await cluster.validating({ clientConfig: { url: 'https://127.0.0.1:1/hook' }, timeoutSeconds: 2 });
    const text = `${failed}failed to call webhook: Post "https://127.0.0.1:1/hook?timeout=2s": dial tcp 127.0.0.1:1: connect: connection refused`;
    await expect(cluster.configMap()).rejects.toThrow(text);
  });

  it('needs a certificate that the configuration trusts', async () => {
    await cluster.validating({ clientConfig: { url: server.url('look') } });
    await expect(cluster.configMap()).rejects.toThrow(
      'tls: failed to verify certificate: x509: certificate signed by unknown authority',
    );
  });

  it.each([
    ['garbage', 'unable to parse bytes as PEM block'],
    [
      '-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----',
      'failed to parse certificate: x509: malformed certificate',
    ],
  ])('needs authorities that are some: %s', async (text, message) => {
    await cluster.validating({ clientConfig: { url: server.url('look'), caBundle: Buffer.from(text).toString('base64') } });
    await expect(cluster.configMap()).rejects.toThrow(
      `${failed}could not get REST client: unable to load root certificates: ${message}`,
    );
  });

  it('does not leave the machine', async () => {
    await cluster.validating({ clientConfig: { url: 'https://example.com/hook' } });
    await expect(cluster.configMap()).rejects.toThrow('the playground opens no connection that leaves this machine');
    expect(server.asked).toEqual([]);
  });
});

describe('a Service', () => {
  const through = (name: string, port?: number): Partial<ValidatingWebhook> => ({
    clientConfig: { service: { name, namespace, path: '/deny', ...(port ? { port } : {}) }, caBundle: server.caBundle },
  });
  const service = (name: string, spec: Partial<ServiceSpec>): Promise<unknown> =>
    cluster.create(Service, { metadata: { name, namespace }, spec });
  const refused = 'admission webhook "a.example.com" denied the request: because';

  it('that stands for localhost leads to this machine', async () => {
    await service('hook', { type: 'ExternalName', externalName: 'localhost' });
    await cluster.validating(through('hook', server.port));
    await expect(cluster.configMap()).rejects.toThrow(refused);
  });

  it('with an endpoint localhost leads to this machine', async () => {
    await service('hook', { ports: [{ port: 443 }] });
    const labels = { 'kubernetes.io/service-name': 'hook' };
    await cluster.create(EndpointSlice, {
      metadata: { name: 'hook-1', namespace, labels },
      addressType: 'FQDN',
      endpoints: [{ addresses: ['localhost'] }],
      ports: [{ port: server.port }],
    });
    await cluster.validating(through('hook'));
    await expect(cluster.configMap()).rejects.toThrow(refused);
  });

  it('is asked for by its name, through the network of the cluster', async () => {
    const reached: [string, number][] = [];
    cluster.connect = (ip, port) => {
      reached.push([ip, port]);
      return connectSocket(server.port, '127.0.0.1');
    };
    await service('hook', { clusterIP: '10.96.0.77', ports: [{ port: 443 }] });
    await cluster.validating(through('hook'));
    await expect(cluster.configMap()).rejects.toThrow(refused);
    expect(reached).toEqual([['10.96.0.77', 443]]);
  });

  it.each<[string, string, number | undefined, string]>([
    ['is not there', 'nope', undefined, 'Post "https://nope.ns.svc:443/deny?timeout=10s": service "nope" not found'],
    ['lacks the port', 'other', 99, 'Post "https://other.ns.svc:99/deny?timeout=10s": no service port 99 found for service "other"'],
    ['has nobody behind it', 'other', undefined, 'dial tcp 10.96.0.78:443: connect: connection refused'],
    ['is another one than the certificate is for', 'local', undefined, 'x509: certificate is valid for localhost, hook.ns.svc, not local.ns.svc'],
  ])('that %s', async (_name, name, port, message) => {
    cluster.connect = () => {
      throw Object.assign(new Error('nobody'), { code: 'ECONNREFUSED' });
    };
    await service('other', { clusterIP: '10.96.0.78', ports: [{ port: 443 }] });
    await service('local', { type: 'ExternalName', externalName: 'localhost' });
    await cluster.validating(through(name, name === 'local' ? server.port : port));
    await expect(cluster.configMap()).rejects.toThrow(message);
  }); // prettier-ignore
});

describe('match conditions', () => {
  const when = (expression: string, more: Partial<ValidatingWebhook> = {}): Partial<ValidatingWebhook> =>
    at('deny', { matchConditions: [{ name: 'c', expression }], ...more });

  it.each<[string, boolean]>([
    ["object.metadata.name == 'x'", true],
    ["object.metadata.name != 'x'", false],
    ["request.operation == 'CREATE' && oldObject == null", true],
    ["request.userInfo.username == 'joe'", true],
    ["authorizer.group('').resource('pods').check('allowed').allowed()", true],
    ["authorizer.group('').resource('pods').check('refused').allowed()", false],
  ])('%s', async (expression, asked) => {
    await cluster.validating(when(expression));
    if (asked) await expect(cluster.configMap()).rejects.toMatchObject({ code: 400 });
    else await cluster.configMap();
    expect(server.asked).toHaveLength(asked ? 1 : 0);
  });

  it('without a result refuse, or pass the webhook over', async () => {
    await cluster.validating(when('object.data.nope == "1"'));
    const message = `configmaps "x" is forbidden: expression 'object.data.nope == "1"' resulted in error: no such key: nope`;
    await expect(cluster.configMap()).rejects.toMatchObject({ code: 403, message });
    await cluster.resource(ValidatingWebhookConfiguration).delete({ namespace: '', name: 'v' }, {}, cluster.options);
    await cluster.validating(when('object.data.nope == "1"', { failurePolicy: 'Ignore' }));
    await cluster.configMap();
    expect(server.asked).toEqual([]);
  });
});
