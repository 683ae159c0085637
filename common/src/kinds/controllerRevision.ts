/** ControllerRevision (apps/v1): a state that a StatefulSet or DaemonSet was once told to have, kept for going back. */
import { type FieldError, invalid, required } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { parseApiVersion } from '#common/api/groupVersion.ts';
import { controllerOf } from '#common/api/meta.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { immutableText, notNegative, sameValue } from './validation/values.ts';

const dataPath = FieldPath.of('data');

function validate(object: api.ControllerRevision): FieldError[] {
  const errors: FieldError[] = [];
  const data = object.data as unknown;
  if (data === undefined || data === null) errors.push(required(dataPath, 'data is mandatory'));
  else if (typeof data !== 'object' || Array.isArray(data)) errors.push(required(dataPath, 'data must be a valid JSON object'));
  errors.push(...notNegative(FieldPath.of('revision'), object.revision));
  return errors;
}

function controllerText(object: api.ControllerRevision): string {
  const owner = controllerOf(object);
  if (!owner) return '<none>';
  const { group } = parseApiVersion(owner.apiVersion);
  return `${(group ? `${owner.kind}.${group}` : owner.kind).toLowerCase()}/${owner.name}`;
}

export const ControllerRevision = defineKind<api.ControllerRevision>({
  group: 'apps',
  version: 'v1',
  kind: 'ControllerRevision',
  plural: 'controllerrevisions',
  namespaced: true,
  hasGeneration: false,
  validate,
  validateUpdate: (object, old) =>
    sameValue(object.data, old.data) ? [] : [invalid(dataPath, object.data ?? null, immutableText)],
  columns: [
    nameColumn,
    textColumn('Controller', controllerText),
    { name: 'Revision', type: 'string', cell: (object) => object.revision ?? 0 },
    ageColumn,
  ],
});
