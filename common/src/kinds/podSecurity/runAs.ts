/** Nothing runs as root: restricted wants that said (runAsNonRoot) and, since 1.23, not contradicted (runAsUser). */
import type { Check, CheckedPod, Violation } from './check.ts';
import { containersWhere } from './containersOf.ts';
import { unlessUserNamespace, userNamespaceExemptSince } from './userNamespaces.ts';
import { containersNamed, setters } from './wording.ts';

export const runAsNonRoot: Check = {
  id: 'runAsNonRoot',
  level: 'restricted',
  rules: [
    { since: 0, rule: saysNonRoot },
    { since: userNamespaceExemptSince, rule: unlessUserNamespace(saysNonRoot) },
  ],
};

export const runAsUser: Check = {
  id: 'runAsUser',
  level: 'restricted',
  rules: [
    { since: 23, rule: isNotUserZero },
    { since: userNamespaceExemptSince, rule: unlessUserNamespace(isNotUserZero) },
  ],
};

function saysNonRoot({ spec }: CheckedPod): Violation | undefined {
  const reason = 'runAsNonRoot != true';
  const ofPod = spec.securityContext?.runAsNonRoot;
  const denying = containersWhere(spec, (settings) => settings.runAsNonRoot === false);
  if (ofPod === false || denying.length > 0) {
    return { reason, detail: `${setters(ofPod === false, denying)} must not set securityContext.runAsNonRoot=false` };
  }
  if (ofPod === true) return undefined;
  const silent = containersWhere(spec, (settings) => settings.runAsNonRoot === undefined);
  if (silent.length === 0) return undefined;
  return { reason, detail: `pod or ${containersNamed(silent)} must set securityContext.runAsNonRoot=true` };
}

function isNotUserZero({ spec }: CheckedPod): Violation | undefined {
  const pod = spec.securityContext?.runAsUser === 0;
  const containers = containersWhere(spec, (settings) => settings.runAsUser === 0);
  if (!pod && containers.length === 0) return undefined;
  return { reason: 'runAsUser=0', detail: `${setters(pod, containers)} must not set runAsUser=0` };
}
