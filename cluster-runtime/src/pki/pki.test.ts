/** Requests are read and signed as clients make them; what was tampered with is none. */
import { createPublicKey, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createCertificates } from '../apiserver/http/certificates.ts';
import { readCertificateRequest } from './certificateRequest.ts';
import { newCertificateRequest } from './newRequest.ts';
import { signRequest } from './signRequest.ts';

/** Made with `openssl req -new -newkey ec -subj /CN=jane/O=devs/O=x -addext subjectAltName=DNS:a.b,IP:1.2.3.4,email:j@x.y,URI:http://u`. */
const fromOpenssl = `-----BEGIN CERTIFICATE REQUEST-----
MIIBHTCBxAIBADAqMQ0wCwYDVQQDDARqYW5lMQ0wCwYDVQQKDARkZXZzMQowCAYD
VQQKDAF4MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAELvfb4kUqL8z8fF//na4a
M1m7VRS0dG6zWwsXSqO0B/ag3OYpCwQ7LCFMFYa8V3bb0R81+548x1KhHLhSHfaH
FaA4MDYGCSqGSIb3DQEJDjEpMCcwJQYDVR0RBB4wHIIDYS5ihwQBAgMEgQVqQHgu
eYYIaHR0cDovL3UwCgYIKoZIzj0EAwIDSAAwRQIhAKdS39cLPTVhUipueFHYk+75
GikYsMJb1+kE5B/LnASjAiBlqqoVQECxthQMDYwCIOgEjel9QdxEna0elGqZwgnd
Xw==
-----END CERTIFICATE REQUEST-----
`;

const now = Date.parse('2026-05-01T12:00:00Z');
const hour = 3_600_000;

describe('certificate requests', () => {
  it('are read back', () => {
    const { request } = newCertificateRequest('system:node:ä', ['system:nodes', 'x']);
    expect(readCertificateRequest(request)).toMatchObject({
      commonName: 'system:node:ä',
      organizations: ['system:nodes', 'x'],
      dnsNames: [],
      alternativeNames: undefined,
    });
  });

  it('are read as openssl writes them', () => {
    expect(readCertificateRequest(fromOpenssl)).toMatchObject({
      commonName: 'jane',
      organizations: ['devs', 'x'],
      dnsNames: ['a.b'],
      ipAddresses: ['1.2.3.4'],
      emailAddresses: ['j@x.y'],
      uris: ['http://u'],
    });
  });

  it('are refused when their key has not signed them, or when they are something else', () => {
    const der = Buffer.from(fromOpenssl.replace(/-----.*-----/g, ''), 'base64');
    const asPem = (bytes: Buffer): string =>
      `-----BEGIN CERTIFICATE REQUEST-----\n${bytes.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
    expect(readCertificateRequest(asPem(der))?.commonName).toBe('jane');
    const forged = Buffer.from(der);
    forged.write('jack', forged.indexOf('jane'));
    expect(readCertificateRequest(asPem(forged))).toBeUndefined();
    for (let length = 0; length < der.length; length += 7)
      expect(readCertificateRequest(asPem(der.subarray(0, length)))).toBeUndefined();
    expect(readCertificateRequest('nonsense')).toBeUndefined();
  });
});

describe('certificates that are signed', () => {
  const { ca } = createCertificates(now);
  const request = readCertificateRequest(fromOpenssl);
  if (!request) throw new Error('the request is not readable');
  const signed = (duration: number, usages = ['client auth', 'digital signature']): X509Certificate =>
    new X509Certificate(signRequest(ca, { request, usages, duration, now }));

  it('carry the key, the subject and the names that were asked for, and the usages that were approved', () => {
    const certificate = signed(24 * hour);
    expect(certificate.verify(createPublicKey(ca.cert))).toBe(true);
    expect(certificate.checkIssued(new X509Certificate(ca.cert))).toBe(true);
    expect(certificate.subject).toBe('CN=jane\nO=devs\nO=x');
    expect(certificate.subjectAltName).toBe('DNS:a.b, IP Address:1.2.3.4, email:j@x.y, URI:http://u');
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(certificate.ca).toBe(false);
    expect(certificate.publicKey.export({ type: 'spki', format: 'der' })).toEqual(request.publicKey);
  });

  it.each([
    ['a day, from five minutes ago on', 24 * hour, -5, 24 * 60 - 5],
    ['an hour, from now on', hour, -5, 60],
  ])('last %s', (_, duration, from, to) => {
    const certificate = signed(duration);
    const minutes = (text: string): number => (Date.parse(text) - now) / 60_000;
    expect([minutes(certificate.validFrom), minutes(certificate.validTo)]).toEqual([from, to]);
  });

  it('do not outlive the CA', () => {
    expect(signed(100 * 365 * 24 * hour).validTo).toBe(new X509Certificate(ca.cert).validTo);
  });
});
