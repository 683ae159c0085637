import { describe, expect, it } from 'vitest';
import type { CertificateRequest } from '../../pki/certificateRequest.ts';
import { clientSigner, kubeletClientSigner, kubeletServingSigner, signerProblem } from './signers.ts';

const nothing = Buffer.alloc(0);
const request = (more: Partial<CertificateRequest> = {}): CertificateRequest => ({
  commonName: 'system:node:a',
  organizations: ['system:nodes'],
  dnsNames: [],
  ipAddresses: [],
  emailAddresses: [],
  uris: [],
  subject: nothing,
  publicKey: nothing,
  alternativeNames: undefined,
  ...more,
});
const client = ['client auth', 'digital signature'];
const serving = ['server auth', 'digital signature'];
const named = { dnsNames: ['a'] };

describe('what the signers refuse', () => {
  it.each<[string, Partial<CertificateRequest>, string[], string | undefined]>([
    [clientSigner, { commonName: 'jane', organizations: ['devs'] }, ['client auth'], undefined],
    [clientSigner, {}, [...client, 'key encipherment'], undefined],
    [clientSigner, {}, ['client auth', 'server auth'], 'invalid usage for client certificate: server auth'],
    [clientSigner, {}, ['digital signature'], 'missing required usage for client certificate: client auth'],
    [kubeletClientSigner, {}, client, undefined],
    [kubeletClientSigner, {}, [...client, 'key encipherment'], undefined],
    [kubeletClientSigner, {}, ['client auth'], 'usages did not match [client auth digital signature key encipherment]'],
    [
      kubeletClientSigner,
      {},
      [...client, 'server auth'],
      'usages did not match [client auth digital signature key encipherment]',
    ],
    [kubeletClientSigner, { organizations: ['system:nodes', 'x'] }, client, 'subject organization is not system:nodes'],
    [kubeletClientSigner, { commonName: 'a' }, client, 'subject common name does not begin with system:node: '],
    [kubeletClientSigner, { dnsNames: ['a'] }, client, 'DNS subjectAltNames are not allowed'],
    [kubeletClientSigner, { ipAddresses: ['1.2.3.4'] }, client, 'IP subjectAltNames are not allowed'],
    [kubeletServingSigner, named, serving, undefined],
    [kubeletServingSigner, {}, serving, 'DNS or IP subjectAltName is required'],
    [kubeletServingSigner, { ...named, emailAddresses: ['a@b'] }, serving, 'Email subjectAltNames are not allowed'],
    [kubeletServingSigner, { ...named, uris: ['http://a'] }, serving, 'URI subjectAltNames are not allowed'],
    [kubeletServingSigner, named, client, 'usages did not match [digital signature key encipherment server auth]'],
  ])('%s %o %o', (signer, more, usages, problem) => {
    expect(signerProblem(signer, request(more), usages)).toBe(problem);
  });
});
