/**
 * The annotations that AppArmor profiles were before they became fields: what they still set in a new pod, and that they
 * do not contradict its fields.
 */
import { type FieldError, forbidden } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import type * as api from '#common/schema/generated/types.ts';
import { mapShared, withField } from '../podSpec/copyOnWrite.ts';

export const appArmorPrefix = 'container.apparmor.security.beta.kubernetes.io/';

type Annotations = Readonly<Record<string, string>>;

/** The annotations still set the profile of a container that has none; what the pod says already is not repeated. */
export function withAppArmorProfiles(spec: api.PodSpec, annotations: Annotations): api.PodSpec {
  const ofPod = spec.securityContext?.appArmorProfile;
  const withProfile = (container: api.Container): api.Container => {
    if (container.securityContext?.appArmorProfile) return container;
    const appArmorProfile = profileOf(annotations[appArmorPrefix + container.name]);
    if (!appArmorProfile || (ofPod && sameProfile(appArmorProfile, ofPod))) return container;
    return { ...container, securityContext: { ...container.securityContext, appArmorProfile } };
  };
  let out = spec;
  if (out.containers) out = withField(out, 'containers', mapShared(out.containers, withProfile));
  if (out.initContainers) out = withField(out, 'initContainers', mapShared(out.initContainers, withProfile));
  return out;
}

function profileOf(value: string | undefined): api.AppArmorProfile | undefined {
  if (value === 'runtime/default') return { type: 'RuntimeDefault' };
  if (value === 'unconfined') return { type: 'Unconfined' };
  return value?.startsWith('localhost/') ? { type: 'Localhost', localhostProfile: value.slice('localhost/'.length) } : undefined;
}

const sameProfile = (a: api.AppArmorProfile, b: api.AppArmorProfile): boolean =>
  a.type === b.type && a.localhostProfile === b.localhostProfile;

/** For a new pod. An annotation that is empty speaks of no profile, which contradicts each. */
export function validateAppArmorAgreement(pod: api.Pod, specPath: FieldPath, errors: FieldError[]): void {
  const { metadata, spec } = pod;
  const annotations = metadata.annotations;
  if (!annotations) return;
  const check = (containers: readonly api.Container[] | undefined, field: string): void =>
    containers?.forEach(({ name, securityContext }, i) => {
      const value = annotations[appArmorPrefix + name];
      const profile = securityContext?.appArmorProfile ?? spec?.securityContext?.appArmorProfile;
      const said = profileOf(value);
      if (value === undefined || !profile || (!said && value !== '')) return;
      const path = specPath.child(field).index(i).child('securityContext', 'appArmorProfile');
      if (said?.type !== profile.type)
        errors.push(forbidden(path.child('type'), 'apparmor type in annotation and field must match'));
      else if (!sameProfile(said, profile))
        errors.push(forbidden(path.child('localhostProfile'), 'apparmor profile in annotation and field must match'));
    });
  check(spec?.initContainers, 'initContainers');
  check(spec?.containers, 'containers');
}
