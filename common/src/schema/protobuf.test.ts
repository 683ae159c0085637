import { describe, expect, test } from 'vitest';
import { parseApiVersion } from '#common/api/groupVersion.ts';
import { typeOfKind } from './builtinTypes.ts';
import { decodeObject } from './decode.ts';
import { decodeProtobuf, ProtobufError } from './protobuf.ts';

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

/** Decodes a body and then the object in it, as the API server does. */
function objectOf(base64: string): unknown {
  const { apiVersion, kind, value } = decodeProtobuf(bytesOf(base64));
  const gvk = { ...parseApiVersion(apiVersion), kind };
  const type = typeOfKind(gvk);
  if (!type) throw new Error(`no type for ${kind}`);
  return decodeObject(type, gvk, value, { fieldValidation: 'Ignore' }).object;
}

// Bodies that kubectl 1.33 sends.
const deployment =
  'azhzAAoVCgdhcHBzL3YxEgpEZXBsb3ltZW50ErkBCh0KAmQxEgAaACIAKgAyADgAQgBaCQoDYXBwEgJkMRKJAQgDEgsKCQoDYXBwEgJkMRpwChsKABIAGgAiACoAMgA4AEIAWgkKA2FwcBICZDESURIzCgVuZ2lueBIKbmdpbng6MS4yNyoAMgoKABAAGFAiACoAQgBqAHIAgAEAiAEAkAEAogEAGgAyAEIASgBSAFgAYABoAIIBAIoBAJoBAMIBACICCgAoADgAGgwIABAAGAAgACgAOAAaACIA';
const quota =
  'azhzAAoTCgJ2MRINUmVzb3VyY2VRdW90YRI2ChIKAnExEgAaACIAKgAyADgAQgASHgoOCgNjcHUSBwoFMTUwMG0KDAoEcG9kcxIECgIxMBoAGgAiAA==';
const budget =
  'azhzAAogCglwb2xpY3kvdjESE1BvZERpc3J1cHRpb25CdWRnZXQSOQoSCgJwMRIAGgAiACoAMgA4AEIAEhcKCQgBEAAaAzUwJRIKCggKA2FwcBIBeBoKCAAYACAAKAAwABoAIgA=';
const secret = 'azhzAAoMCgJ2MRIGU2VjcmV0Eh4KEgoCczESABoAIgAqADIAOABCABIGCgFwEgFxGgAaACIA';
const service =
  'azhzAAoNCgJ2MRIHU2VydmljZRJqCh8KA3N2bhIAGgAiACoAMgA4AEIAWgoKA2FwcBIDc3ZuEkMKHQoHODAtODA4MBIDVENQGFAiBwgAEJA/GgAogOsBEgoKA2FwcBIDc3ZuGgAiCE5vZGVQb3J0OgBCAFIAWgBgAGgAGgIKABoAIgA=';
const tokenRequest =
  'azhzAAooChhhdXRoZW50aWNhdGlvbi5rOHMuaW8vdjESDFRva2VuUmVxdWVzdBIgChAKABIAGgAiACoAMgA4AEIAEgYKAXggkBwaBAoAEgAaACIA';
// Answers of Kubernetes 1.36.3.
const lease =
  'azhzAAofChZjb29yZGluYXRpb24uazhzLmlvL3YxEgVMZWFzZRLMAQq3AQoBbBIAGgdkZWZhdWx0IgAqJGRkYWEyNTUzLTVkOWItNGU1My04NzAwLWUxNDBhODE5MTNkYTIAOABCCAiKi4jYBhAAigFwCgFtEgZVcGRhdGUaFmNvb3JkaW5hdGlvbi5rOHMuaW8vdjEiCAiKi4jYBhAAMghGaWVsZHNWMTo1CjN7ImY6c3BlYyI6eyJmOmhvbGRlcklkZW50aXR5Ijp7fSwiZjpyZW5ld1RpbWUiOnt9fX1CABIQCgFoIgsIgPLWygYQgJTvOhoAIgA=';
const review =
  'azhzAAotChhhdXRoZW50aWNhdGlvbi5rOHMuaW8vdjESEVNlbGZTdWJqZWN0UmV2aWV3EkoKGAoAEgAaACIAKgAyADgAQggIi4uI2AYQABIuCiwKA2JvYhIAGhRzeXN0ZW06YXV0aGVudGljYXRlZCINCgZzY29wZXMSAwoBYRoAIgA=';
