/** Networking, storage, access and extension kinds: what people notice of them. */
import { describe, expect, it } from 'vitest';
import { fieldErrorText } from '#common/api/fieldError.ts';
import { APIService } from './apiService.ts';
import { CertificateSigningRequest } from './certificateSigningRequest.ts';
import { ClusterRoleBinding } from './clusterRoleBinding.ts';
import { CSIDriver } from './csiDriver.ts';
import type { KindDefinition } from './defineKind.ts';
import { EndpointSlice } from './endpointSlice.ts';
import { FlowSchema } from './flowSchema.ts';
import { Ingress } from './ingress.ts';
import { IngressClass } from './ingressClass.ts';
import { IPAddress } from './ipAddress.ts';
import { Lease } from './lease.ts';
import { MutatingAdmissionPolicy } from './mutatingAdmissionPolicy.ts';
import { NetworkPolicy } from './networkPolicy.ts';
import { PriorityClass } from './priorityClass.ts';
import { PriorityLevelConfiguration } from './priorityLevelConfiguration.ts';
import { ResourceClaim } from './resourceClaim.ts';
import { Role } from './role.ts';
import { RuntimeClass } from './runtimeClass.ts';
import { StorageClass } from './storageClass.ts';
import { cells, created, updated } from './testing/requests.ts';
import { ValidatingAdmissionPolicyBinding } from './validatingAdmissionPolicyBinding.ts';
import { ValidatingWebhookConfiguration } from './validatingWebhookConfiguration.ts';

const backend = { service: { name: 's', port: { number: 80 } } };
const webhook = { name: 'a.b.c', admissionReviewVersions: ['v1'], sideEffects: 'None', clientConfig: { url: 'https://a/b' } };

