/** CSIStorageCapacity (storage.k8s.io/v1): how much room a driver has, for which class, on which nodes. */
import { FieldPath } from '#common/api/fieldPath.ts';
import { type FieldError, invalid } from '#common/api/fieldError.ts';
import { dns1123SubdomainErrors } from '#common/api/names.ts';
import { parseQuantity } from '#common/api/quantity.ts';
import type * as api from '#common/schema/generated/types.ts';
import { createdAtColumn, nameColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { validateLabelSelector } from './validation/labelSelector.ts';
import { immutable, notNegativeText, problemsAt } from './validation/values.ts';

export const CSIStorageCapacity = defineKind<api.CSIStorageCapacity>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSIStorageCapacity',
  plural: 'csistoragecapacities',
  namespaced: true,
  hasGeneration: false,
  unconditionalUpdate: false,
  validate({ nodeTopology, storageClassName = '', capacity }) {
    const errors: FieldError[] = [];
    if (nodeTopology) validateLabelSelector(nodeTopology, FieldPath.of('nodeTopology'), errors);
    errors.push(...problemsAt(FieldPath.of('storageClassName'), storageClassName, dns1123SubdomainErrors(storageClassName)));
    const amount = capacity === undefined ? undefined : parseQuantity(capacity);
    if (amount && amount.nano < 0n) errors.push(invalid(FieldPath.of('capacity'), amount.text, notNegativeText));
    return errors;
  },
  validateUpdate: (capacity, old) => [
    ...immutable(FieldPath.of('nodeTopology'), capacity.nodeTopology, old.nodeTopology),
    ...immutable(FieldPath.of('storageClassName'), capacity.storageClassName, old.storageClassName),
  ],
  columns: [nameColumn, createdAtColumn],
  references: [{ type: 'name', path: 'storageClassName', to: { group: 'storage.k8s.io', kind: 'StorageClass' } }],
});
