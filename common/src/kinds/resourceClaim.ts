/** ResourceClaim (resource.k8s.io/v1): devices for pods. The spec is fixed; the status says what was allocated to whom. */
import { type FieldError, forbidden, invalid, required } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { claimSpecShape, defaultDeviceClaim, validateDeviceClaim } from './validation/deviceClaim.ts';
import { goStructure } from './validation/goStructure.ts';
import { immutableText, sameValue } from './validation/values.ts';

const specPath = FieldPath.of('spec');
const reservedPath = FieldPath.of('status', 'reservedFor');

export const ResourceClaim = defineKind<api.ResourceV1ResourceClaim>({
  group: 'resource.k8s.io',
  version: 'v1',
  kind: 'ResourceClaim',
  plural: 'resourceclaims',
  namespaced: true,
  subresources: { status: true },
  hasGeneration: false,
  deleteAnswersObject: true,
  applyDefaults: (claim) => defaultDeviceClaim(claim.spec?.devices),
  prepareForCreate(claim) {
    claim.status = {};
  },
  prepareForUpdate(claim, old) {
    if (old.status) claim.status = old.status;
    else delete claim.status;
  },
  prepareForStatusUpdate(claim, old) {
    claim.spec = old.spec;
  },
  validate: (claim) => validateDeviceClaim(claim.spec?.devices, specPath.child('devices')),
  validateUpdate: (claim, old) =>
    sameValue(claim.spec, old.spec) ? [] : [invalid(specPath, goStructure(claimSpecShape, claim.spec), immutableText)],
  changesFirst: true,
  validateStatusUpdate: validateStatus,
  columns: [nameColumn, textColumn('State', stateText), ageColumn],
  references: [
    {
      type: 'name',
      path: 'spec.devices.requests[].exactly.deviceClassName',
      to: { group: 'resource.k8s.io', kind: 'DeviceClass' },
    },
  ],
});

function validateStatus({ status }: api.ResourceV1ResourceClaim): FieldError[] {
  const errors: FieldError[] = [];
  const consumers = status?.reservedFor ?? [];
  consumers.forEach((consumer, i) => {
    for (const field of ['resource', 'name', 'uid'] as const) {
      if (!consumer[field]) errors.push(required(reservedPath.index(i).child(field)));
    }
  });
  if (consumers.length && !status?.allocation) {
    errors.push(forbidden(reservedPath, 'may not be specified when `allocated` is not set'));
  }
  return errors;
}

/** `pending`, `allocated,reserved`, `deleted,…`. */
function stateText(claim: api.ResourceV1ResourceClaim): string {
  const words: string[] = [];
  if (claim.metadata.deletionTimestamp) words.push('deleted');
  if (claim.status?.allocation) words.push('allocated');
  else if (!claim.metadata.deletionTimestamp) words.push('pending');
  if (claim.status?.reservedFor?.length) words.push('reserved');
  return words.join(',');
}
