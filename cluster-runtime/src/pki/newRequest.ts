/** A new key and a request for a certificate of it: what a machine sends that joins. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { bitString, explicit, integer, oid, pem, sequence, set, utf8 } from './der.ts';

export interface NewRequest {
  /** PEM, PKCS #8. */
  readonly key: string;
  /** PEM, PKCS #10. */
  readonly request: string;
}

/** An ECDSA P-256 key; `organizations` are the groups of the user `commonName`. */
export function newCertificateRequest(commonName: string, organizations: readonly string[]): NewRequest {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const part = (type: string, text: string): Buffer => set(sequence(oid(type), utf8(text)));
  const info = sequence(
    integer(Buffer.from([0])),
    sequence(...organizations.map((name) => part('2.5.4.10', name)), part('2.5.4.3', commonName)),
    publicKey.export({ type: 'spki', format: 'der' }),
    // No attributes.
    explicit(0, Buffer.alloc(0)),
  );
  const algorithm = sequence(oid('1.2.840.10045.4.3.2'));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    request: pem('CERTIFICATE REQUEST', sequence(info, algorithm, bitString(sign('sha256', info, privateKey)))),
  };
}
