/** No container is as mighty as its node, and under restricted none becomes mightier than it was started. */
import type { Check, CheckedPod, Violation } from './check.ts';
import { containersWhere } from './containersOf.ts';
import { unlessWindows, windowsExemptSince } from './windows.ts';
import { containersNamed } from './wording.ts';

export const privileged: Check = { id: 'privileged', level: 'baseline', rules: [{ since: 0, rule: isNotPrivileged }] };

export const allowPrivilegeEscalation: Check = {
  id: 'allowPrivilegeEscalation',
  level: 'restricted',
  rules: [
    { since: 8, rule: doesNotEscalate },
    { since: windowsExemptSince, rule: unlessWindows(doesNotEscalate) },
  ],
};

function isNotPrivileged({ spec }: CheckedPod): Violation | undefined {
  const names = containersWhere(spec, (settings) => settings.privileged === true);
  if (names.length === 0) return undefined;
  return { reason: 'privileged', detail: `${containersNamed(names)} must not set securityContext.privileged=true` };
}

function doesNotEscalate({ spec }: CheckedPod): Violation | undefined {
  const names = containersWhere(spec, (settings) => settings.allowPrivilegeEscalation !== false);
  if (names.length === 0) return undefined;
  return {
    reason: 'allowPrivilegeEscalation != false',
    detail: `${containersNamed(names)} must set securityContext.allowPrivilegeEscalation=false`,
  };
}
