/** Annotations that once were a pod's settings and are still checked: seccomp and AppArmor profiles. */
import { invalid } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import type * as api from '#common/schema/generated/types.ts';
import { addProblems, descendingPathProblems, type Errors } from './fieldRules.ts';

const seccompPod = 'seccomp.security.alpha.kubernetes.io/pod';
const seccompContainer = 'container.seccomp.security.alpha.kubernetes.io/';
const appArmor = 'container.apparmor.security.beta.kubernetes.io/';
const mirror = 'kubernetes.io/config.mirror';

export function validatePodAnnotations(
  annotations: Record<string, string>,
  spec: api.PodSpec,
  path: FieldPath,
  errors: Errors,
): void {
  for (const key in annotations) {
    const value = annotations[key] ?? '';
    if (key === seccompPod) validateSeccomp(value, path.child(key), errors);
    else if (key.startsWith(seccompContainer)) validateSeccomp(value, path.child(key), errors);
    else if (key.startsWith(appArmor)) validateAppArmor(key, value, spec, path, errors);
    else if (key === mirror && !spec.nodeName) {
      errors.push(invalid(path.key(mirror), value, 'must set spec.nodeName if mirror pod annotation is set'));
    }
  }
}

function validateSeccomp(profile: string, path: FieldPath, errors: Errors): void {
  if (profile === 'runtime/default' || profile === 'docker/default' || profile === 'unconfined') return;
  if (profile.startsWith('localhost/')) {
    const local = profile.slice('localhost/'.length);
    addProblems(local, descendingPathProblems(local), path, errors);
  } else {
    errors.push(invalid(path, profile, 'must be a valid seccomp profile'));
  }
}

function validateAppArmor(key: string, profile: string, spec: api.PodSpec, path: FieldPath, errors: Errors): void {
  const name = key.slice(appArmor.length);
  const all = [...(spec.initContainers ?? []), ...(spec.containers ?? []), ...(spec.ephemeralContainers ?? [])];
  if (!all.some((container) => container.name === name)) errors.push(invalid(path.key(key), name, 'container not found'));
  const valid = profile === '' || profile === 'runtime/default' || profile === 'unconfined' || profile.startsWith('localhost/');
  if (!valid) errors.push(invalid(path.key(key), profile, `invalid AppArmor profile name: ${JSON.stringify(profile)}`));
}
