import { describe, expect, it } from 'vitest';
import { CertificateSigningRequest } from '#common/kinds/certificateSigningRequest.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { newCertificateRequest } from '../../pki/newRequest.ts';
import type { AdmissionPlugin, AdmissionRequest, AdmissionState } from './admission.ts';
import { certificateRights, certificateSubjectRestriction } from './certificateRights.ts';

const kind = CertificateSigningRequest as unknown as KindDefinition;
const signer = 'kubernetes.io/kube-apiserver-client';

function requestOf(group: string, status: object = {}, signerName = signer): KubeObject {
  const request = Buffer.from(newCertificateRequest('jane', [group]).request).toString('base64');
  return { metadata: { name: 'r' }, spec: { request, signerName, usages: ['client auth'] }, status } as unknown as KubeObject;
}

async function answer(plugins: readonly AdmissionPlugin[], more: Partial<AdmissionRequest>): Promise<string | undefined> {
  const user = { name: 'joe', groups: ['system:authenticated'] };
  const options = { user, fieldManager: 'joe', dryRun: false, fieldValidation: 'Ignore', warn: () => undefined } as const;
  const request: AdmissionRequest = { operation: 'UPDATE', kind, name: 'r', namespace: '', subresource: undefined, object: undefined, old: undefined, options, ...more }; // prettier-ignore
  try {
    for (const plugin of plugins) if (plugin.handles(request)) await plugin.validate?.(request, {} as AdmissionState);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
const prefix = 'certificatesigningrequests.certificates.k8s.io "r" is forbidden: ';

describe('certificates of superusers', () => {
  it.each<[string, string, string | undefined]>([
    ['system:masters', signer, `${prefix}use of ${signer} signer with system:masters group is not allowed`],
    ['devs', signer, undefined],
    ['system:masters', 'example.com/own', undefined],
  ])('group %s of signer %s', async (group, signerName, message) => {
    const object = requestOf(group, {}, signerName);
    expect(await answer([certificateSubjectRestriction], { operation: 'CREATE', object })).toBe(message);
  });
});

describe('approving and signing takes the right on the signer', () => {
  const issued = requestOf('devs', { certificate: 'x' });
  const approve = { subresource: 'approval', old: issued, object: issued } as const;
  const sign = { subresource: 'status', old: requestOf('devs'), object: issued } as const;
  it.each<[string, string, Partial<AdmissionRequest>, string | undefined]>([
    ['approve', signer, approve, undefined],
    ['approve', 'kubernetes.io/*', approve, undefined],
    ['approve', 'other.io/*', approve, `${prefix}user not permitted to approve requests with signerName "${signer}"`],
    ['sign', signer, approve, `${prefix}user not permitted to approve requests with signerName "${signer}"`],
    ['sign', signer, sign, undefined],
    ['approve', signer, sign, `${prefix}user not permitted to sign requests with signerName "${signer}"`],
    ['nothing', '', { subresource: 'status', old: issued, object: issued }, undefined],
  ])('with %s on %s', async (verb, name, request, message) => {
    const plugins = certificateRights(() => ({
      authorize: (asked) => ({ allowed: asked.verb === verb && asked.name === name, reason: '' }),
    }));
    expect(await answer(plugins, request)).toBe(message);
  });
});
