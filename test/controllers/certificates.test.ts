import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatTime } from '#common/api/time.ts';
import { CertificateSigningRequest } from '#common/kinds/certificateSigningRequest.ts';
import { ConfigMap } from '#common/kinds/configMap.ts';
import { Namespace } from '#common/kinds/namespace.ts';
import { Secret } from '#common/kinds/secret.ts';
import type * as api from '#common/schema/generated/types.ts';
import { createCertificates } from '#runtime/apiserver/http/certificates.ts';
import { bootstrapSignerController } from '#runtime/controllers/bootstrapSigner.ts';
import { certificateApprovingController } from '#runtime/controllers/certificateApproving.ts';
import { certificateCleanerController } from '#runtime/controllers/certificateCleaner.ts';
import { certificateSigningController } from '#runtime/controllers/certificateSigning.ts';
import { tokenCleanerController } from '#runtime/controllers/tokenCleaner.ts';
import { newCertificateRequest } from '#runtime/pki/newRequest.ts';
import { startTestCluster } from './testCluster.ts';

const hour = 3_600_000;
const { ca } = createCertificates(Date.parse('2026-01-01T00:00:00Z'));
let cluster: Awaited<ReturnType<typeof startTestCluster>>;
/** The subresources that somebody may create. */
let granted: string[];

beforeEach(async () => {
  granted = [];
  cluster = await startTestCluster([
    certificateApprovingController((_, subresource) => granted.includes(subresource)),
    certificateSigningController({ ca, wallTime: () => Date.parse('2026-02-01T00:00:00Z') }),
    certificateCleanerController,
    bootstrapSignerController,
    tokenCleanerController,
  ]);
});
afterEach(() => cluster.stop());

const key = { namespace: '', name: 'r' };
const request = () => cluster.cache.get(CertificateSigningRequest, key);
const conditions = () => request()?.status?.conditions?.map(({ type, reason, message }) => [type, reason, message].join(' | '));
const ask = (commonName: string, signer: string, usages = ['client auth', 'digital signature']) =>
  cluster.create(CertificateSigningRequest, {
    metadata: { name: 'r' },
    spec: {
      request: Buffer.from(newCertificateRequest(commonName, ['system:nodes']).request).toString('base64'),
      signerName: `kubernetes.io/${signer}`,
      usages,
    },
  });
async function decide(type: 'Approved' | 'Denied'): Promise<void> {
  const now = formatTime(cluster.clock.now());
  const decision = { type, status: 'True', reason: 'Me', message: 'said so', lastUpdateTime: now, lastTransitionTime: now };
  const { resourceVersion } = request()?.metadata ?? {};
  const patch = { metadata: { resourceVersion }, status: { conditions: [decision] } };
  await cluster.client.patch(CertificateSigningRequest, key, 'merge', patch, { subresource: 'approval' });
  await cluster.settle();
}

describe('certificate requests', () => {
  it('of kubelets are approved and signed where the one who asks may have it', async () => {
    granted = ['nodeclient'];
    await ask('system:node:a', 'kube-apiserver-client-kubelet');
    expect(conditions()).toEqual([
      'Approved | AutoApproved | Auto approving kubelet client certificate after SubjectAccessReview.',
    ]);
    expect(Buffer.from(request()?.status?.certificate ?? '', 'base64').toString()).toMatch(/^-----BEGIN CERTIFICATE-----/);
  });

  it('of kubelets for somebody else wait where only their own are granted', async () => {
    granted = ['selfnodeclient'];
    await ask('system:node:a', 'kube-apiserver-client-kubelet');
    expect(conditions()).toBeUndefined();
  });

  it('of people wait for a person, and go a day later', async () => {
    granted = ['nodeclient', 'selfnodeclient'];
    await ask('jane', 'kube-apiserver-client');
    expect(conditions()).toBeUndefined();
    await cluster.advance(23 * hour);
    expect(request()).toBeDefined();
    await cluster.advance(hour);
    expect(request()).toBeUndefined();
  });

  it('that are denied get no certificate, and go an hour later', async () => {
    await ask('jane', 'kube-apiserver-client');
    await decide('Denied');
    expect(request()?.status?.certificate).toBeUndefined();
    await cluster.advance(hour);
    expect(request()).toBeUndefined();
  });

  it('that their signer refuses say why', async () => {
    await ask('jane', 'kube-apiserver-client', ['server auth']);
    await decide('Approved');
    expect(conditions()).toEqual(['Approved | Me | said so', 'Failed | SignerValidationFailure | invalid usage for client certificate: server auth']); // prettier-ignore
    expect(request()?.status?.certificate).toBeUndefined();
  });
});

describe('bootstrap tokens', () => {
  const info = () => cluster.cache.get(ConfigMap, { namespace: 'kube-public', name: 'cluster-info' })?.data;
  const token = (id: string, fields: Record<string, string>): Promise<api.Secret> =>
    cluster.create(Secret, {
      metadata: { name: `bootstrap-token-${id}`, namespace: 'kube-system' },
      type: 'bootstrap.kubernetes.io/token',
      stringData: { 'token-id': id, 'token-secret': '0123456789abcdef', ...fields },
    });
  beforeEach(async () => {
    await cluster.create(Namespace, { metadata: { name: 'kube-public' } });
    const metadata = { name: 'cluster-info', namespace: 'kube-public' };
    await cluster.create(ConfigMap, { metadata, data: { kubeconfig: 'hello' } });
  });

  it('sign cluster-info as long as they are there, as Kubernetes 1.36.3 signs it', async () => {
    await token('abcdef', { 'usage-bootstrap-signing': 'true' });
    await token('other0', {});
    const signature = 'eyJhbGciOiJIUzI1NiIsImtpZCI6ImFiY2RlZiJ9..MxsnbCjBaYzcbNIFa06F-wuF9LX26rhMlrL4zA1511s';
    expect(info()).toEqual({ kubeconfig: 'hello', 'jws-kubeconfig-abcdef': signature });
    await cluster.client.delete(Secret, { namespace: 'kube-system', name: 'bootstrap-token-abcdef' });
    await cluster.settle();
    expect(info()).toEqual({ kubeconfig: 'hello' });
  });

  it('go when they have expired', async () => {
    await token('abcdef', { 'usage-bootstrap-signing': 'true', expiration: formatTime(cluster.clock.now() + hour) });
    await token('gone00', { expiration: formatTime(cluster.clock.now() - 1000) });
    expect(cluster.cache.list(Secret, 'kube-system').map(({ metadata }) => metadata.name)).toEqual(['bootstrap-token-abcdef']);
    await cluster.advance(hour);
    expect(cluster.cache.list(Secret, 'kube-system')).toEqual([]);
    expect(info()).toEqual({ kubeconfig: 'hello' });
  });
});
