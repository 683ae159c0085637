/** What a claim may say, and what may change in it, in the order and words of Kubernetes 1.36. */
import { type FieldError, forbidden, invalid, notSupported, required } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { dns1123SubdomainErrors, qualifiedNameErrors } from '#common/api/names.ts';
import { compareQuantities, quantityOf } from '#common/api/quantity.ts';
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec, TypedObjectReference } from '#common/schema/generated/types.ts';
import { goStructure, nested, plain, type Shape } from './goStructure.ts';
import { validateLabelSelector } from './labelSelector.ts';
import {
  betaStorageClassAnnotation,
  validateAccessModes,
  validateNotNegativeQuantity,
  validatePositive,
  volumeModes,
} from './storage.ts';
import { structureDiff } from './structureDiff.ts';
import { immutable, oneOf, problemsAt, sameValue } from './values.ts';

const specPath = FieldPath.of('spec');

export const validateClaim = (claim: PersistentVolumeClaim): FieldError[] => validateClaimSpec(claim.spec ?? {}, specPath);

/** Problems of a claim's spec, in a StatefulSet's template too. */
export function validateClaimSpec(spec: PersistentVolumeClaimSpec, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const modes = spec.accessModes ?? [];
  if (!modes.length) errors.push(required(path.child('accessModes'), 'at least 1 access mode is required'));
  if (spec.selector) validateLabelSelector(spec.selector, path.child('selector'), errors);
  errors.push(...validateAccessModes(modes, path.child('accessModes')));
  const size = spec.resources?.requests?.['storage'];
  const sizePath = path.child('resources').key('storage');
  errors.push(...(size === undefined ? [required(sizePath)] : validatePositive(size, sizePath)));
  if (spec.storageClassName) {
    errors.push(
      ...problemsAt(path.child('storageClassName'), spec.storageClassName, dns1123SubdomainErrors(spec.storageClassName)),
    );
  }
  if (spec.volumeMode !== undefined) errors.push(...oneOf(path.child('volumeMode'), spec.volumeMode, volumeModes));
  if (spec.dataSource) errors.push(...validateDataSource(spec.dataSource, path.child('dataSource')));
  if (spec.dataSourceRef) errors.push(...validateDataSource(spec.dataSourceRef, path.child('dataSourceRef')));
  if (spec.volumeAttributesClassName) {
    const name = spec.volumeAttributesClassName;
    errors.push(...problemsAt(path.child('volumeAttributesClassName'), name, dns1123SubdomainErrors(name)));
  }
  if (spec.dataSource && spec.dataSourceRef && !sameSource(spec.dataSource, spec.dataSourceRef)) {
    errors.push(invalid(path, {}, 'must match dataSourceRef'));
  }
  return errors;
}

function validateDataSource(source: TypedObjectReference, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (!source.name) errors.push(required(path.child('name')));
  if (!source.kind) errors.push(required(path.child('kind')));
  if (!source.apiGroup && source.kind !== 'PersistentVolumeClaim') {
    errors.push(invalid(path, source.kind ?? '', "must be 'PersistentVolumeClaim' when referencing the default apiGroup"));
  }
  if (source.apiGroup)
    errors.push(...problemsAt(path.child('apiGroup'), source.apiGroup, dns1123SubdomainErrors(source.apiGroup)));
  return errors;
}

const sameSource = (a: TypedObjectReference, b: TypedObjectReference): boolean =>
  a.kind === b.kind && a.name === b.name && (a.apiGroup ?? '') === (b.apiGroup ?? '') && !b.namespace;

const dataSourceShape: Shape = [plain('APIGroup', null, 'apiGroup'), plain('Kind', ''), plain('Name', '')];
const claimSpecShape: Shape = [
  plain('AccessModes'),
  plain('Selector'),
  nested('Resources', 'value', [plain('Limits'), plain('Requests')]),
  plain('VolumeName', ''),
  plain('StorageClassName'),
  plain('VolumeMode'),
  nested('DataSource', 'pointer', dataSourceShape),
  nested('DataSourceRef', 'pointer', [...dataSourceShape, plain('Namespace')]),
  plain('VolumeAttributesClassName'),
];

