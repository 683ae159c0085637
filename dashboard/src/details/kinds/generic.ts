/** What is told of any other object, custom ones included: the fields of its spec, and of its status, as they are named. */
import type { KubeObject } from '#common/api/meta.ts';
import { isJsonObject } from '#common/api/ownProperty.ts';
import type { Block, DetailValue, Section } from '#common/protocol/details.ts';
import type { Describe } from '../describeContext.ts';
import { code, facts, list, section, table, text } from '../blocks.ts';

const notShown = new Set(['apiVersion', 'kind', 'metadata', 'status']);

export const describeGeneric: Describe = (object, { texts: t }) => {
  const { spec, ...rest } = object as KubeObject & { spec?: unknown; status?: unknown };
  const others = Object.fromEntries(Object.entries(rest).filter(([key]) => !notShown.has(key)));
  const status = isJsonObject(rest.status)
    ? Object.fromEntries(Object.entries(rest.status).filter(([key]) => key !== 'conditions'))
    : undefined;
  return [
    ...part('facts', object.kind ?? '', isJsonObject(spec) ? { ...spec, ...others } : others),
    ...part('status', t.status, status),
  ];
};

function part(id: string, title: string, fields: Readonly<Record<string, unknown>> | undefined): Section[] {
  const entries = Object.entries(fields ?? {});
  const plain = entries.filter(([, value]) => !isTable(value));
  return section(
    id,
    title,
    facts(...plain.map(([key, value]) => [key, valueOf(value)] as const)),
    ...entries.flatMap(([key, value]) => (isTable(value) ? [tableOf(key, value)] : [])),
  );
}

type Row = Readonly<Record<string, unknown>>;

/** A list of alike small objects reads best as a table. */
const isTable = (value: unknown): value is readonly Row[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => isJsonObject(item) && Object.keys(item).length <= 6);

function tableOf(title: string, rows: readonly Row[]): Block[] {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].slice(0, 8);
  const [first = '', ...others] = columns;
  return table(
    [`${title}: ${first}`, ...others],
    rows.map((row) => columns.map((column) => valueOf(Object.hasOwn(row, column) ? row[column] : undefined))),
  );
}

function valueOf(value: unknown): DetailValue | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value !== 'object') return text(value as string | number | boolean);
  if (Array.isArray(value)) {
    const isPlain = value.every((item) => typeof item !== 'object');
    return isPlain ? list(value.map((item) => text(item as string))) : code(JSON.stringify(value, undefined, 2));
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return undefined;
  const isPlain = entries.every(([, each]) => typeof each !== 'object');
  return isPlain
    ? { type: 'labels', entries: entries.map(([key, each]) => [key, String(each)]) }
    : code(JSON.stringify(value, undefined, 2));
}
