/**
 * The tokens of service accounts: signed JWTs (ES256), good for an audience and a time, and only as long as the account,
 * and the pod, secret or node they are bound to, lives.
 */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { KubeObject, ObjectKey } from '#common/api/meta.ts';
import { hasReason } from '#common/api/status.ts';
import { invalidSinceLabel } from '#common/kinds/legacyToken.ts';
import type { Clock } from '#common/base/clock.ts';
import type { Random } from '#common/base/random.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Registry, User } from '../registry/registry.ts';

export const defaultIssuer = 'https://kubernetes.default.svc';
const legacyIssuer = 'kubernetes/serviceaccount';
/** How long a token outlives the deletion of what it is bound to: until the object's own grace period and this. */
const deletedObjectGraceMs = 60_000;

interface Named {
  readonly name: string;
  readonly uid: string;
}

interface KubernetesClaims {
  readonly namespace: string;
  readonly serviceaccount: Named;
  readonly pod?: Named;
  readonly secret?: Named;
  readonly node?: Named;
}

interface Claims {
  readonly iss: string;
  readonly sub: string;
  readonly aud?: readonly string[];
  readonly exp?: number;
  readonly nbf?: number;
  readonly iat?: number;
  readonly jti?: string;
  readonly 'kubernetes.io'?: KubernetesClaims;
  readonly 'kubernetes.io/serviceaccount/namespace'?: string;
  readonly 'kubernetes.io/serviceaccount/secret.name'?: string;
  readonly 'kubernetes.io/serviceaccount/service-account.name'?: string;
  readonly 'kubernetes.io/serviceaccount/service-account.uid'?: string;
}

export interface TokenSubject {
  readonly account: ObjectKey & { readonly uid: string };
  readonly audiences: readonly string[];
  readonly expirationSeconds: number;
  readonly pod?: Named;
  readonly secret?: Named;
  readonly node?: Named;
}

export interface ServiceAccountTokensOptions {
  /** An EC P-256 private key, PEM. */
  readonly privateKey: string;
  readonly registry: Registry;
  readonly clock: Clock;
  readonly random: Random;
  readonly issuer?: string;
  /** Hears that the token of a Secret was shown, even one that is no longer good. */
  readonly noteUse?: (secret: api.Secret) => void;
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signatures that were found good, by token; a token is checked once and its claims every time. */
const maxVerified = 2000;

export class ServiceAccountTokens {
  readonly issuer: string;
  readonly #options: ServiceAccountTokensOptions;
  readonly #key: KeyObject;
  readonly #publicKey: KeyObject;
  readonly #keyId: string;
  readonly #verified = new Map<string, Claims>();