const definition =
  'azhzAAozChdhcGlleHRlbnNpb25zLms4cy5pby92MRIYQ3VzdG9tUmVzb3VyY2VEZWZpbml0aW9uEqAGCrkCChJmb29zLnAuZXhhbXBsZS5jb20SABoAIgAqJDE4NGVmNjllLTFkNzMtNDI0OC05MjdmLTI4N2I3MjVmOTFjNjIAOAFCCAiKi4jYBhAAigHnAQoEY3VybBIGVXBkYXRlGhdhcGlleHRlbnNpb25zLms4cy5pby92MSIICIqLiNgGEAAyCEZpZWxkc1YxOqcBCqQBeyJmOnNwZWMiOnsiZjpjb252ZXJzaW9uIjp7Ii4iOnt9LCJmOnN0cmF0ZWd5Ijp7fX0sImY6Z3JvdXAiOnt9LCJmOm5hbWVzIjp7ImY6a2luZCI6e30sImY6bGlzdEtpbmQiOnt9LCJmOnBsdXJhbCI6e30sImY6c2luZ3VsYXIiOnt9fSwiZjpzY29wZSI6e30sImY6dmVyc2lvbnMiOnt9fX1CABLPAwoNcC5leGFtcGxlLmNvbRoZCgRmb29zEgNmb28iA0ZvbyoHRm9vTGlzdCIKTmFtZXNwYWNlZDqMAwoCdjEQARgBIv8CCvwCCgASACIAKgZvYmplY3QyADoAUABgAHoAkAEA6gFUCgFhEk8KABIAIgAqBm9iamVjdDIAOgBQAGAAegCQAQDyASgIARIkCgASACIAKgZzdHJpbmcyADoAUABgAHoAkAEAqAIAuAIAwAIAqAIAuAIAwAIA6gFSCgFiEk0KABIAIgAqBWFycmF5MgA6AFAAYAB6AJABAMIBJwolCgASACIAKgdpbnRlZ2VyMgA6AFAAYAB6AJABAKgCALgCAMACAKgCALgCAMACAOoBQwoBYxI+CgASACIAKgZzdHJpbmcyADoAQgUKAyJ4IlAAYAB6AJABAKIBBQoDIngiogEAogEFCgMieSKoAgC4AgDAAgDqATIKAWQSLQoAEgAiACoGbnVtYmVyMgA6AFAAWQAAAAAAAPg/YAB6AJABAKgCALgCAMACAOoBLgoBZRIpCgASACIAKgZvYmplY3QyADoAUABgAHoAkAEA8gECCAGoAgC4AgDAAgCoAgC4AgDAAgA4AEoGCgROb25lUAAaEBIICgASACIAKgAaAnYxIAAaACIA';

describe('a protobuf body is the object that JSON would be', () => {
  test.each<[string, string, object]>([
    [
      'nested messages; zero values are gone',
      deployment,
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'd1', labels: { app: 'd1' } },
        spec: {
          replicas: 3,
          selector: { matchLabels: { app: 'd1' } },
          template: {
            metadata: { labels: { app: 'd1' } },
            spec: { containers: [{ name: 'nginx', image: 'nginx:1.27', ports: [{ containerPort: 80 }], resources: {} }] },
          },
          strategy: {},
        },
        status: {},
      },
    ],
    ['quantities in a map', quota, { spec: { hard: { cpu: '1500m', pods: '10' } } }],
    ['int-or-string as text', budget, { spec: { minAvailable: '50%', selector: { matchLabels: { app: 'x' } } } }],
    [
      'int-or-string as number',
      service,
      { spec: { ports: [{ port: 80, targetPort: 8080, nodePort: 30080 }], type: 'NodePort' } },
    ],
    ['bytes', secret, { data: { p: 'cQ==' } }],
    ['pointers', tokenRequest, { spec: { audiences: ['x'], expirationSeconds: 3600, boundObjectRef: null } }],
    [
      'times and field sets',
      lease,
      {
        metadata: {
          creationTimestamp: '2026-11-21T20:56:42Z',
          managedFields: [{ manager: 'm', fieldsV1: { 'f:spec': { 'f:holderIdentity': {}, 'f:renewTime': {} } } }],
        },
        spec: { holderIdentity: 'h', renewTime: '2026-01-01T00:00:00.123456Z' },
      },
    ],
    [
      'lists in a map',
      review,
      { status: { userInfo: { username: 'bob', groups: ['system:authenticated'], extra: { scopes: ['a'] } } } },
    ],
    [
      'JSON schemas',
      definition,
      {
        spec: {
          versions: [
            {
              schema: {
                openAPIV3Schema: {
                  type: 'object',
                  properties: {
                    a: { type: 'object', additionalProperties: { type: 'string' } },
                    b: { type: 'array', items: { type: 'integer' } },
                    c: { type: 'string', default: 'x', enum: ['x', null, 'y'] },
                    d: { type: 'number', minimum: 1.5 },
                    e: { type: 'object', additionalProperties: true },
                  },
                },
              },
            },
          ],
        },
      },
    ],
  ])('%s', (_, base64, expected) => {
    expect(objectOf(base64)).toMatchObject(expected);
  });

  test('nothing is left of zero values', () => {
    expect(objectOf(quota)).toEqual({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'q1' },
      spec: { hard: { cpu: '1500m', pods: '10' } },
      status: {},
    });
  });

  test('DeleteOptions of any group', () => {
    // apiVersion policy/v1, propagationPolicy Background, gracePeriodSeconds 0
    const body = [
      0x6b,
      0x38,
      0x73,
      0,
      0x0a,
      26,
      0x0a,
      9,
      ...ascii('policy/v1'),
      0x12,
      13,
      ...ascii('DeleteOptions'),
      0x12,
      14,
      0x08,
      0,
      0x22,
      10,
      ...ascii('Background'),
    ];
    expect(decodeProtobuf(new Uint8Array(body))).toEqual({
      apiVersion: 'policy/v1',
      kind: 'DeleteOptions',
      value: { apiVersion: 'policy/v1', kind: 'DeleteOptions', gracePeriodSeconds: 0, propagationPolicy: 'Background' },
    });
  });
});

const ascii = (text: string): number[] => [...text].map((c) => c.charCodeAt(0));

describe('what is not protobuf', () => {
  test('is refused', () => {
    const json = new TextEncoder().encode('{"apiVersion":"v1","kind":"Pod","metadata":{}}');
    expect(() => decodeProtobuf(json)).toThrow(
      'provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]',
    );
  });

  test('cut off or garbled bytes give an error or a value, nothing else', () => {
    const whole = bytesOf(definition);
    let refused = 0;
    for (let length = 0; length < whole.length; length++) {
      for (const bytes of [whole.slice(0, length), whole.map((byte, i) => (i === length && i > 3 ? byte ^ 0xff : byte))]) {
        try {
          decodeProtobuf(bytes);
        } catch (error) {
          if (!(error instanceof ProtobufError)) throw error;
          refused++;
        }
      }
    }
    expect(refused).toBeGreaterThan(whole.length / 2);
  });
});
