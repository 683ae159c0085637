/**
 * Building blocks of `kubectl get`'s columns: the Name and Age columns that nearly every kind has, and how Kubernetes
 * writes an age. Times are RFC 3339 strings, `now` is milliseconds.
 */
import type { KubeObject } from '#common/api/meta.ts';
import type { Column } from './defineKind.ts';

/** A span in Kubernetes' short form: `45s`, `3m20s`, `17h`, `5d2h`, `2y30d`. Two units only while the first is small. */
export function humanDuration(milliseconds: number): string {
  const seconds = Math.trunc(milliseconds / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.trunc(seconds / 60);
  if (minutes < 10) return twoUnits(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.trunc(minutes / 60);
  if (hours < 8) return twoUnits(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.trunc(hours / 24);
  if (hours < 192) return twoUnits(days, 'd', hours % 24, 'h');
  if (days < 730) return `${days}d`;
  const years = Math.trunc(days / 365);
  return days < 365 * 8 ? twoUnits(years, 'y', days % 365, 'd') : `${years}y`;
}

const twoUnits = (first: number, firstUnit: string, second: number, secondUnit: string): string =>
  second === 0 ? `${first}${firstUnit}` : `${first}${firstUnit}${second}${secondUnit}`;

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