describe('a new object', () => {
  it.each<[KindDefinition, object, string[]]>([
    [Ingress, { spec: {} }, ['spec: Invalid value: null: either `defaultBackend` or `rules` must be specified']],
    [
      Ingress,
      { spec: { rules: [{ host: '1.2.3.4', http: { paths: [{ path: 'x', pathType: 'Prefix', backend }, { backend }] } }] } },
      [
        'spec.rules[0].host: Invalid value: "1.2.3.4": must be a DNS name, not an IP address',
        'spec.rules[0].http.paths[0].path: Invalid value: "x": must be an absolute path',
        'spec.rules[0].http.paths[1].pathType: Required value: pathType must be specified',
      ],
    ],
    [
      IngressClass,
      { spec: { controller: 'a.b/c', parameters: { kind: 'K', name: 'n', scope: 'Namespace' } } },
      ["spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'"],
    ],
    [
      NetworkPolicy,
      { spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.0.0.0/8'] } }] }] } },
      ['spec.ingress[0].from[0].ipBlock.except[0]: Invalid value: "10.0.0.0/8": must be a strict subset of `cidr`'],
    ],
    [
      EndpointSlice,
      { addressType: 'IPv6', endpoints: [{ addresses: ['1.2.3.4'] }, { addresses: ['FD00::1'] }] },
      [
        'endpoints[0].addresses: Invalid value: "1.2.3.4": must be an IPv6 address',
        'endpoints[1].addresses[0]: Invalid value: "FD00::1": must be in canonical form ("fd00::1")',
      ],
    ],
    [
      EndpointSlice,
      { addressType: 'IPv4', endpoints: [{ addresses: Array.from({ length: 101 }, (_, i) => `1.1.1.${i}`) }] },
      ['endpoints[0].addresses: Too many: 101: must have at most 100 items'],
    ],
    [
      StorageClass,
      { provisioner: 'x.io/p', reclaimPolicy: 'Recycle' },
      ['reclaimPolicy: Unsupported value: "Recycle": supported values: "Delete", "Retain"'],
    ],
    [
      PriorityClass,
      { value: 1_000_000_001 },
      ['value: Forbidden: maximum allowed value of a user defined priority is 1000000000'],
    ],
    [
      RuntimeClass,
      { handler: 'h', overhead: { podFixed: { cpu: '-1' } } },
      ['overhead.limits[cpu]: Invalid value: "-1": must be greater than or equal to 0'],
    ],
    [Lease, { spec: { leaseDurationSeconds: 0 } }, ['spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0']],
    [
      Role,
      { rules: [{ verbs: ['get'], nonResourceURLs: ['/x'] }] },
      ['rules[0].nonResourceURLs: Invalid value: ["/x"]: namespaced rules cannot apply to non-resource URLs'],
    ],
    [
      ClusterRoleBinding,
      { roleRef: { kind: 'Role', name: 'r' }, subjects: [{ kind: 'ServiceAccount', name: 's' }] },
      ['roleRef.kind: Unsupported value: "Role": supported values: "ClusterRole"', 'subjects[0].namespace: Required value'],
    ],
    [
      ValidatingWebhookConfiguration,
      { webhooks: [{ ...webhook, clientConfig: { url: 'http://u@a' } }] },
      [
        'webhooks[0].clientConfig.url: Invalid value: "http": \'https\' is the only allowed URL scheme; desired format: https://host[/path]',
        'webhooks[0].clientConfig.url: Invalid value: "u": user information is not permitted in the URL',
      ],
    ],
    [
      ValidatingAdmissionPolicyBinding,
      { spec: { policyName: 'p', validationActions: [] } },
      ['spec.validationActions: Required value: at least one validation action is required'],
    ],
    [
      MutatingAdmissionPolicy,
      { spec: { reinvocationPolicy: 'Never' } },
      ['spec.matchConstraints: Required value', 'spec.mutations: Required value: mutations must contain at least one item'],
    ],
    [
      FlowSchema,
      { spec: { priorityLevelConfiguration: { name: 'x' }, matchingPrecedence: 1 } },
      ["spec.matchingPrecedence: Invalid value: 1: only the schema named 'exempt' may have matchingPrecedence 1"],
    ],
    [
      PriorityLevelConfiguration,
      { spec: { type: 'Limited', limited: { limitResponse: { type: 'Queue', queuing: { queues: 512, handSize: 64 } } } } },
      [
        'spec.limited.limitResponse.queuing.handSize: Invalid value: 64: ' +
          'required entropy bits of deckSize 512 and handSize 64 should not be greater than 60',
      ],
    ],
    [
      ResourceClaim,
      { spec: { devices: { requests: [{ name: 'r' }] } } },
      ['spec.devices.requests[0]: Required value: exactly one of `exactly` or `firstAvailable` is required'],
    ],
    [
      APIService,
      { metadata: { name: 'v1.a' }, spec: { group: 'a', version: 'v2', groupPriorityMinimum: 1, versionPriority: 1 } },
      ['metadata.name: Invalid value: "v1.a": must be `spec.version+"."+spec.group`: "v2.a"'],
    ],
    [
      IPAddress,
      { metadata: { name: '2001:DB8::1' }, spec: { parentRef: { resource: 'services', name: 's' } } },
      ['metadata.name: Invalid value: "2001:DB8::1": must be in canonical form ("2001:db8::1")'],
    ],
    [
      CertificateSigningRequest,
      { spec: { request: 'AAAA', signerName: 'x.io/s', usages: ['client auth', 'client auth'] } },
      [
        'spec.request: Invalid value: "AAAA": PEM block type must be CERTIFICATE REQUEST',
        'spec.usages[1]: Duplicate value: "client auth"',
      ],
    ],
  ])('of kind %o: %o', (kind, body, expected) => {
    expect(created(kind, body).problems).toEqual(expected);
  });

  it('gets the defaults of its kind', () => {
    expect(created(CSIDriver, { spec: {} }).object.spec).toMatchObject({
      attachRequired: true,
      volumeLifecycleModes: ['Persistent'],
    });
    expect(created(NetworkPolicy, { spec: { podSelector: {}, egress: [{}] } }).object.spec?.policyTypes).toEqual([
      'Ingress',
      'Egress',
    ]);
    expect(created(ValidatingWebhookConfiguration, { webhooks: [webhook] }).object.webhooks?.[0]).toMatchObject({
      failurePolicy: 'Fail',
      timeoutSeconds: 10,
      namespaceSelector: {},
    });
    const claim = created(ResourceClaim, { spec: { devices: { requests: [{ name: 'r', exactly: { deviceClassName: 'x' } }] } } });
    expect(claim.object.spec.devices?.requests?.[0]?.exactly).toMatchObject({ allocationMode: 'ExactCount', count: 1 });
  });
});

describe('a changed object', () => {
  it.each<[KindDefinition, object, object, string[]]>([
    [StorageClass, { provisioner: 'p' }, { provisioner: 'q' }, ['provisioner: Invalid value: "q": field is immutable']],
    [
      ClusterRoleBinding,
      { roleRef: { kind: 'ClusterRole', name: 'a' } },
      { roleRef: { kind: 'ClusterRole', name: 'b' } },
      ['roleRef: Invalid value: {"APIGroup":"rbac.authorization.k8s.io","Kind":"ClusterRole","Name":"b"}: cannot change roleRef'],
    ],
    [PriorityClass, { value: 5 }, { value: 6 }, ['value: Forbidden: may not be changed in an update.']],
    [EndpointSlice, { addressType: 'IPv4' }, { addressType: 'IPv6' }, ['addressType: Invalid value: "IPv6": field is immutable']],
  ])('of kind %o', (kind, body, change, expected) => {
    expect(updated(kind, body, change).problems).toEqual(expected);
  });

  it('counts an EndpointSlice’s labels as content', () => {
    const { object } = created(EndpointSlice, { addressType: 'IPv4' });
    const relabelled = { ...object, metadata: { ...object.metadata, labels: { a: 'b' } } };
    expect(EndpointSlice.specChanged?.(relabelled, object)).toBe(true);
    const annotated = { ...object, metadata: { ...object.metadata, annotations: { a: 'b' } } };
    expect(EndpointSlice.specChanged?.(annotated, object)).toBe(false);
  });

  it('cannot be approved and denied', () => {
    const { object } = created(CertificateSigningRequest, { spec: {} });
    const condition = (type: string) => ({ type, status: 'True' });
    const judged = { ...object, status: { conditions: [condition('Approved'), condition('Denied')] } };
    expect(CertificateSigningRequest.validateSubresourceUpdate?.('approval', judged, object).map(fieldErrorText)).toEqual([
      'status.conditions: Invalid value: "Denied": Approved and Denied conditions are mutually exclusive',
    ]);
  });
});

describe('a row', () => {
  it.each<[KindDefinition, object, object]>([
    [
      Ingress,
      { spec: { rules: ['a', 'b', 'c', 'd'].map((host) => ({ host })), tls: [{}] } },
      { Hosts: 'a,b,c + 1 more...', Ports: '80, 443' },
    ],
    [
      NetworkPolicy,
      {
        spec: { podSelector: { matchLabels: { z: '1' }, matchExpressions: [{ key: 'k', operator: 'In', values: ['b', 'a'] }] } },
      },
      { 'Pod-Selector': 'k in (a,b),z=1' },
    ],
    [
      EndpointSlice,
      { addressType: 'IPv4', endpoints: ['1', '2', '3', '4'].map((i) => ({ addresses: [`1.2.3.${i}`] })), ports: [{ port: 80 }] },
      { Ports: '80', Endpoints: '1.2.3.1,1.2.3.2,1.2.3.3 + 1 more...' },
    ],
    [
      StorageClass,
      { provisioner: 'p', metadata: { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } } },
      { Name: 'x (default)', AllowVolumeExpansion: false },
    ],
    [
      ValidatingAdmissionPolicyBinding,
      { spec: { policyName: 'p', paramRef: { selector: { matchLabels: { a: 'b' } } } } },
      { ParamRef: '&LabelSelector{MatchLabels:map[string]string{a: b,},MatchExpressions:[]LabelSelectorRequirement{},}' },
    ],
  ])('of kind %o', (kind, body, expected) => {
    expect(cells(kind, created(kind, body).object)).toMatchObject(expected);
  });
});
