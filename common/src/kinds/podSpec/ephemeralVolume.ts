/** Volumes whose claim is made with the pod: the claim's template, and the name that the claim will have. */
import { annotationErrors, labelErrors } from '#common/api/labelErrors.ts';
import { forbidden, required } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import { dns1123SubdomainErrors } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { validateClaimSpec } from '../validation/persistentVolumeClaim.ts';
import { addFieldProblems, type Errors } from './fieldRules.ts';

export function validateEphemeralVolume(
  source: api.EphemeralVolumeSource,
  volume: api.Volume,
  podMeta: api.ObjectMeta,
  path: FieldPath,
  errors: Errors,
): void {
  const template = source.volumeClaimTemplate;
  const at = path.child('volumeClaimTemplate');
  if (!template) {
    errors.push(required(at));
    return;
  }
  const { labels, annotations, ...others } = template.metadata ?? {};
  errors.push(...annotationErrors(at.child('metadata', 'annotations'), annotations));
  errors.push(...labelErrors(at.child('metadata', 'labels'), labels));
  for (const field of Object.keys(others)) errors.push(forbidden(at.child('metadata', field), 'cannot be set'));
  errors.push(...validateClaimSpec(template.spec ?? {}, at.child('spec')));
  // The claim is called after pod and volume; with a generated name the pod's is not known yet.
  if (podMeta.name && volume.name) {
    const name = `${podMeta.name}-${volume.name}`;
    addFieldProblems(name, dns1123SubdomainErrors(name), path.child('volumeClaimTemplate'), 'name', errors);
  }
}
