/** Lists a collection in pages, so that neither side ever holds all of a large one as text. */
import type { KubeObject } from '#common/api/meta.ts';
import { ApiError } from '#common/api/status.ts';
import type { ApiClient } from './apiClient.ts';
import { withQuery } from './apiPath.ts';

export interface ListedPage {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string; readonly remainingItemCount?: number };
  readonly items?: readonly KubeObject[] | null;
}

export const defaultPageSize = 500;

/**
 * Calls `onPage` for each page and gives the revision of the whole. A list whose place in it has expired (410) begins
 * again in one piece; `onPage` is told by `isFirst`.
 */
export async function listPages(
  api: ApiClient,
  path: string,
  onPage: (items: readonly KubeObject[], isFirst: boolean) => void,
  options: { readonly signal?: AbortSignal; readonly pageSize?: number } = {},
): Promise<string> {
  let limit: number | undefined = options.pageSize ?? defaultPageSize;
  let next: string | undefined;
  for (;;) {
    let page: ListedPage;
    try {
      page = await api.get<ListedPage>(withQuery(path, { limit, continue: next }), options.signal);
    } catch (error) {
      if (next === undefined || !(error instanceof ApiError) || error.code !== 410) throw error;
      [next, limit] = [undefined, undefined];
      continue;
    }
    onPage(page.items ?? [], next === undefined);
    next = page.metadata?.continue || undefined;
    if (next === undefined) return page.metadata?.resourceVersion ?? '';
  }
}