  constructor(options: ServiceAccountTokensOptions) {
    this.#options = options;
    this.issuer = options.issuer ?? defaultIssuer;
    this.#key = createPrivateKey(options.privateKey);
    this.#publicKey = createPublicKey(this.#key);
    this.#keyId = createHash('sha256')
      .update(this.#publicKey.export({ type: 'spki', format: 'der' }))
      .digest('base64url');
  }

  /** Makes a token; `expiration` is when it ends, in the cluster's milliseconds. */
  issue(subject: TokenSubject): { token: string; expiration: number } {
    const now = Math.floor(this.#options.clock.now() / 1000);
    const exp = now + subject.expirationSeconds;
    const { account, pod, secret, node } = subject;
    const claims: Claims = {
      aud: subject.audiences,
      exp,
      iat: now,
      iss: this.issuer,
      jti: this.#options.random.uuid(),
      'kubernetes.io': {
        namespace: account.namespace,
        ...(node ? { node } : {}),
        ...(pod ? { pod } : {}),
        ...(secret ? { secret } : {}),
        serviceaccount: { name: account.name, uid: account.uid },
      },
      nbf: now,
      sub: `system:serviceaccount:${account.namespace}:${account.name}`,
    };
    return { token: this.#sign(claims), expiration: exp * 1000 };
  }

  /** The token of a Secret of type kubernetes.io/service-account-token: it never ends. */
  issueForSecret(account: ObjectKey & { uid: string }, secretName: string): string {
    return this.#sign({
      iss: legacyIssuer,
      'kubernetes.io/serviceaccount/namespace': account.namespace,
      'kubernetes.io/serviceaccount/secret.name': secretName,
      'kubernetes.io/serviceaccount/service-account.name': account.name,
      'kubernetes.io/serviceaccount/service-account.uid': account.uid,
      sub: `system:serviceaccount:${account.namespace}:${account.name}`,
    });
  }

  /** The user of a token that is good now for one of `audiences`; undefined for every other. */
  authenticate(token: string, audiences: readonly string[]): { user: User; audiences: readonly string[] } | undefined {
    const claims = this.#claims(token);
    if (!claims) return undefined;
    if (claims.iss === legacyIssuer) return this.#authenticateLegacy(token, claims, audiences);
    const kubernetes = claims['kubernetes.io'];
    if (claims.iss !== this.issuer || !kubernetes) return undefined;
    const now = this.#options.clock.now() / 1000;
    if (claims.exp === undefined || now >= claims.exp || (claims.nbf !== undefined && now < claims.nbf)) return undefined;
    const good = audiences.filter((audience) => claims.aud?.includes(audience));
    if (good.length === 0 || !this.#alive(kubernetes)) return undefined;
    return { user: userOf(kubernetes, claims.jti), audiences: good };
  }

  #authenticateLegacy(
    token: string,
    claims: Claims,
    audiences: readonly string[],
  ): { user: User; audiences: readonly string[] } | undefined {
    const namespace = claims['kubernetes.io/serviceaccount/namespace'] ?? '';
    const name = claims['kubernetes.io/serviceaccount/service-account.name'] ?? '';
    const uid = claims['kubernetes.io/serviceaccount/service-account.uid'] ?? '';
    const secretKey = { namespace, name: claims['kubernetes.io/serviceaccount/secret.name'] ?? '' };
    const secret = this.#find('secrets', secretKey) as api.Secret | undefined;
    const stored = secret?.data?.['token'];
    if (!secret || stored === undefined || Buffer.from(stored, 'base64').toString() !== token) return undefined;
    const kubernetes = { namespace, serviceaccount: { name, uid } };
    if (!this.#alive(kubernetes) || !audiences.includes(this.issuer)) return undefined;
    this.#options.noteUse?.(secret);
    if (this.#isInvalidated(secret, { namespace, name })) return undefined;
    return { user: userOf(kubernetes, undefined), audiences: [this.issuer] };
  }

  /** Whether the Secret was marked as unused. Only those that their account lists are: others were made by hand. */
  #isInvalidated({ metadata: { labels, name } }: api.Secret, account: ObjectKey): boolean {
    if (!labels?.[invalidSinceLabel]) return false;
    const { secrets } = (this.#find('serviceaccounts', account) ?? {}) as Partial<api.ServiceAccount>;
    return secrets?.some((reference) => reference.name === name) ?? false;
  }

  /** Public keys for whoever checks tokens on their own. */
  jwks(): { keys: Record<string, unknown>[] } {
    return { keys: [{ use: 'sig', ...this.#publicKey.export({ format: 'jwk' }), kid: this.#keyId, alg: 'ES256' }] };
  }

  #sign(claims: Claims): string {
    const text = `${encode({ alg: 'ES256', kid: this.#keyId })}.${encode(claims)}`;
    const signature = sign('sha256', Buffer.from(text), { key: this.#key, dsaEncoding: 'ieee-p1363' });
    return `${text}.${signature.toString('base64url')}`;
  }

  #claims(token: string): Claims | undefined {
    const known = this.#verified.get(token);
    if (known) return known;
    const parts = token.split('.');
    const [header, payload, signature] = parts;
    if (parts.length !== 3 || !header || !payload || !signature) return undefined;
    const key = { key: this.#publicKey, dsaEncoding: 'ieee-p1363' as const };
    if (!verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'))) return undefined;
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims;
    if (this.#verified.size >= maxVerified) this.#verified.clear();
    this.#verified.set(token, claims);
    return claims;
  }

  /** Whether the account and what the token is bound to are still the same objects. */
  #alive(claims: KubernetesClaims): boolean {
    const { namespace, serviceaccount, pod, secret, node } = claims;
    return (
      this.#same('serviceaccounts', { namespace, name: serviceaccount.name }, serviceaccount.uid) &&
      (!secret || this.#same('secrets', { namespace, name: secret.name }, secret.uid)) &&
      (pod
        ? this.#same('pods', { namespace, name: pod.name }, pod.uid)
        : !node || this.#same('nodes', { namespace: '', name: node.name }, node.uid))
    );
  }

  #same(plural: string, key: ObjectKey, uid: string): boolean {
    const object = this.#find(plural, key);
    if (object?.metadata.uid !== uid) return false;
    const deleted = object.metadata.deletionTimestamp;
    return !deleted || this.#options.clock.now() < Date.parse(deleted) + deletedObjectGraceMs;
  }

  #find(plural: string, key: ObjectKey): KubeObject | undefined {
    return findObject(this.#options.registry, plural, key);
  }
}

/** An object of the core group, or undefined. */
export function findObject(registry: Registry, plural: string, key: ObjectKey): KubeObject | undefined {
  try {
    return registry.resource('', 'v1', plural)?.get(key).object;
  } catch (error) {
    if (hasReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

function userOf(claims: KubernetesClaims, jti: string | undefined): User {
  const { namespace, serviceaccount, pod, node } = claims;
  const extra: Record<string, readonly string[]> = {
    ...(jti ? { 'authentication.kubernetes.io/credential-id': [`JTI=${jti}`] } : {}),
    ...(node
      ? { 'authentication.kubernetes.io/node-name': [node.name], 'authentication.kubernetes.io/node-uid': [node.uid] }
      : {}),
    ...(pod ? { 'authentication.kubernetes.io/pod-name': [pod.name], 'authentication.kubernetes.io/pod-uid': [pod.uid] } : {}),
  };
  return {
    name: `system:serviceaccount:${namespace}:${serviceaccount.name}`,
    uid: serviceaccount.uid,
    groups: serviceAccountGroups(namespace),
    ...(Object.keys(extra).length > 0 ? { extra } : {}),
  };
}

export const serviceAccountGroups = (namespace: string): string[] => [
  'system:serviceaccounts',
  `system:serviceaccounts:${namespace}`,
];
