/** VolumeAttributesClass (storage.k8s.io/v1): properties of volumes that may be changed while they are in use. */
import { type FieldError, forbidden, required } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { qualifiedNameErrors } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { validateParameters } from './validation/parameters.ts';
import { problemsAt, sameValue } from './validation/values.ts';

const driverPath = FieldPath.of('driverName');

export const VolumeAttributesClass = defineKind<api.VolumeAttributesClass>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'VolumeAttributesClass',
  plural: 'volumeattributesclasses',
  shortNames: ['vac'],
  namespaced: false,
  hasGeneration: false,
  deleteAnswersObject: true,
  validate({ driverName, parameters }) {
    const lower = (driverName ?? '').toLowerCase();
    const errors = driverName ? problemsAt(driverPath, lower, qualifiedNameErrors(lower)) : [required(driverPath)];
    return [...errors, ...validateParameters(parameters, true)];
  },
  validateUpdate(attributes, old) {
    const errors: FieldError[] = [];
    for (const field of ['driverName', 'parameters'] as const) {
      if (sameValue(attributes[field], old[field])) continue;
      errors.push(forbidden(FieldPath.of(field), `updates to ${field} are forbidden.`));
    }
    return errors;
  },
  columns: [nameColumn, textColumn('DriverName', (attributes) => attributes.driverName), ageColumn],
});
