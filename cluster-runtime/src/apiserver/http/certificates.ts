/**
 * The cluster's own certificates: a CA, the API server's serving certificate, the administrator's client certificate,
 * and the key that signs service accounts' tokens. All keys are ECDSA P-256, which are made in a millisecond. The few
 * structures that a certificate takes are written here directly: a library for them costs more start-up time than the
 * whole API server.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import { isIPv4 } from 'node:net';
import {
  bitString,
  explicit,
  implicit,
  integer,
  octetString,
  oid,
  pem,
  sequence,
  set,
  time,
  truth,
  utf8,
} from '../../pki/der.ts';

export interface KeyAndCertificate {
  /** PEM. */
  readonly cert: string;
  /** PEM, PKCS #8. */
  readonly key: string;
}

export interface ClusterCertificates {
  readonly ca: KeyAndCertificate;
  readonly serving: KeyAndCertificate;
  readonly admin: KeyAndCertificate;
  /** Signs service accounts' tokens; PEM. */
  readonly serviceAccountKey: string;
}

export interface CertificateRequest {
  readonly commonName: string;
  readonly organizations?: readonly string[];
  /** DNS names and IPv4 addresses. */
  readonly names?: readonly string[];
  readonly usage: 'ca' | 'server' | 'client';
  readonly notBefore: number;
  readonly notAfter: number;
}

const day = 24 * 3600 * 1000;
const lifetime = 3650 * day;

/** What the API server is called, from outside and from inside the cluster. */
export const servingNames = [
  'localhost',
  '127.0.0.1',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
  '10.96.0.1',
];

const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'));
const extendedUsages = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' } as const;

function distinguishedName(request: CertificateRequest): Buffer {
  const part = (type: string, text: string): Buffer => set(sequence(oid(type), utf8(text)));
  return sequence(...(request.organizations ?? []).map((name) => part('2.5.4.10', name)), part('2.5.4.3', request.commonName));
}

const extension = (id: string, critical: boolean, content: Buffer): Buffer =>
  sequence(oid(id), ...(critical ? [truth()] : []), octetString(content));

function alternativeName(name: string): Buffer {
  return isIPv4(name) ? implicit(7, Buffer.from(name.split('.').map(Number))) : implicit(2, Buffer.from(name, 'latin1'));
}

const keyIdentifier = (spki: Buffer): Buffer => createHash('sha256').update(spki).digest().subarray(0, 20);

function extensions(request: CertificateRequest, spki: Buffer, issuerSpki: Buffer): Buffer {
  const all = [
    extension('2.5.29.19', true, request.usage === 'ca' ? sequence(truth()) : sequence()),
    // digitalSignature; a CA also keyCertSign and cRLSign.
    extension('2.5.29.15', true, request.usage === 'ca' ? bitString(Buffer.from([0x86]), 1) : bitString(Buffer.from([0x80]), 7)),
    extension('2.5.29.14', false, octetString(keyIdentifier(spki))),
    extension('2.5.29.35', false, sequence(implicit(0, keyIdentifier(issuerSpki)))),
  ];
  if (request.usage !== 'ca') all.push(extension('2.5.29.37', false, sequence(oid(extendedUsages[request.usage]))));
  if (request.names?.length) all.push(extension('2.5.29.17', false, sequence(...request.names.map(alternativeName))));
  return explicit(3, sequence(...all));
}

/** Signs a certificate for `publicKey` (SPKI, DER). Without an issuer it signs itself with `signingKey`. */
export function issueCertificate(
  request: CertificateRequest,
  publicKey: Buffer,
  issuer: { name: Buffer; key: string } | { key: string },
): string {
  const signingKey = createPrivateKey(issuer.key);
  const issuerSpki = createPublicKey(signingKey).export({ type: 'spki', format: 'der' });
  const subject = distinguishedName(request);
  const toBeSigned = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(randomBytes(16)),
    ecdsaWithSha256,
    'name' in issuer ? issuer.name : subject,
    sequence(time(request.notBefore), time(request.notAfter)),
    subject,
    publicKey,
    extensions(request, publicKey, issuerSpki),
  );
  return pem('CERTIFICATE', sequence(toBeSigned, ecdsaWithSha256, bitString(sign('sha256', toBeSigned, signingKey))));
}

function newKey(): { key: string; spki: Buffer } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    spki: publicKey.export({ type: 'spki', format: 'der' }),
  };
}

const authority = { commonName: 'kube-playground-ca', usage: 'ca' } as const;

/** Makes all certificates of a new cluster. `now`: real milliseconds, since clients check them by their own clocks. */
export function createCertificates(now: number, names: readonly string[] = servingNames): ClusterCertificates {
  const validity = { notBefore: now - day, notAfter: now + lifetime };
  const ca = newKey();
  const caRequest = { ...authority, ...validity };
  const caCertificate = issueCertificate(caRequest, ca.spki, { key: ca.key });
  const issuer = { name: distinguishedName(caRequest), key: ca.key };
  const signed = (request: Omit<CertificateRequest, 'notBefore' | 'notAfter'>): KeyAndCertificate => {
    const { key, spki } = newKey();
    return { key, cert: issueCertificate({ ...request, ...validity }, spki, issuer) };
  };
  return {
    ca: { cert: caCertificate, key: ca.key },
    serving: signed({ commonName: 'kube-apiserver', names, usage: 'server' }),
    admin: signed({ commonName: 'kubernetes-admin', organizations: ['system:masters'], usage: 'client' }),
    serviceAccountKey: newKey().key,
  };
}

/** Whether the certificates are still good at `now` and for a while after. */
export function certificatesValid(certificates: ClusterCertificates, now: number): boolean {
  const soon = now + 30 * day;
  return [certificates.ca, certificates.serving, certificates.admin].every(({ cert }) => {
    const parsed = new X509Certificate(cert);
    return Date.parse(parsed.validFrom) <= now && Date.parse(parsed.validTo) > soon;
  });
}
