import { describe, expect, test } from 'vitest';
import type { GroupVersionKind } from '#common/api/groupVersion.ts';
import { ApiError } from '#common/api/status.ts';
import { builtinStruct, typeOfKind } from './builtinTypes.ts';
import { decodeAs, decodeObject, type FieldValidation } from './decode.ts';
import { JsonSyntaxError, parseJson } from './parseJson.ts';
import { checkTypeMeta, unrecognizedBody } from './typeMeta.ts';

const kinds: Record<string, GroupVersionKind> = {
  Pod: { group: '', version: 'v1', kind: 'Pod' },
  ConfigMap: { group: '', version: 'v1', kind: 'ConfigMap' },
  Secret: { group: '', version: 'v1', kind: 'Secret' },
  Service: { group: '', version: 'v1', kind: 'Service' },
  ResourceQuota: { group: '', version: 'v1', kind: 'ResourceQuota' },
  Event: { group: '', version: 'v1', kind: 'Event' },
  PersistentVolume: { group: '', version: 'v1', kind: 'PersistentVolume' },
  Deployment: { group: 'apps', version: 'v1', kind: 'Deployment' },
  ControllerRevision: { group: 'apps', version: 'v1', kind: 'ControllerRevision' },
  Lease: { group: 'coordination.k8s.io', version: 'v1', kind: 'Lease' },
  Role: { group: 'rbac.authorization.k8s.io', version: 'v1', kind: 'Role' },
  CustomResourceDefinition: { group: 'apiextensions.k8s.io', version: 'v1', kind: 'CustomResourceDefinition' },
};

const gvkOf = (kind: string): GroupVersionKind => kinds[kind] ?? { group: '', version: 'v1', kind };

/** The way of a body through this folder, as the API server walks it. */
function decode(
  kind: string,
  body: unknown,
  fieldValidation: FieldValidation = 'Strict',
): { object: unknown; warnings: string[] } {
  const expected = gvkOf(kind);
  const type = typeOfKind(expected);
  if (!type) throw new Error(`no type for ${kind}`);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  try {
    const { value, duplicates, layout } = parseJson(text);
    return decodeObject(type, checkTypeMeta(value, expected, text), value, { fieldValidation, duplicates, layout });
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw unrecognizedBody(kind, `couldn't get version/kind; json parse error: ${error.message}`, text);
  }
}

