/** Templates of pods, as every workload has one: labels, annotations and the spec, with what a template may not have. */
import { forbidden } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import { annotationErrors, labelErrors } from '#common/api/labelErrors.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Errors } from './fieldRules.ts';
import { validatePodAnnotations } from './podAnnotations.ts';
import { validatePodSpec } from './podSpecValidation.ts';

export function validatePodTemplate(template: api.PodTemplateSpec | undefined, path: FieldPath, errors: Errors): void {
  const metadata = template?.metadata ?? {};
  const spec = template?.spec ?? { containers: [] };
  errors.push(...labelErrors(path.child('labels'), metadata.labels));
  if (metadata.annotations) {
    errors.push(...annotationErrors(path.child('annotations'), metadata.annotations));
    validatePodAnnotations(metadata.annotations, spec, path.child('annotations'), errors);
  }
  validatePodSpec(spec, metadata, path.child('spec'), errors);
  if (spec.ephemeralContainers?.length) {
    errors.push(forbidden(path.child('spec', 'ephemeralContainers'), 'ephemeral containers not allowed in pod template'));
  }
}
