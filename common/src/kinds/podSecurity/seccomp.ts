/** Seccomp: annotations up to 1.18, fields from then on. Baseline forbids turning it off, restricted wants it turned on. */
import type { Check, CheckedPod, Violation } from './check.ts';
import { containersOf, containersWhere } from './containersOf.ts';
import { unlessWindows, windowsExemptSince } from './windows.ts';
import { containersNamed, distinct, plural, quoted, setters } from './wording.ts';

const reason = 'seccompProfile';
const podAnnotation = 'seccomp.security.alpha.kubernetes.io/pod';
const containerPrefix = 'container.seccomp.security.alpha.kubernetes.io/';
const fieldsSince = 19;

export const seccompBaseline: Check = {
  id: 'seccompProfile_baseline',
  level: 'baseline',
  rules: [
    { since: 0, rule: annotationsLeaveItOn },
    { since: fieldsSince, rule: fieldsLeaveItOn },
  ],
};

export const seccompRestricted: Check = {
  id: 'seccompProfile_restricted',
  level: 'restricted',
  replaces: seccompBaseline.id,
  rules: [
    { since: fieldsSince, rule: fieldsTurnItOn },
    { since: windowsExemptSince, rule: unlessWindows(fieldsTurnItOn) },
  ],
};

function annotationsLeaveItOn({ metadata, spec }: CheckedPod): Violation | undefined {
  const annotations = metadata.annotations ?? {};
  const keys = [podAnnotation, ...containersOf(spec).map(({ name }) => containerPrefix + name)];
  const wrong = keys
    .filter((key) => Object.hasOwn(annotations, key) && !isAllowedAnnotation(annotations[key] ?? ''))
    .map((key) => `${key}="${annotations[key]}"`);
  if (wrong.length === 0) return undefined;
  return { reason, detail: `forbidden ${plural('annotation', wrong.length)} ${distinct(wrong).join(', ')}` };
}

const isAllowedAnnotation = (profile: string): boolean =>
  profile === 'runtime/default' || profile === 'docker/default' || profile.startsWith('localhost/');

function fieldsLeaveItOn({ spec }: CheckedPod): Violation | undefined {
  const values: string[] = [];
  const isOff = (type: string | undefined): boolean => {
    if (type === undefined || isOn(type)) return false;
    values.push(type);
    return true;
  };
  const pod = isOff(spec.securityContext?.seccompProfile?.type);
  const containers = containersWhere(spec, ({ seccompProfile }) => isOff(seccompProfile?.type));
  if (values.length === 0) return undefined;
  return {
    reason,
    detail: `${setters(pod, containers)} must not set securityContext.seccompProfile.type to ${quoted(distinct(values))}`,
  };
}

const isOn = (type: string | undefined): boolean => type === 'RuntimeDefault' || type === 'Localhost';

function fieldsTurnItOn(pod: CheckedPod): Violation | undefined {
  const off = fieldsLeaveItOn(pod);
  const { spec } = pod;
  if (off || isOn(spec.securityContext?.seccompProfile?.type)) return off;
  const silent = containersWhere(spec, ({ seccompProfile }) => seccompProfile === undefined);
  if (silent.length === 0) return undefined;
  const places = `pod or ${containersNamed(silent)}`;
  return { reason, detail: `${places} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"` };
}