function refusal(kind: string, body: unknown, fieldValidation: FieldValidation = 'Strict'): string {
  try {
    decode(kind, body, fieldValidation);
  } catch (error) {
    if (error instanceof ApiError) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'accepted';
}

const name = { name: 'x' };
const container = (fields: object): object => ({ metadata: name, spec: { containers: [{ name: 'c', ...fields }] } });
const schema = (fields: object): object => ({
  metadata: { name: 'foos.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'foos', kind: 'Foo' },
    versions: [
      { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', properties: { a: fields } } } },
    ],
  },
});

// The expected texts are answers of Kubernetes 1.36.3.
describe('a value of a wrong type', () => {
  test.each<[string, unknown, string]>([
    [
      'Pod',
      { metadata: { labels: { a: 1 } } },
      'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string',
    ],
    [
      'Pod',
      { metadata: { labels: [] } },
      'json: cannot unmarshal array into Go struct field ObjectMeta.metadata.labels of type map[string]string',
    ],
    ['Pod', { metadata: [], spec: '' }, 'json: cannot unmarshal array into Go struct field Pod.metadata of type v1.ObjectMeta'],
    [
      'Pod',
      { spec: { containers: 'x' } },
      'json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type []v1.Container',
    ],
    [
      'Pod',
      { spec: { containers: [[]] } },
      'json: cannot unmarshal array into Go struct field PodSpec.spec.containers of type v1.Container',
    ],
    [
      'Pod',
      { spec: { restartPolicy: {} } },
      'json: cannot unmarshal object into Go struct field PodSpec.spec.restartPolicy of type v1.RestartPolicy',
    ],
    [
      'Pod',
      container({ ports: [{ containerPort: 1.5 }] }),
      'json: cannot unmarshal number 1.5 into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32',
    ],
    [
      'Pod',
      container({ ports: [{ containerPort: 2147483648 }] }),
      'json: cannot unmarshal number 2147483648 into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32',
    ],
    [
      'Pod',
      { metadata: { ownerReferences: [{ uid: 1 }] } },
      'json: cannot unmarshal number into Go struct field OwnerReference.metadata.ownerReferences.uid of type types.UID',
    ],
    [
      'Pod',
      { spec: { volumes: [{ projected: { sources: [[]] } }] } },
      'json: cannot unmarshal array into Go struct field ProjectedVolumeSource.spec.volumes.VolumeSource.projected.sources of type v1.VolumeProjection',
    ],
    [
      'PersistentVolume',
      { spec: { hostPath: [] } },
      'json: cannot unmarshal array into Go struct field PersistentVolumeSpec.spec.PersistentVolumeSource.hostPath of type v1.HostPathVolumeSource',
    ],
    [
      'ConfigMap',
      { binaryData: { a: 1 } },
      'json: cannot unmarshal number into Go struct field ConfigMap.binaryData of type []uint8',
    ],
    ['ConfigMap', { binaryData: { a: 'Bogus_Value!' } }, 'illegal base64 data at input byte 5'],
    [
      'ConfigMap',
      { metadata: { creationTimestamp: 'yesterday' } },
      'parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"',
    ],
    [
      'Lease',
      { spec: { renewTime: '2020-01-01T00:00:00Z' } },
      'parsing time "2020-01-01T00:00:00Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "Z" as ".000000"',
    ],
    [
      'ResourceQuota',
      { spec: { hard: { pods: '1x' } } },
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
    [
      'ControllerRevision',
      '{"metadata":{"name":"x"},"revision":1.0}',
      'json: cannot unmarshal number 1.0 into Go struct field ControllerRevision.revision of type int64',
    ],
    [
      'ControllerRevision',
      '{"revision":9223372036854775808}',
      'json: cannot unmarshal number 9223372036854775808 into Go struct field ControllerRevision.revision of type int64',
    ],
    [
      'Service',
      { spec: { ports: [{ targetPort: 1.5 }] } },
      'json: cannot unmarshal number 1.5 into Go struct field ServicePort.spec.ports.targetPort of type int32',
    ],
    ['CustomResourceDefinition', schema({ additionalProperties: 'x' }), 'boolean or JSON schema expected'],
    [
      'CustomResourceDefinition',
      schema({ properties: { b: { type: 12 } } }),
      'json: cannot unmarshal number into Go struct field JSONSchemaProps.spec.versions.schema.openAPIV3Schema.properties.properties.type of type string',
    ],
  ])('%s %j', (kind, body, reason) => {
    const { version } = gvkOf(kind);
    expect(refusal(kind, body)).toBe(`400 ${kind} in version "${version}" cannot be handled as a ${kind}: ${reason}`);
  });

  test('of several the first counts, but a bad quantity, time or int-or-string wins over all', () => {
    expect(refusal('Pod', container({ image: 1, command: 'x' }))).toContain('Container.spec.containers.image of type string');
    expect(refusal('Pod', container({ image: 1, resources: { requests: { cpu: {} } } }))).toContain('quantities must match');
    expect(refusal('Pod', container({ image: 1, livenessProbe: { httpGet: { port: [] } } }))).toContain(
      'HTTPGetAction.spec.containers.livenessProbe.ProbeHandler.httpGet.port of type int32',
    );
    expect(refusal('Secret', { data: { a: '!' }, metadata: { creationTimestamp: '' } })).toContain('parsing time ""');
  });
});

describe('unknown and duplicate fields', () => {
  const text = '{"metadata":{"name":"x","labels":{"a":"b","a":"c"},"zz":{"q":1,"q":2}},"yy":1,"yy":2,"data":{"a":"1","a":"2"}}';
  const problems = [
    'duplicate field "metadata.labels.a"',
    'unknown field "metadata.zz"',
    'unknown field "yy"',
    'duplicate field "data.a"',
  ];
  test('are refused by Strict, in the order of the text', () => {
    expect(refusal('ConfigMap', text)).toBe(
      `400 ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: ${problems.join(', ')}`,
    );
  });
  test('give warnings by Warn, and nothing by Ignore', () => {
    const { object, warnings } = decode('ConfigMap', text, 'Warn');
    expect(warnings).toEqual(problems);
    expect(object).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'x', labels: { a: 'c' } },
      data: { a: '2' },
    });
    expect(decode('ConfigMap', text, 'Ignore').warnings).toEqual([]);
  });
  test('are found below lists and maps, and not in free-form values', () => {
    expect(refusal('Pod', container({ securityContext: { bogus: 1 } }))).toContain(
      'unknown field "spec.containers[0].securityContext.bogus"',
    );
    expect(refusal('CustomResourceDefinition', schema({ 'b.c': 1 }))).toContain(
      'unknown field "spec.versions[0].schema.openAPIV3Schema.properties.a.b.c"',
    );
    expect(refusal('CustomResourceDefinition', schema({ additionalProperties: { bogus: 1 } }))).toBe('accepted');
    expect(refusal('ControllerRevision', '{"metadata":{"name":"x"},"data":{"a":1,"a":2},"revision":1}')).toBe('accepted');
  });
});

