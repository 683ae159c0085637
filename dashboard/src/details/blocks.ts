/** Short words for making the blocks that a page of details consists of. What is absent gives nothing. */
import type { Block, DetailValue, Fact, Section, Tone } from '#common/protocol/details.ts';
import type { ObjectLocator } from '#common/protocol/webview.ts';

type Maybe<T> = T | undefined;
type Scalar = string | number | boolean | null | undefined;

export function text(value: Scalar, tone?: Tone): Maybe<DetailValue> {
  if (value === undefined || value === null || value === '') return undefined;
  return { type: 'text', text: String(value), ...(tone ? { tone } : {}) };
}

/** A cell of a table is never absent. */
export const cell = (value: Scalar, tone?: Tone): DetailValue => text(value, tone) ?? { type: 'text', text: '' };

export const code = (value: string | undefined): Maybe<DetailValue> => (value ? { type: 'code', text: value } : undefined);

export const time = (at: string | undefined): Maybe<DetailValue> => (at ? { type: 'time', at } : undefined);

export function labels(map: Readonly<Record<string, string>> | undefined): Maybe<DetailValue> {
  const entries = Object.entries(map ?? {});
  return entries.length > 0 ? { type: 'labels', entries } : undefined;
}

export function list(items: readonly Maybe<DetailValue>[]): Maybe<DetailValue> {
  const present = items.filter((item) => item !== undefined);
  if (present.length === 0) return undefined;
  return present.length === 1 ? present[0] : { type: 'list', items: present };
}

export const texts = (items: readonly Scalar[] | undefined): Maybe<DetailValue> => list((items ?? []).map((item) => text(item)));

export function link(
  apiVersion: string,
  kind: string,
  namespace: string | undefined,
  name: string | undefined,
  shown?: string,
): Maybe<DetailValue> {
  if (!name) return undefined;
  const to: ObjectLocator = { apiVersion, kind, namespace: namespace ?? '', name };
  return { type: 'link', text: shown ?? name, to };
}

export function facts(...entries: readonly (readonly [label: string, value: Maybe<DetailValue>])[]): Block[] {
  const present: Fact[] = entries.flatMap(([label, value]) => (value ? [{ label, value }] : []));
  return present.length > 0 ? [{ type: 'facts', facts: present }] : [];
}

/** A column that is empty in every row is left out; without rows there is no table. */
export function table(columns: readonly string[], rows: readonly (readonly Maybe<DetailValue>[])[]): Block[] {
  const used = columns.map((_, at) => rows.some((row) => !isEmpty(row[at])));
  if (!used.includes(true)) return [];
  const keep = <T>(items: readonly T[]): T[] => items.filter((_, at) => used[at]);
  const cells = rows.map((row) => keep(columns.map((_, at) => row[at] ?? cell(''))));
  return [{ type: 'table', columns: keep(columns), rows: cells }];
}

const isEmpty = (value: Maybe<DetailValue>): boolean => value === undefined || (value.type === 'text' && value.text === '');

export const section = (id: string, title: string, ...blocks: readonly (readonly Block[])[]): Section[] => {
  const all = blocks.flat();
  return all.length > 0 ? [{ id, title, blocks: all }] : [];
};
