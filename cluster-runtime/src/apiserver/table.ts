/**
 * Table: the rows that `kubectl get` prints. A kind brings its columns; kinds without columns have a name and a
 * creation time. Each row also carries the object's metadata, the whole object, or nothing, as asked.
 */
import type { KubeObject } from '#common/api/meta.ts';
import { badRequest } from '#common/api/status.ts';
import { createdAtColumn, nameColumn } from '#common/kinds/columns.ts';
import type { Column, KindDefinition } from '#common/kinds/defineKind.ts';
import { partialMetadataJson } from './partialMetadata.ts';
import type { ObjectResult } from './registry/registry.ts';

export type IncludeObject = 'Metadata' | 'Object' | 'None';

export function parseIncludeObject(value: string | undefined): IncludeObject {
  if (value === undefined || value === '' || value === 'Metadata') return 'Metadata';
  if (value === 'Object' || value === 'None') return value;
  throw badRequest(
    `Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(value)}: must be 'Metadata', 'Object', 'None', or empty`,
  );
}

const defaultColumns: readonly Column<KubeObject>[] = [nameColumn, createdAtColumn];

const columnsOf = (kind: Pick<KindDefinition, 'columns'>): readonly Column<KubeObject>[] =>
  kind.columns.length > 0 ? kind.columns : defaultColumns;

const definitionsJson = new WeakMap<readonly Column<KubeObject>[], string>();

export function columnDefinitionsJson(kind: Pick<KindDefinition, 'columns'>): string {
  const columns = columnsOf(kind);
  let json = definitionsJson.get(columns);
  if (json === undefined) {
    json = JSON.stringify(
      columns
        .filter((column) => !column.undeclared)
        .map((column) => ({
          name: column.name,
          type: column.type,
          format: column.format ?? '',
          description: column.description ?? '',
          priority: column.priority ?? 0,
        })),
    );
    definitionsJson.set(columns, json);
  }
  return json;
}

export function rowJson(
  kind: Pick<KindDefinition, 'columns'>,
  result: ObjectResult,
  version: string,
  include: IncludeObject,
  now: number,
): string {
  const cells = JSON.stringify(columnsOf(kind).map((column) => column.cell(result.object, now) ?? null));
  const object =
    include === 'Metadata'
      ? partialMetadataJson(result.object, version)
      : include === 'Object'
        ? (result.entry?.bytes().toString() ?? JSON.stringify(result.object))
        : 'null';
  return `{"cells":${cells},"object":${object}}`;
}

/** A whole Table. `columns`: false leaves the definitions out, as from the second event of a watch on. */
export function tableJson(
  kind: Pick<KindDefinition, 'columns'>,
  items: readonly ObjectResult[],
  metadata: Record<string, unknown>,
  options: { version: string; include: IncludeObject; now: number; columns?: boolean },
): string {
  const rows = items.map((item) => rowJson(kind, item, options.version, options.include, options.now));
  // Kubernetes' generic columns come without a list of rows when there are none.
  const rowsJson = rows.length === 0 && columnsOf(kind).includes(createdAtColumn) ? 'null' : `[${rows.join(',')}]`;
  const definitions = options.columns === false ? 'null' : columnDefinitionsJson(kind);
  return `{"kind":"Table","apiVersion":"meta.k8s.io/${options.version}","metadata":${JSON.stringify(metadata)},"columnDefinitions":${definitions},"rows":${rowsJson}}`;
}
