/** Capabilities of containers: baseline keeps to those that runtimes give anyway, restricted drops all and adds one at most. */
import type { Check, CheckedPod, Violation } from './check.ts';
import { containersOf, containersWhere } from './containersOf.ts';
import { unlessWindows, windowsExemptSince } from './windows.ts';
import { containersNamed, distinct, quoted } from './wording.ts';

const usual = new Set([
  'AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE', 'SETFCAP', 'SETGID', 'SETPCAP',
  'SETUID', 'SYS_CHROOT',
]); // prettier-ignore

const privilegedPort = new Set(['NET_BIND_SERVICE']);

export const capabilitiesBaseline: Check = {
  id: 'capabilities_baseline',
  level: 'baseline',
  rules: [{ since: 0, rule: addsUsualOnly }],
};

export const capabilitiesRestricted: Check = {
  id: 'capabilities_restricted',
  level: 'restricted',
  replaces: capabilitiesBaseline.id,
  rules: [
    { since: 22, rule: dropsAll },
    { since: windowsExemptSince, rule: unlessWindows(dropsAll) },
  ],
};

function addsUsualOnly(pod: CheckedPod): Violation | undefined {
  const detail = additionsBeyond(usual, pod);
  return detail === undefined ? undefined : { reason: 'non-default capabilities', detail };
}

function dropsAll(pod: CheckedPod): Violation | undefined {
  const keeping = containersWhere(pod.spec, ({ capabilities }) => !capabilities?.drop?.includes('ALL'));
  const details: string[] = [];
  if (keeping.length > 0) details.push(`${containersNamed(keeping)} must set securityContext.capabilities.drop=["ALL"]`);
  const additions = additionsBeyond(privilegedPort, pod);
  if (additions !== undefined) details.push(additions);
  return details.length === 0 ? undefined : { reason: 'unrestricted capabilities', detail: details.join('; ') };
}

function additionsBeyond(allowed: ReadonlySet<string>, { spec }: CheckedPod): string | undefined {
  const names: string[] = [];
  const beyond: string[] = [];
  for (const { name, securityContext } of containersOf(spec)) {
    const added = securityContext?.capabilities?.add?.filter((capability) => !allowed.has(capability)) ?? [];
    if (added.length > 0) names.push(name);
    beyond.push(...added);
  }
  if (names.length === 0) return undefined;
  return `${containersNamed(names)} must not include ${quoted(distinct(beyond))} in securityContext.capabilities.add`;
}
