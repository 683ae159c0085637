/** Authenticates machines that join: a bootstrap token is good while its Secret is there, until it expires. */
import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '#common/base/clock.ts';
import {
  bootstrapTokenPrefix,
  hasExpired,
  isBootstrapToken,
  isFor,
  parseBootstrapToken,
  tokenField,
  tokenOf,
} from '#common/kinds/bootstrapToken.ts';
import type { Secret } from '#common/schema/generated/types.ts';
import type { User } from '../registry/registry.ts';

const bootstrappersGroup = 'system:bootstrappers';
const extraGroup = /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/;

export interface BootstrapTokensOptions {
  /** The Secret of this name in kube-system. */
  readonly secretNamed: (name: string) => Secret | undefined;
  readonly clock: Clock;
}

export class BootstrapTokens {
  readonly #options: BootstrapTokensOptions;

  constructor(options: BootstrapTokensOptions) {
    this.#options = options;
  }

  /** Who the token belongs to; undefined when it is none, or no longer good. */
  authenticate(text: string): User | undefined {
    const token = parseBootstrapToken(text);
    const secret = token && this.#options.secretNamed(bootstrapTokenPrefix + token.id);
    if (!secret || secret.metadata.deletionTimestamp || !isBootstrapToken(secret)) return undefined;
    const held = tokenOf(secret);
    if (!held || !sameText(held.secret, token.secret) || hasExpired(secret, this.#options.clock.now())) return undefined;
    const groups = isFor(secret, 'authentication') ? extraGroups(secret) : undefined;
    return groups && { name: `system:bootstrap:${token.id}`, groups: [bootstrappersGroup, ...groups] };
  }
}

/** Sorted, each once. Undefined when one of them is not for bootstrappers: such a token is good for nothing. */
function extraGroups(secret: Secret): string[] | undefined {
  const text = tokenField(secret, 'auth-extra-groups');
  const groups = text === '' ? [] : [...new Set(text.split(','))].sort();
  return groups.every((group) => extraGroup.test(group)) ? groups : undefined;
}

const sameText = (a: string, b: string): boolean => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
