/** SCRAM-SHA-256 (RFC 5802, 7677), both sides. */
import { createHash, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';

const iterations = 4096;
const keyBytes = 32;

const hmac = (key: Uint8Array, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const hash = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

function xor(a: Buffer, b: Buffer): Buffer {
  return Buffer.from(a.map((byte, index) => byte ^ (b[index] ?? 0)));
}

function fields(message: string): Map<string, string> {
  return new Map(message.split(',').map((part) => [part.slice(0, 1), part.slice(2)]));
}

/** What a server keeps of a password. */
export interface ScramSecret {
  readonly salt: Buffer;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

export function makeSecret(password: string, salt: Buffer): ScramSecret {
  const salted = pbkdf2Sync(password, salt, iterations, keyBytes, 'sha256');
  return { salt, storedKey: hash(hmac(salted, 'Client Key')), serverKey: hmac(salted, 'Server Key') };
}

export class ScramServer {
  readonly user: string;
  readonly first: string;
  readonly #secret: ScramSecret;
  readonly #clientBare: string;

  /** `find` gives the secret of a user; an unknown one fails only at the proof. Undefined for a malformed message. */
  static begin(message: string, nonce: string, find: (user: string) => ScramSecret): ScramServer | undefined {
    const bare = message.replace(/^n,[^,]*,/, '');
    const parts = fields(bare);
    const user = parts.get('n')?.replaceAll('=2C', ',').replaceAll('=3D', '=');
    const clientNonce = parts.get('r');
    if (user === undefined || clientNonce === undefined) return undefined;
    return new ScramServer(user, bare, clientNonce + nonce, find(user));
  }

  private constructor(user: string, clientBare: string, nonce: string, secret: ScramSecret) {
    this.user = user;
    this.#clientBare = clientBare;
    this.#secret = secret;
    this.first = `r=${nonce},s=${secret.salt.toString('base64')},i=${iterations}`;
  }

  /** The server's signature when the proof holds. */
  finish(message: string): string | undefined {
    const withoutProof = message.replace(/,p=[^,]*$/, '');
    const proof = Buffer.from(fields(message).get('p') ?? '', 'base64');
    const authMessage = `${this.#clientBare},${this.first},${withoutProof}`;
    const clientKey = xor(proof, hmac(this.#secret.storedKey, authMessage));
    if (proof.length !== keyBytes || !timingSafeEqual(hash(clientKey), this.#secret.storedKey)) return undefined;
    return `v=${hmac(this.#secret.serverKey, authMessage).toString('base64')}`;
  }
}

export class ScramClient {
  readonly first: string;
  readonly #bare: string;
  readonly #password: string;

  constructor(user: string, password: string, nonce: string) {
    this.#bare = `n=${user.replaceAll('=', '=3D').replaceAll(',', '=2C')},r=${nonce}`;
    this.first = `n,,${this.#bare}`;
    this.#password = password;
  }

  final(serverFirst: string): string {
    const parts = fields(serverFirst);
    const salted = pbkdf2Sync(
      this.#password,
      Buffer.from(parts.get('s') ?? '', 'base64'),
      Number(parts.get('i')),
      keyBytes,
      'sha256',
    );
    const clientKey = hmac(salted, 'Client Key');
    const withoutProof = `c=biws,r=${parts.get('r') ?? ''}`;
    const signature = hmac(hash(clientKey), `${this.#bare},${serverFirst},${withoutProof}`);
    return `${withoutProof},p=${xor(clientKey, signature).toString('base64')}`;
  }
}