describe('what the body says it is', () => {
  test.each<[string, unknown, string]>([
    [
      'Pod',
      { apiVersion: 12, kind: 'Pod' },
      `the object provided is unrecognized (must be of type Pod): couldn't get version/kind; json parse error: json: cannot unmarshal number into Go struct field .apiVersion of type string ({"apiVersion":12,"kind":"Pod"})`,
    ],
    [
      'ConfigMap',
      '{bad',
      `the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: invalid character 'b' looking for beginning of object key string ({bad)`,
    ],
    [
      'ConfigMap',
      '[]',
      `the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: json: cannot unmarshal array into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" } (5b5d)`,
    ],
    [
      'ConfigMap',
      { apiVersion: 'a/b/c' },
      `the object provided is unrecognized (must be of type ConfigMap): unexpected GroupVersion string: a/b/c ({"apiVersion":"a/b/c"})`,
    ],
    [
      'ConfigMap',
      { kind: 'Wrong', apiVersion: 'v1' },
      'Wrong in version "v1" cannot be handled as a ConfigMap: no kind "Wrong" is registered for version "v1" in scheme "pkg/runtime/scheme.go:111"',
    ],
    [
      'ConfigMap',
      { kind: 'ConfigMap', apiVersion: 'wrong/v9' },
      'ConfigMap in version "v9" cannot be handled as a ConfigMap: no kind "ConfigMap" is registered for version "wrong/v9" in scheme "pkg/runtime/scheme.go:111"',
    ],
    [
      'ConfigMap',
      { kind: 'List', apiVersion: 'v1', items: [] },
      'List in version "v1" cannot be handled as a ConfigMap: converting (v1.List) to (core.ConfigMap): unknown conversion',
    ],
    [
      'ConfigMap',
      { KIND: 'Pod' },
      'Pod in version "v1" cannot be handled as a ConfigMap: converting (v1.Pod) to (core.ConfigMap): unknown conversion',
    ],
    [
      'ConfigMap',
      { kind: 'Pod', spec: { containers: 3 } },
      'Pod in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field PodSpec.spec.containers of type []v1.Container',
    ],
    [
      'Deployment',
      { kind: 'Deployment', apiVersion: 'apps/v1beta2' },
      'the API version in the data (apps/v1beta2) does not match the expected API version (apps/v1)',
    ],
    [
      'CustomResourceDefinition',
      { kind: 'Pod', apiVersion: 'v1' },
      'Pod in version "v1" cannot be handled as a CustomResourceDefinition: no kind "Pod" is registered for version "v1" in scheme "pkg/runtime/scheme.go:111"',
    ],
  ])('%s %j', (kind, body, message) => {
    expect(refusal(kind, body)).toBe(`400 ${message}`);
  });

  test('is filled in where it is silent', () => {
    for (const body of ['null', '{}', '{"kind":"ConfigMap"}', '{"apiVersion":"v1"}', '{"apiVersion":"","kind":null}']) {
      expect(decode('ConfigMap', body).object).toEqual({ apiVersion: 'v1', kind: 'ConfigMap', metadata: {} });
    }
  });
});

