import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { RealClock } from '#common/base/clock.ts';
import { certificatesValid, createCertificates } from './certificates.ts';

const now = new RealClock().now();

describe('createCertificates', () => {
  const certificates = createCertificates(now);
  const ca = new X509Certificate(certificates.ca.cert);
  const serving = new X509Certificate(certificates.serving.cert);
  const admin = new X509Certificate(certificates.admin.cert);

  it('makes a CA that has signed the others', () => {
    expect(ca.ca).toBe(true);
    for (const certificate of [serving, admin]) {
      expect(certificate.ca).toBe(false);
      expect(certificate.verify(ca.publicKey)).toBe(true);
      expect(certificate.checkIssued(ca)).toBe(true);
    }
  });

  it.each(['localhost', 'kubernetes', 'kubernetes.default.svc.cluster.local'])('serves as %s', (name) => {
    expect(serving.checkHost(name)).toBe(name);
  });

  it.each(['127.0.0.1', '10.96.0.1'])('serves at %s', (ip) => expect(serving.checkIP(ip)).toBe(ip));

  it('names the administrator and the group that may do everything', () => {
    expect(admin.subject.split('\n')).toEqual(['O=system:masters', 'CN=kubernetes-admin']);
  });

  it('is good for years, but not for ever', () => {
    expect(certificatesValid(certificates, now)).toBe(true);
    expect(certificatesValid(certificates, now + 11 * 365 * 24 * 3600 * 1000)).toBe(false);
  });
});
