/** What an update, a plain one or one of the status, may not do to a pod's annotations: some say what the pod was made with. */
import { type FieldError, forbidden } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import type * as api from '#common/schema/generated/types.ts';
import { validatePodAnnotations } from '../podSpec/podAnnotations.ts';
import { appArmorPrefix } from './appArmorAnnotations.ts';

const mirror = 'kubernetes.io/config.mirror';
const path = FieldPath.of('metadata', 'annotations');

/** Kubernetes checks the annotations themselves once more here, so that a plain update tells their problems twice. */
export function validateAnnotationsUpdate({ metadata, spec }: api.Pod, old: api.Pod): FieldError[] {
  const [now, before] = [metadata.annotations ?? {}, old.metadata.annotations ?? {}];
  const errors: FieldError[] = [];
  for (const key of kept(before)) {
    if (now[key] !== before[key]) errors.push(forbidden(path.key(key), `may not remove or update ${nameOf(key)}`));
  }
  for (const key of kept(now)) {
    if (before[key] === undefined) errors.push(forbidden(path.key(key), `may not add ${nameOf(key)}`));
  }
  validatePodAnnotations(now, spec ?? { containers: [] }, path, errors);
  return errors;
}

const kept = (annotations: Readonly<Record<string, string>>): string[] =>
  Object.keys(annotations)
    .filter((key) => key === mirror || key.startsWith(appArmorPrefix))
    .sort();

const nameOf = (key: string): string => (key === mirror ? 'mirror pod annotation' : 'AppArmor annotations');
