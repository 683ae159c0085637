/** What the annotations of old do to AppArmor's fields, as Kubernetes 1.36.3 answers. */
import { expect, test } from 'vitest';
import { fieldErrorBody } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import type { AppArmorProfile, Pod } from '#common/schema/generated/types.ts';
import { validateAppArmorAgreement, withAppArmorProfiles } from './appArmorAnnotations.ts';

const key = 'container.apparmor.security.beta.kubernetes.io/a';
const profile = (type?: string): { securityContext: { appArmorProfile: AppArmorProfile } } | object =>
  type === undefined
    ? {}
    : {
        securityContext: {
          appArmorProfile: type === 'x' || type === 'y' ? { type: 'Localhost', localhostProfile: type } : { type },
        },
      };

/** The container's profile in the end, or what is wrong. */
function answer(ofPod: string | undefined, ofContainer: string | undefined, annotation: string): string {
  const annotations = { [key]: annotation };
  const given = { ...profile(ofPod), containers: [{ name: 'a', ...profile(ofContainer) }] };
  const pod: Pod = { metadata: { annotations }, spec: withAppArmorProfiles(given, annotations) };
  const errors: Parameters<typeof validateAppArmorAgreement>[2] = [];
  validateAppArmorAgreement(pod, FieldPath.of('spec'), errors);
  if (errors.length > 0) return errors.map((error) => `${error.path.toString()}: ${fieldErrorBody(error)}`).join();
  const made = pod.spec?.containers?.[0]?.securityContext?.appArmorProfile;
  return made?.localhostProfile ?? made?.type ?? '';
}

const path = 'spec.containers[0].securityContext.appArmorProfile';
const otherType = `${path}.type: Forbidden: apparmor type in annotation and field must match`;
const otherProfile = `${path}.localhostProfile: Forbidden: apparmor profile in annotation and field must match`;

test.each<[string | undefined, string | undefined, string, string]>([
  [undefined, undefined, 'unconfined', 'Unconfined'],
  [undefined, undefined, '', ''],
  ['RuntimeDefault', undefined, 'localhost/x', 'x'],
  ['RuntimeDefault', undefined, 'runtime/default', ''],
  ['RuntimeDefault', undefined, '', otherType],
  ['x', undefined, 'localhost/x', ''],
  ['x', undefined, 'localhost/y', 'y'],
  [undefined, 'Unconfined', 'unconfined', 'Unconfined'],
  [undefined, 'Unconfined', 'runtime/default', otherType],
  [undefined, 'Unconfined', '', otherType],
  [undefined, 'x', 'localhost/y', otherProfile],
])('pod %s, container %s, annotation "%s"', (ofPod, ofContainer, annotation, expected) => {
  expect(answer(ofPod, ofContainer, annotation)).toBe(expected);
});
