/** StorageClass (storage.k8s.io/v1): how volumes for claims are made. */
import { duplicate, type FieldError, required } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { qualifiedNameErrors } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { validateParameters } from './validation/parameters.ts';
import { immutable, oneOf, problemsAt } from './validation/values.ts';

const topologiesPath = FieldPath.of('allowedTopologies');
const defaultAnnotations = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'];

export const StorageClass = defineKind<api.StorageClass>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'StorageClass',
  plural: 'storageclasses',
  shortNames: ['sc'],
  namespaced: false,
  hasGeneration: false,
  deleteAnswersObject: true,
  applyDefaults(storageClass) {
    storageClass.reclaimPolicy ??= 'Delete';
    storageClass.volumeBindingMode ??= 'Immediate';
  },
  validate,
  validateUpdate: (storageClass, old) =>
    (['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode'] as const).flatMap((field) =>
      immutable(FieldPath.of(field), storageClass[field], old[field]),
    ),
  columns: [
    { ...nameColumn, cell: (object) => nameText(object as api.StorageClass) },
    textColumn('Provisioner', (storageClass) => storageClass.provisioner),
    textColumn('ReclaimPolicy', (storageClass) => storageClass.reclaimPolicy ?? 'Delete'),
    textColumn('VolumeBindingMode', (storageClass) => storageClass.volumeBindingMode ?? '<unset>'),
    // Declared as text, sent as a boolean.
    { name: 'AllowVolumeExpansion', type: 'string', cell: (storageClass) => storageClass.allowVolumeExpansion ?? false },
    ageColumn,
  ],
});

function nameText({ metadata }: api.StorageClass): string {
  const isDefault = defaultAnnotations.some((annotation) => metadata.annotations?.[annotation] === 'true');
  return isDefault ? `${metadata.name ?? ''} (default)` : (metadata.name ?? '');
}

function validate(storageClass: api.StorageClass): FieldError[] {
  const errors: FieldError[] = [];
  const { provisioner, parameters, reclaimPolicy, volumeBindingMode } = storageClass;
  const provisionerPath = FieldPath.of('provisioner');
  if (!provisioner) errors.push(required(provisionerPath));
  else errors.push(...problemsAt(provisionerPath, provisioner.toLowerCase(), qualifiedNameErrors(provisioner.toLowerCase())));
  errors.push(...validateParameters(parameters));
  if (reclaimPolicy) errors.push(...oneOf(FieldPath.of('reclaimPolicy'), reclaimPolicy, ['Delete', 'Retain']));
  const modePath = FieldPath.of('volumeBindingMode');
  if (volumeBindingMode === undefined) errors.push(required(modePath));
  else errors.push(...oneOf(modePath, volumeBindingMode, ['Immediate', 'WaitForFirstConsumer']));
  return [...errors, ...validateTopologies(storageClass.allowedTopologies ?? [])];
}

function validateTopologies(terms: readonly api.TopologySelectorTerm[]): FieldError[] {
  const errors: FieldError[] = [];
  const seenTerms: string[] = [];
  terms.forEach((term, i) => {
    const path = topologiesPath.index(i).child('matchLabelExpressions');
    const keys = new Map<string, string[]>();
    term.matchLabelExpressions?.forEach((rule, j) => {
      const at = path.index(j);
      const key = rule.key ?? '';
      const values = rule.values ?? [];
      if (!values.length) errors.push(required(at.child('values')));
      values.forEach((value, k) => {
        if (values.indexOf(value) < k) errors.push(duplicate(at.child('values').index(k), value));
      });
      errors.push(...problemsAt(at.child('key'), key, qualifiedNameErrors(key)));
      if (keys.has(key)) errors.push(duplicate(at.child('key'), key));
      keys.set(key, [...new Set(values)].sort());
    });
    const fingerprint = JSON.stringify([...keys].sort(([a], [b]) => (a < b ? -1 : 1)));
    // A term without expressions equals the empty one that Kubernetes compares with from the start.
    if (keys.size === 0 || seenTerms.includes(fingerprint)) errors.push(duplicate(path, ''));
    seenTerms.push(fingerprint);
  });
  return errors;
}
