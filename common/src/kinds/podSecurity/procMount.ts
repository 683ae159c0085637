/** /proc stays masked. Baseline lets pods with a user namespace off since 1.35; restricted has a check of its own from then on. */
import type { Check, CheckedPod, Violation } from './check.ts';
import { containersOf } from './containersOf.ts';
import { unlessUserNamespace, userNamespaceExemptSince } from './userNamespaces.ts';
import { containersNamed, distinct, quoted } from './wording.ts';

export const procMountBaseline: Check = {
  id: 'procMount',
  level: 'baseline',
  rules: [
    { since: 0, rule: isMasked },
    { since: userNamespaceExemptSince, rule: unlessUserNamespace(isMasked) },
  ],
};

export const procMountRestricted: Check = {
  id: 'procMount_restricted',
  level: 'restricted',
  replaces: procMountBaseline.id,
  rules: [{ since: userNamespaceExemptSince, rule: isMasked }],
};

function isMasked({ spec }: CheckedPod): Violation | undefined {
  const unmasked = containersOf(spec).filter(({ securityContext }) => (securityContext?.procMount ?? 'Default') !== 'Default');
  if (unmasked.length === 0) return undefined;
  const values = distinct(unmasked.map(({ securityContext }) => securityContext?.procMount ?? ''));
  const names = unmasked.map(({ name }) => name);
  return { reason: 'procMount', detail: `${containersNamed(names)} must not set securityContext.procMount to ${quoted(values)}` };
}
