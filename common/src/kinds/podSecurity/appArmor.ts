/** No AppArmor profile is turned off, by field or by the annotations of old. */
import type { Check, CheckedPod, Violation } from './check.ts';
import { containersWhere } from './containersOf.ts';
import { distinct, plural, quoted, setters } from './wording.ts';

const annotationPrefix = 'container.apparmor.security.beta.kubernetes.io/';

export const appArmorProfile: Check = {
  id: 'appArmorProfile',
  level: 'baseline',
  rules: [{ since: 0, rule: forbidsUnconfined }],
};

function forbidsUnconfined({ metadata, spec }: CheckedPod): Violation | undefined {
  const values: string[] = [];
  const allowed = (type: string | undefined): boolean => {
    if (type === undefined || type === 'RuntimeDefault' || type === 'Localhost') return true;
    values.push(type);
    return false;
  };
  const pod = !allowed(spec.securityContext?.appArmorProfile?.type);
  const containers = containersWhere(spec, ({ appArmorProfile }) => !allowed(appArmorProfile?.type));
  const annotations = Object.entries(metadata.annotations ?? {}).filter(
    ([key, profile]) => key.startsWith(annotationPrefix) && !isAllowedAnnotation(profile),
  );
  values.push(...annotations.map(([key, profile]) => `${key}="${profile}"`));
  if (values.length === 0) return undefined;
  const who = [setters(pod, containers), annotations.length > 0 ? plural('annotation', annotations.length) : ''];
  const forbidden = distinct(values);
  return {
    reason: `forbidden AppArmor ${plural('profile', forbidden.length)}`,
    detail: `${who.filter(Boolean).join(' and ')} must not set AppArmor profile type to ${quoted(forbidden)}`,
  };
}

const isAllowedAnnotation = (profile: string): boolean =>
  profile === '' || profile === 'runtime/default' || profile.startsWith('localhost/');
