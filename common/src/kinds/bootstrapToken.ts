/**
 * The tokens with which new machines join a cluster, `abcdef.0123456789abcdef`, and the Secrets that hold them:
 * `bootstrap-token-<id>` in kube-system, of a type of their own.
 */
import { parseTime } from '#common/api/time.ts';
import type { Secret } from '#common/schema/generated/types.ts';
import { textOfBase64 } from './validation/base64.ts';

export const bootstrapTokenType = 'bootstrap.kubernetes.io/token';
export const bootstrapTokenNamespace = 'kube-system';
export const bootstrapTokenPrefix = 'bootstrap-token-';

const tokenForm = /^([a-z0-9]{6})\.([a-z0-9]{16})$/;

export interface BootstrapToken {
  readonly id: string;
  readonly secret: string;
}

/** The two halves of a token; undefined for a text that is none. */
export function parseBootstrapToken(text: string): BootstrapToken | undefined {
  const [, id, secret] = tokenForm.exec(text) ?? [];
  return id !== undefined && secret !== undefined ? { id, secret } : undefined;
}

export const isBootstrapToken = ({ type, metadata }: Secret): boolean =>
  type === bootstrapTokenType && metadata.namespace === bootstrapTokenNamespace;

/** A field of the Secret as text; empty where there is none. */
export function tokenField({ data }: Secret, name: string): string {
  const value = data && Object.hasOwn(data, name) ? data[name] : undefined;
  return value ? textOfBase64(value) : '';
}

/** The token of a Secret; undefined for one whose name and content do not agree. */
export function tokenOf(secret: Secret): BootstrapToken | undefined {
  const token = parseBootstrapToken(`${tokenField(secret, 'token-id')}.${tokenField(secret, 'token-secret')}`);
  return token && secret.metadata.name === bootstrapTokenPrefix + token.id ? token : undefined;
}

/** When the token ends, in ms; undefined for one without an end. A time that nobody can read has passed. */
export function tokenExpiry(secret: Secret): number | undefined {
  const text = tokenField(secret, 'expiration');
  return text === '' ? undefined : (parseTime(text) ?? -Infinity);
}

export const hasExpired = (secret: Secret, now: number): boolean => (tokenExpiry(secret) ?? Infinity) <= now;

/** `usage-bootstrap-authentication`, `usage-bootstrap-signing`. */
export const isFor = (secret: Secret, usage: 'authentication' | 'signing'): boolean =>
  tokenField(secret, `usage-bootstrap-${usage}`) === 'true';
