/** The columns of `kubectl get` that a CustomResourceDefinition declares; Name and Age where it declares none. */
import { findJsonPath, parseJsonPath } from '#common/api/jsonPath.ts';
import type { KubeObject } from '#common/api/meta.ts';
import { sortedJson } from '#common/api/sortedJson.ts';
import { canonicalTime } from '#common/api/time.ts';
import type { CustomResourceColumnDefinition } from '#common/schema/generated/types.ts';
import { nameColumn, since } from '../columns.ts';
import type { Column } from '../defineKind.ts';

const ageColumn: Column<KubeObject> = {
  name: 'Age',
  type: 'date',
  cell: (object, now) => since(object.metadata.creationTimestamp, now),
};

export const printerColumns = (declared: readonly CustomResourceColumnDefinition[] | undefined): Column<KubeObject>[] =>
  declared?.length ? [nameColumn, ...declared.map(printerColumn)] : [nameColumn, ageColumn];

function printerColumn({
  name,
  type,
  format,
  priority,
  description,
  jsonPath,
}: CustomResourceColumnDefinition): Column<KubeObject> {
  const path = parseJsonPath(jsonPath);
  return {
    name,
    type: type as Column<KubeObject>['type'],
    ...(format ? { format } : {}),
    ...(priority ? { priority } : {}),
    description: description || `Custom resource definition column (in JSONPath format): ${jsonPath}`,
    cell: (object, now) => {
      const found = path ? findJsonPath(path, object) : [];
      return found.length === 0 ? null : cellOf(type, found[0], now);
    },
  };
}

/** Only the first thing that a path finds is shown. A value of another type is left out. */
function cellOf(type: string, value: unknown, now: number): unknown {
  switch (type) {
    case 'string':
      return cellText(value);
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      if (typeof value !== 'string') return null;
      return canonicalTime(value, 'time') === undefined ? '<invalid>' : since(value, now);
    default:
      return null;
  }
}

function cellText(value: unknown): string {
  if (value === null) return '<no value>';
  if (typeof value === 'object') return escapeHtml(sortedJson(value));
  return String(value as string | number | boolean);
}

/** As Go writes JSON. */
const escapeHtml = (json: string): string =>
  json.replace(/[<>&]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