describe('what comes back', () => {
  test('nulls and empty omitempty fields are gone, pointers keep their zeros', () => {
    const body = container({
      image: '',
      args: [],
      env: null,
      stdin: false,
      securityContext: { runAsUser: 0, privileged: false },
    });
    expect(decode('Pod', body).object).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'x' },
      spec: { containers: [{ name: 'c', resources: {}, securityContext: { runAsUser: 0, privileged: false } }] },
      status: {},
    });
  });
  test('fields that are always printed are there', () => {
    expect(decode('Role', { metadata: name }).object).toMatchObject({ rules: null });
    expect(decode('Event', { metadata: name }).object).toMatchObject({
      involvedObject: {},
      source: {},
      firstTimestamp: null,
      eventTime: null,
    });
    expect(decode('Deployment', { metadata: name, spec: {} }).object).toMatchObject({
      spec: { selector: null, template: { metadata: {}, spec: { containers: null } }, strategy: {} },
      status: {},
    });
    expect(
      decode('Pod', container({ env: [{ name: 'E', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } }] })).object,
    ).toMatchObject({
      spec: { containers: [{ env: [{ valueFrom: { resourceFieldRef: { divisor: '0' } } }] }] },
    });
  });
  test('null in a list or a map is a zero value', () => {
    expect(decode('Pod', { spec: { containers: [null] } }).object).toMatchObject({
      spec: { containers: [{ name: '', resources: {} }] },
    });
    expect(decode('ConfigMap', { data: { a: null } }).object).toMatchObject({ data: { a: '' } });
    expect(decode('Secret', { data: { a: null } }).object).toMatchObject({ data: { a: '' } });
  });
  test('quantities, times and base64 are canonical', () => {
    const hard = { a: 5, b: '0.1', c: '1.5Gi', d: '1024Mi', e: '1n' };
    expect(decode('ResourceQuota', { spec: { hard } }).object).toMatchObject({
      spec: { hard: { a: '5', b: '100m', c: '1536Mi', d: '1Gi', e: '1m' } },
    });
    expect(decode('ResourceQuota', '{"spec":{"hard":{"a":1e3,"b":1.50}}}').object).toMatchObject({
      spec: { hard: { a: '1e3', b: '1500m' } },
    });
    expect(decode('ConfigMap', { metadata: { creationTimestamp: '2026-02-03T01:00:00.5+08:00' } }).object).toMatchObject({
      metadata: { creationTimestamp: '2026-02-02T17:00:00Z' },
    });
    expect(decode('Secret', { data: { a: 'Q\nR=\n=', b: [1, 2] } }).object).toMatchObject({ data: { a: 'QQ==', b: 'AQI=' } });
  });
  test('keys that JavaScript treats specially are plain keys', () => {
    const { object } = decode('ConfigMap', '{"data":{"__proto__":"x","constructor":"y"}}') as {
      object: { data: Record<string, string> };
    };
    expect(JSON.stringify(object.data)).toBe('{"__proto__":"x","constructor":"y"}');
    expect(Object.getPrototypeOf(object.data)).toBe(Object.prototype);
  });
});

test('a part of an object can be decoded by itself', () => {
  const fail = (detail: string): Error => new Error(`patched: ${detail}`);
  const podSpec = builtinStruct('io.k8s.api.core.v1.PodSpec');
  expect(() => decodeAs(podSpec, { containers: 1 }, { fieldValidation: 'Strict' }, fail)).toThrow(
    'patched: json: cannot unmarshal number into Go struct field PodSpec.containers of type []v1.Container',
  );
  expect(() => decodeAs(podSpec, [], { fieldValidation: 'Strict' }, fail)).toThrow(
    'json: cannot unmarshal array into Go value of type v1.PodSpec',
  );
});
