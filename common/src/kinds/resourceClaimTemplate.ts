/** ResourceClaimTemplate (resource.k8s.io/v1): what the claims look like that are made for each pod. */
import { type FieldError, forbidden, invalid } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { annotationErrors, labelErrors } from '#common/api/labelErrors.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { claimSpecShape, defaultDeviceClaim, validateDeviceClaim } from './validation/deviceClaim.ts';
import { goStructure, nested } from './validation/goStructure.ts';
import { immutableText, sameValue } from './validation/values.ts';

const specPath = FieldPath.of('spec');
const templateShape = [nested('Spec', 'value', claimSpecShape)];

export const ResourceClaimTemplate = defineKind<api.ResourceClaimTemplate>({
  group: 'resource.k8s.io',
  version: 'v1',
  kind: 'ResourceClaimTemplate',
  plural: 'resourceclaimtemplates',
  namespaced: true,
  hasGeneration: false,
  deleteAnswersObject: true,
  applyDefaults: (template) => defaultDeviceClaim(template.spec?.spec?.devices),
  validate: (template) => [
    ...validateMetadata(template.spec?.metadata),
    ...validateDeviceClaim(template.spec?.spec?.devices, specPath.child('spec', 'devices')),
  ],
  validateUpdate: (template, old) =>
    sameValue(template.spec, old.spec) ? [] : [invalid(specPath, goStructure(templateShape, template.spec), immutableText)],
  changesFirst: true,
  columns: [nameColumn, ageColumn],
});

/** Only labels and annotations make sense in a template. */
function validateMetadata(metadata: api.ObjectMeta | undefined): FieldError[] {
  if (!metadata) return [];
  const path = specPath.child('metadata');
  const { labels, annotations, ...others } = metadata;
  return [
    ...labelErrors(path.child('labels'), labels),
    ...annotationErrors(path.child('annotations'), annotations),
    ...Object.entries(others)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([field]) => forbidden(path.child(field), 'cannot be set')),
  ];
}
