/** What a claim for storage asks: in a PersistentVolumeClaim, in a StatefulSet's templates, in a pod's ephemeral volume. */
import { type FieldError, forbidden, invalid, notSupported, required } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import { dns1123SubdomainErrors } from '#common/api/names.ts';
import { parseQuantity } from '#common/api/quantity.ts';
import type { PersistentVolumeClaimSpec, TypedLocalObjectReference, TypedObjectReference } from '#common/schema/generated/types.ts';
import { validateLabelSelector } from './labelSelector.ts';
import { problemsAt, sameValue } from './values.ts';

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
const volumeModes = ['Block', 'Filesystem'];
const exclusive = 'ReadWriteOncePod';

export function validateClaimSpec(spec: PersistentVolumeClaimSpec, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const modes = spec.accessModes ?? [];
  if (!modes.length) errors.push(required(path.child('accessModes'), 'at least 1 access mode is required'));
  if (spec.selector) validateLabelSelector(spec.selector, path.child('selector'), errors);
  for (const mode of modes) {
    if (!accessModes.includes(mode)) errors.push(notSupported(path.child('accessModes'), mode, accessModes));
  }
  if (modes.includes(exclusive) && modes.some((mode) => mode !== exclusive && accessModes.includes(mode))) {
    errors.push(forbidden(path.child('accessModes'), 'may not use ReadWriteOncePod with other access modes'));
  }
  validateStorage(spec, path, errors);
  if (spec.storageClassName) {
    errors.push(...problemsAt(path.child('storageClassName'), spec.storageClassName, dns1123SubdomainErrors(spec.storageClassName)));
  }
  if (spec.volumeMode != null && !volumeModes.includes(spec.volumeMode)) {
    errors.push(notSupported(path.child('volumeMode'), spec.volumeMode, volumeModes));
  }
  validateSources(spec, path, errors);
  if (spec.volumeAttributesClassName) {
    const problems = dns1123SubdomainErrors(spec.volumeAttributesClassName);
    errors.push(...problemsAt(path.child('volumeAttributesClassName'), spec.volumeAttributesClassName, problems));
  }
  return errors;
}

function validateStorage(spec: PersistentVolumeClaimSpec, path: FieldPath, errors: FieldError[]): void {
  const text = spec.resources?.requests?.['storage'];
  const at = path.child('resources').key('storage');
  const storage = text === undefined ? undefined : parseQuantity(text);
  if (!storage) errors.push(required(at));
  else if (storage.nano <= 0n) errors.push(invalid(at, storage.text, 'must be greater than zero'));
}

function validateSources(spec: PersistentVolumeClaimSpec, path: FieldPath, errors: FieldError[]): void {
  const { dataSource, dataSourceRef } = spec;
  if (dataSource) validateReference(dataSource, path.child('dataSource'), errors);
  if (dataSourceRef) validateReference(dataSourceRef, path.child('dataSourceRef'), errors);
  if (dataSource && dataSourceRef && !dataSourceRef.namespace && !sameReference(dataSource, dataSourceRef)) {
    errors.push(invalid(path, path.child('dataSource').toString(), 'must match dataSourceRef'));
  }
}

const sameReference = (a: TypedLocalObjectReference, b: TypedObjectReference): boolean =>
  a.name === b.name && a.kind === b.kind && sameValue(a.apiGroup, b.apiGroup);

function validateReference(ref: TypedLocalObjectReference, path: FieldPath, errors: FieldError[]): void {
  if (!ref.name) errors.push(required(path.child('name')));
  if (!ref.kind) errors.push(required(path.child('kind')));
  if (!ref.apiGroup && ref.kind !== 'PersistentVolumeClaim') {
    errors.push(invalid(path, ref.kind, 'must be PersistentVolumeClaim when referencing the default apiGroup'));
  }
  if (ref.apiGroup) errors.push(...problemsAt(path.child('apiGroup'), ref.apiGroup, dns1123SubdomainErrors(ref.apiGroup)));
}
