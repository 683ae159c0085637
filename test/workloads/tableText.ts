/** The API's Table as kubectl prints it: columns in capitals, as wide as their widest cell, three blanks between. */

export interface Table {
  readonly columnDefinitions: readonly { readonly name: string; readonly priority: number }[];
  readonly rows: readonly { readonly cells: readonly unknown[] }[] | null;
}

export function tableText({ columnDefinitions, rows }: Table, wide: boolean): string {
  const shown = columnDefinitions
    .map((definition, at) => ({ ...definition, at }))
    .filter(({ priority }) => wide || priority === 0);
  if (!rows?.length) return 'No resources found';
  const lines = [
    shown.map(({ name }) => name.toUpperCase()),
    ...rows.map(({ cells }) => shown.map(({ at }) => String(cells[at] ?? '<none>'))),
  ];
  const widths = shown.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('   ')
        .trimEnd(),
    )
    .join('\n');
}
