/** ConfigMap (core/v1): configuration as text (`data`) and bytes (`binaryData`). Written often, so its checks are cheap. */
import { type FieldError, forbidden, invalid, tooLong } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { byteLength, configMapKeyErrors } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { base64Length } from './validation/base64.ts';
import { problemsAt, sameValue } from './validation/values.ts';

const maxBytes = 1_048_576;
const dataPath = FieldPath.of('data');
const binaryDataPath = FieldPath.of('binaryData');

export const ConfigMap = defineKind<api.ConfigMap>({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  shortNames: ['cm'],
  namespaced: true,
  changesFirst: true,
  hasGeneration: false,
  validate,
  validateUpdate,
  columns: [
    nameColumn,
    { ...textColumn<api.ConfigMap>('Data', () => ''), cell: (map) => count(map.data) + count(map.binaryData) },
    ageColumn,
  ],
});

const count = (map: object | undefined): number => (map ? Object.keys(map).length : 0);

function validate(map: api.ConfigMap): FieldError[] {
  const errors: FieldError[] = [];
  const { data, binaryData } = map;
  let size = 0;
  for (const key in data) {
    errors.push(...keyErrors(dataPath, key));
    if (binaryData && Object.hasOwn(binaryData, key)) {
      errors.push(invalid(dataPath.key(key), key, 'duplicate of key present in binaryData'));
    }
    size += byteLength(data[key] ?? '');
  }
  for (const key in binaryData) {
    errors.push(...keyErrors(binaryDataPath, key));
    size += base64Length(binaryData[key] ?? '');
  }
  // Kubernetes names the object as a whole here, which it writes as an empty key.
  if (size > maxBytes) errors.push(tooLong(FieldPath.of('[]'), maxBytes));
  return errors;
}

function keyErrors(path: FieldPath, key: string): FieldError[] {
  const problems = configMapKeyErrors(key);
  return problems.length ? problemsAt(path.key(key), key, problems) : [];
}

function validateUpdate(map: api.ConfigMap, old: api.ConfigMap): FieldError[] {
  if (!old.immutable) return [];
  const errors: FieldError[] = [];
  const text = 'field is immutable when `immutable` is set';
  if (!map.immutable) errors.push(forbidden(FieldPath.of('immutable'), text));
  if (!sameValue(map.data, old.data)) errors.push(forbidden(dataPath, text));
  if (!sameValue(map.binaryData, old.binaryData)) errors.push(forbidden(binaryDataPath, text));
  return errors;
}
