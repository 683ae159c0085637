/** The columns that metrics are printed with: one per resource, and the time that the figures are averages over. */
import { nameColumn } from '../columns.ts';
import type { Column } from '../defineKind.ts';
import type { KubeObject } from '#common/api/meta.ts';

export const resourceColumns = <T extends KubeObject & { window: string }>(
  usageOf: (object: T) => { readonly cpu: string; readonly memory: string },
): readonly Column<T>[] => [
  nameColumn,
  { name: 'cpu', type: 'string', format: 'quantity', cell: (object) => usageOf(object).cpu },
  { name: 'memory', type: 'string', format: 'quantity', cell: (object) => usageOf(object).memory },
  { name: 'Window', type: 'string', format: 'duration', cell: ({ window }) => window },
];