export function validateClaimUpdate(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): FieldError[] {
  const errors: FieldError[] = [];
  const before = { ...old.spec };
  const after = { ...claim.spec };
  // A volume may be chosen once, and a default class may be found later.
  if (!before.volumeName) assign(before, 'volumeName', after.volumeName);
  const hadClass = before.storageClassName !== undefined || old.metadata.annotations?.[betaStorageClassAnnotation] !== undefined;
  if (!hadClass) assign(before, 'storageClassName', after.storageClassName);
  const sizeBefore = before.resources?.requests?.['storage'];
  const sizeAfter = after.resources?.requests?.['storage'];
  if (claim.status?.phase === 'Bound') {
    if (after.resources?.requests && sizeBefore !== undefined) {
      after.resources = { ...after.resources, requests: { ...after.resources.requests, storage: sizeBefore } };
    }
    if (after.volumeAttributesClassName !== undefined)
      assign(after, 'volumeAttributesClassName', before.volumeAttributesClassName);
  }
  const [goBefore, goAfter] = [goStructure(claimSpecShape, before), goStructure(claimSpecShape, after)];
  if (!sameValue(goBefore, goAfter)) {
    const text = 'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';
    errors.push(forbidden(specPath, `${text}\n${structureDiff(goBefore, goAfter)}`));
  }
  errors.push(...validateShrink(sizeBefore, sizeAfter, old.status?.capacity?.['storage']));
  errors.push(...immutable(FieldPath.of('volumeMode'), claim.spec?.volumeMode, old.spec?.volumeMode));
  return errors;
}

function assign<T extends object, K extends keyof T>(target: T, field: K, value: T[K] | undefined): void {
  if (value === undefined) delete target[field];
  else target[field] = value;
}

/** A request may be taken back, but not to what the volume already has. */
function validateShrink(before: string | undefined, after: string | undefined, capacity: string | undefined): FieldError[] {
  if (before === undefined || after === undefined || capacity === undefined) return [];
  if (compareQuantities(quantityOf(after), quantityOf(before)) >= 0) return [];
  if (compareQuantities(quantityOf(after), quantityOf(capacity)) > 0) return [];
  return [forbidden(specPath.child('resources', 'requests', 'storage'), 'field can not be less than status.capacity')];
}

const resizeStates = [
  'ControllerResizeInProgress',
  'ControllerResizeInfeasible',
  'NodeResizeInProgress',
  'NodeResizeInfeasible',
  'NodeResizePending',
];

export function validateClaimStatus(claim: PersistentVolumeClaim): FieldError[] {
  const errors: FieldError[] = [];
  const status = claim.status ?? {};
  const path = FieldPath.of('status');
  for (const [name, amount] of Object.entries(status.capacity ?? {})) {
    errors.push(...validateNotNegativeQuantity(amount, path.child('capacity').key(name)));
  }
  const statesPath = path.child('allocatedResourceStatuses');
  for (const [name, state] of Object.entries(status.allocatedResourceStatuses ?? {})) {
    const problems = claimResourceProblems(name);
    if (problems.length) errors.push(...problemsAt(statesPath, name, problems));
    else if (!resizeStates.includes(state)) errors.push(notSupported(statesPath, name, resizeStates));
  }
  const allocatedPath = path.child('allocatedResources');
  for (const [name, amount] of Object.entries(status.allocatedResources ?? {})) {
    const problems = claimResourceProblems(name);
    if (problems.length) errors.push(...problemsAt(allocatedPath, name, problems));
    else errors.push(...validateNotNegativeQuantity(amount, allocatedPath.key(name)));
  }
  return errors;
}

const claimResourceProblems = (name: string): string[] => (name === 'storage' ? [] : qualifiedNameErrors(name));
