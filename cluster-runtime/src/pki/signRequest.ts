/** Signs certificate requests with the cluster's CA, as kube-controller-manager does: who asks gets what was approved. */
import { createHash, createPrivateKey, createPublicKey, randomBytes, sign, X509Certificate } from 'node:crypto';
import type { CertificateRequest } from './certificateRequest.ts';
import { bitString, explicit, implicit, integer, octetString, oid, pem, sequence, time, truth } from './der.ts';
import { readAll, readOne } from './readDer.ts';

export interface Signer {
  /** Of the CA; PEM. */
  readonly cert: string;
  readonly key: string;
}

export interface SigningOrder {
  readonly request: CertificateRequest;
  /** As a CertificateSigningRequest spells them: `client auth`, `digital signature`. */
  readonly usages: readonly string[];
  /** For how long, in ms. */
  readonly duration: number;
  /** Real milliseconds, since clients check certificates by their own clocks. */
  readonly now: number;
}

/** Clocks differ. */
const backdateMs = 5 * 60_000;
/** Certificates that are to last less than this last it from now on. */
const shortMs = 8 * 3_600_000;

/** Their bits, from the most significant of the first octet on. */
const keyUsages: Readonly<Record<string, number>> = {
  'digital signature': 0,
  signing: 0,
  'content commitment': 1,
  'key encipherment': 2,
  'data encipherment': 3,
  'key agreement': 4,
};
const extendedUsages: Readonly<Record<string, string>> = {
  'server auth': '1.3.6.1.5.5.7.3.1',
  'client auth': '1.3.6.1.5.5.7.3.2',
};

const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'));

export function signRequest(ca: Signer, { request, usages, duration, now }: SigningOrder): string {
  const authority = new X509Certificate(ca.cert);
  const signingKey = createPrivateKey(ca.key);
  const issuerKey = createPublicKey(signingKey).export({ type: 'spki', format: 'der' });
  const notBefore = now - backdateMs;
  const notAfter = Math.min(duration < shortMs ? now + duration : notBefore + duration, Date.parse(authority.validTo));
  const toBeSigned = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(randomBytes(16)),
    ecdsaWithSha256,
    subjectOf(authority),
    sequence(time(notBefore), time(notAfter)),
    request.subject,
    request.publicKey,
    explicit(3, sequence(...extensions(request, usages, issuerKey))),
  );
  return pem('CERTIFICATE', sequence(toBeSigned, ecdsaWithSha256, bitString(sign('sha256', toBeSigned, signingKey))));
}

const extension = (id: string, critical: boolean, content: Buffer): Buffer =>
  sequence(oid(id), ...(critical ? [truth()] : []), octetString(content));

function extensions(request: CertificateRequest, usages: readonly string[], issuerKey: Buffer): Buffer[] {
  const bits = usages.flatMap((usage) => (Object.hasOwn(keyUsages, usage) ? [keyUsages[usage] ?? 0] : []));
  const octet = bits.reduce((sum, bit) => sum | (0x80 >> bit), 0);
  const extended = usages.flatMap((usage) => (Object.hasOwn(extendedUsages, usage) ? [oid(extendedUsages[usage] ?? '')] : []));
  return [
    ...(bits.length > 0 ? [extension('2.5.29.15', true, bitString(Buffer.from([octet]), 7 - Math.max(...bits)))] : []),
    ...(extended.length > 0 ? [extension('2.5.29.37', false, sequence(...extended))] : []),
    extension('2.5.29.19', true, sequence()),
    extension('2.5.29.35', false, sequence(implicit(0, createHash('sha256').update(issuerKey).digest().subarray(0, 20)))),
    ...(request.alternativeNames ? [extension('2.5.29.17', false, request.alternativeNames)] : []),
  ];
}

/** The name by which a CA's certificates name it: the sixth part of its own, after version, serial, algorithm, issuer, time. */
function subjectOf(authority: X509Certificate): Buffer {
  const [body] = readAll(readOne(authority.raw).content);
  const subject = body && readAll(body.content)[5];
  return subject?.raw ?? Buffer.alloc(0);
}
