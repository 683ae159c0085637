/** Validation of a pod by itself: its spec, and what templates may have but pods may not. */
import { type FieldError, forbidden, invalid } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import type * as api from '#common/schema/generated/types.ts';
import { isNew } from '../isNew.ts';
import { validatePodAnnotations } from '../podSpec/podAnnotations.ts';
import { validatePodSpec } from '../podSpec/podSpecValidation.ts';
import { validateAppArmorAgreement } from './appArmorAnnotations.ts';

const annotationsPath = FieldPath.of('metadata', 'annotations');
export const specPath = FieldPath.of('spec');

export function validatePod(pod: api.Pod): FieldError[] {
  const errors: FieldError[] = [];
  const spec = pod.spec ?? { containers: [] };
  if (pod.metadata.annotations) validatePodAnnotations(pod.metadata.annotations, spec, annotationsPath, errors);
  validatePodSpec(spec, pod.metadata, specPath, errors);
  checkImages(spec.containers, 'containers', errors);
  checkImages(spec.initContainers, 'initContainers', errors);
  checkImageVolumes(spec, errors);
  if (isNew(pod)) validateNewPod(pod, spec, errors);
  return errors;
}

function validateNewPod(pod: api.Pod, spec: api.PodSpec, errors: FieldError[]): void {
  validateAppArmorAgreement(pod, specPath, errors);
  if (spec.ephemeralContainers?.length) errors.push(forbidden(specPath.child('ephemeralContainers'), 'cannot be set on create'));
  if (spec.nodeName && spec.schedulingGates?.length) {
    errors.push(forbidden(specPath.child('nodeName'), 'cannot be set until all schedulingGates have been cleared'));
  }
}

function checkImages(containers: readonly api.Container[] | undefined, field: string, errors: FieldError[]): void {
  if (!containers) return;
  for (let i = 0; i < containers.length; i++) {
    const image = containers[i]?.image;
    if (!image || image.trim() === image) continue;
    errors.push(invalid(specPath.child(field).index(i).child('image'), image, 'must not have leading or trailing whitespace'));
  }
}

function checkImageVolumes(spec: api.PodSpec, errors: FieldError[]): void {
  spec.volumes?.forEach(({ image }, i) => {
    if (!image || image.reference) return;
    errors.push({ type: 'FieldValueRequired', path: specPath.child('volumes').index(i).child('image', 'reference'), detail: '' });
  });
}
