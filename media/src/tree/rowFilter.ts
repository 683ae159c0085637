/** Which rows a filter lets through. Pure. */
import type { Selector } from '#common/api/labelSelector.ts';
import { parseLabelSelector } from '#common/api/labelSelectorParser.ts';
import { ApiError } from '#common/api/status.ts';
import type { TreeFilter } from '#common/protocol/viewState.ts';
import type { TreeRow } from '#common/protocol/webview.ts';

/** `whole`: the row that this one is a part of. */
export type RowMatcher = (row: TreeRow, whole: TreeRow | undefined) => boolean;

export const isUnhealthy = ({ state }: TreeRow): boolean => state === 'failed' || state === 'warning' || state === 'unknown';

/** The selector, or undefined when the text is none. */
export function selectorOf(text: string): Selector | undefined {
  try {
    return parseLabelSelector(text);
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}

/** Undefined when everything is to be seen. A selector that is none lets everything through. */
export function matcherOf(filter: TreeFilter): RowMatcher | undefined {
  const text = filter.text.toLowerCase();
  const parsed = filter.selector.trim() ? selectorOf(filter.selector) : undefined;
  const selector = parsed?.isEmpty ? undefined : parsed;
  const { namespace, unhealthyOnly } = filter;
  if (!text && !selector && !namespace && !unhealthyOnly) return undefined;
  return (row, whole) => {
    if (row.kind === 'Group') return false;
    const object = whole ?? row;
    if (namespace && namespaceOf(object) !== namespace) return false;
    if (selector && !(object.object && selector.matches(object.labels))) return false;
    if (unhealthyOnly && !isUnhealthy(row)) return false;
    return !text || row.name.toLowerCase().includes(text);
  };
}

const namespaceOf = ({ kind, name, object }: TreeRow): string | undefined => (kind === 'Namespace' ? name : object?.namespace);
