/** Puts the complaints about unknown and duplicate fields together, as `fieldValidation=Strict` and `Warn` report them. */
import type { SchemaType, StructType } from '#common/api/schemaType.ts';
import type { JsonLayout } from './jsonLayout.ts';

/** Kubernetes stops collecting there. */
const most = 100;

export function strictErrors(
  type: StructType,
  unknown: readonly string[],
  duplicates: readonly string[],
  layout: JsonLayout | undefined,
): string[] {
  const found: { text: string; position: number }[] = [];
  const unknownAt = new Map<string, number>();
  for (const path of unknown) unknownAt.set(path, layout?.positions.get(path) ?? 0);
  for (const [path, position] of unknownAt) found.push({ text: `unknown field ${JSON.stringify(path)}`, position });
  const kept = layout
    ? layout.duplicates.filter((duplicate) => isDecoded(type, duplicate.steps))
    : duplicates.map((path) => ({ path, position: Infinity }));
  for (const { path, position } of kept) found.push({ text: `duplicate field ${JSON.stringify(path)}`, position });
  if (layout) found.sort((a, b) => a.position - b.position);
  return [...new Set(found.map(({ text }) => text))].slice(0, most);
}

/** Whether somebody looks at the field: what is below an unknown field, or in free-form JSON, is not reported. */
function isDecoded(type: SchemaType, steps: readonly (string | number)[]): boolean {
  let at: SchemaType = type;
  for (const step of steps) {
    if (at.kind === 'struct') {
      const field = at.fields.get(String(step));
      if (!field) return at.preserveUnknown === true;
      at = field.type;
    } else if (at.kind === 'list') at = at.item;
    else if (at.kind === 'map') at = at.value;
    else return false;
  }
  return true;
}
