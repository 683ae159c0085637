/** Certificate requests in PKCS #10, read for whoever judges or signs them. */
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { DerError, type DerValue, oidText, readAll, readOne } from './readDer.ts';

export interface CertificateRequest {
  readonly commonName: string;
  readonly organizations: readonly string[];
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly emailAddresses: readonly string[];
  readonly uris: readonly string[];
  /** The subject, the public key and the subjectAltName extension's value as they stand, for the certificate. */
  readonly subject: Buffer;
  readonly publicKey: Buffer;
  readonly alternativeNames: Buffer | undefined;
}

const extensionRequest = '1.2.840.113549.1.9.14';
const subjectAltName = '2.5.29.17';
const names = { commonName: '2.5.4.3', organization: '2.5.4.10' };
const generalName = { email: 0x81, dns: 0x82, uri: 0x86, ip: 0x87 };

/** By signature algorithm; null where the key says it all. */
const digests: Readonly<Record<string, string | null>> = {
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.3.101.112': null,
};

/** Reads PEM; undefined for what is no request, or one that its key has not signed. */
export function readCertificateRequest(pem: string): CertificateRequest | undefined {
  const base64 = /-----BEGIN CERTIFICATE REQUEST-----([^-]*)-----END CERTIFICATE REQUEST-----/.exec(pem)?.[1];
  if (base64 === undefined) return undefined;
  try {
    return read(Buffer.from(base64, 'base64'));
  } catch (error) {
    if (error instanceof DerError || isCryptoError(error)) return undefined;
    throw error;
  }
}

function read(der: Buffer): CertificateRequest | undefined {
  const [info, algorithm, signature] = readAll(readOne(der).content);
  if (!info || !algorithm || !signature) throw new DerError('not a certificate request');
  const [, subject, publicKey, attributes] = readAll(info.content);
  if (!subject || !publicKey) throw new DerError('no subject or no public key');
  const key = createPublicKey({ key: publicKey.raw, format: 'der', type: 'spki' });
  if (!isSignedBy(info, algorithm, signature, key)) return undefined;
  const alternativeNames = attributes && alternativeNamesOf(attributes);
  const general = alternativeNames ? readAll(readOne(alternativeNames).content) : [];
  const texts = (tag: number): string[] =>
    general.filter((name) => name.tag === tag).map(({ content }) => content.toString('latin1'));
  const all = subjectParts(subject);
  return {
    commonName: all.findLast(({ type }) => type === names.commonName)?.text ?? '',
    organizations: all.filter(({ type }) => type === names.organization).map(({ text }) => text),
    dnsNames: texts(generalName.dns),
    emailAddresses: texts(generalName.email),
    uris: texts(generalName.uri),
    ipAddresses: general.filter(({ tag }) => tag === generalName.ip).map(({ content }) => [...content].join('.')),
    subject: subject.raw,
    publicKey: publicKey.raw,
    alternativeNames,
  };
}

function isSignedBy(info: DerValue, algorithm: DerValue, signature: DerValue, key: KeyObject): boolean {
  const [type] = readAll(algorithm.content);
  const id = type ? oidText(type) : '';
  const digest = Object.hasOwn(digests, id) ? digests[id] : undefined;
  if (digest === undefined) return false;
  // The first octet counts unused bits, of which a signature has none.
  return verify(digest, info.raw, key, signature.content.subarray(1));
}

function subjectParts(subject: DerValue): { type: string; text: string }[] {
  return readAll(subject.content).flatMap((set) =>
    readAll(set.content).map((part) => {
      const [type, value] = readAll(part.content);
      // BMPString is the one form that is not readable as UTF-8.
      const bytes = value?.content ?? Buffer.alloc(0);
      const text = value?.tag === 0x1e ? Buffer.from(bytes).swap16().toString('utf16le') : bytes.toString('utf8');
      return { type: type ? oidText(type) : '', text };
    }),
  );
}

/** The value of the subjectAltName among the extensions that are asked for. */
function alternativeNamesOf(attributes: DerValue): Buffer | undefined {
  for (const attribute of readAll(attributes.content)) {
    const [type, values] = readAll(attribute.content);
    if (!type || !values || oidText(type) !== extensionRequest) continue;
    for (const extension of readAll(readOne(values.content).content)) {
      const parts = readAll(extension.content);
      const [id, value] = [parts[0], parts.at(-1)];
      if (id && value && oidText(id) === subjectAltName) return value.content;
    }
  }
  return undefined;
}

/** A public key that OpenSSL does not understand. */
const isCryptoError = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('ERR_');
