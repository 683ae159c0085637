/**
 * Building blocks of `kubectl get`'s columns: the Name and Age columns that nearly every kind has. Times are RFC 3339
 * strings, `now` is milliseconds.
 */
import { humanDuration } from '#common/api/duration.ts';
import type { KubeObject } from '#common/api/meta.ts';
import type { Column } from './defineKind.ts';

/** How long ago `time` was, or `<unknown>` without one. */
export const since = (time: string | null | undefined, now: number): string =>
  time ? humanDuration(now - Date.parse(time)) : '<unknown>';

export const nameColumn: Column<KubeObject> = {
  name: 'Name',
  type: 'string',
  format: 'name',
  cell: (object) => object.metadata.name ?? '',
};

export const ageColumn: Column<KubeObject> = {
  name: 'Age',
  type: 'string',
  cell: (object, now) => since(object.metadata.creationTimestamp, now),
};

/** What kinds without columns of their own show. */
export const createdAtColumn: Column<KubeObject> = {
  name: 'Created At',
  type: 'date',
  cell: (object) => object.metadata.creationTimestamp ?? null,
};

/** A text column; `priority` 1 shows it with `-o wide` only. */
export const textColumn = <T>(name: string, cell: (object: T) => string, priority = 0): Column<T> => ({
  name,
  type: 'string',
  priority,
  cell,
});
