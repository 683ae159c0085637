/** The server's tables as text. What a cell holds past its first line is left out. */
import type { ApiResource } from '#apiClient/discovery.ts';
import type { UntypedObject } from '#common/api/meta.ts';
import { formatMap } from '#common/kinds/columnText.ts';
import { kindText } from '../resourceMap.ts';

export const tableAccept =
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';

export interface TableRow {
  readonly cells: readonly unknown[];
  readonly object?: UntypedObject;
}

export interface Table {
  readonly kind?: string;
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly columnDefinitions?: readonly { readonly name: string; readonly priority?: number }[] | null;
  readonly rows?: readonly TableRow[] | null;
}

export interface TableOptions {
  readonly wide: boolean;
  readonly noHeaders: boolean;
  readonly withNamespace: boolean;
  readonly withKind: boolean;
  readonly showLabels: boolean;
  readonly labelColumns: readonly string[];
}

export type Columns = NonNullable<Table['columnDefinitions']>;

export function headerText(columns: Columns, options: TableOptions): string {
  const shown = columns.filter(({ priority = 0 }) => options.wide || priority === 0).map(({ name }) => name.toUpperCase());
  const labels = options.labelColumns.map((key) => key.slice(key.lastIndexOf('/') + 1).toUpperCase());
  return [...(options.withNamespace ? ['NAMESPACE'] : []), ...shown, ...labels, ...(options.showLabels ? ['LABELS'] : [])].join(
    '\t',
  );
}

export function rowText(resource: ApiResource, columns: Columns, { cells, object }: TableRow, options: TableOptions): string {
  const labels = object?.metadata.labels ?? {};
  const texts = cells.flatMap((cell, i) => (options.wide || (columns[i]?.priority ?? 0) === 0 ? [cellText(cell)] : []));
  if (options.withKind) texts[0] = `${kindText(resource)}/${texts[0] ?? ''}`;
  return [
    ...(options.withNamespace ? [object?.metadata.namespace ?? ''] : []),
    ...texts,
    ...options.labelColumns.map((key) => (Object.hasOwn(labels, key) ? (labels[key] ?? '') : '')),
    ...(options.showLabels ? [formatMap(labels)] : []),
  ].join('\t');
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return '<nil>';
  const text = typeof cell === 'object' ? JSON.stringify(cell) : String(cell as string | number | boolean);
  const end = text.search(/[\n\r\f]/);
  const line = end < 0 ? text : `${text.slice(0, end)}...`;
  return line.replaceAll('\x1b', '^[').replaceAll('\t', ' ');
}
