/** What describing needs: the object, what is asked of the cluster beside it, and the text that grows. */
import type { ApiClient } from '#apiClient/apiClient.ts';
import { resourcePath, withQuery } from '#apiClient/apiPath.ts';
import type { KubeObject, UntypedObject } from '#common/api/meta.ts';
import { hasReason } from '#common/api/status.ts';
import { alignTabs } from '../output/tabWriter.ts';

export interface DescribeContext {
  readonly api: ApiClient;
  readonly now: number;
  readonly showEvents: boolean;
}

/** The text below the cursor of `describe`, ending with a newline. */
export type Describer = (ctx: DescribeContext, object: UntypedObject) => Promise<string>;

/** Lines with tabs between what stands in columns; each level is two blanks deeper. */
export class Page {
  #text = '';

  line(level: number, text: string): void {
    this.#text += `${'  '.repeat(level)}${text}\n`;
  }

  lines(level: number, texts: readonly string[]): void {
    for (const text of texts) this.line(level, text);
  }

  /** `text` already ends its lines. */
  raw(text: string): void {
    this.#text += text;
  }

  /** With its tabs, where nobody aligns them. */
  withTabs(): string {
    return this.#text;
  }

  toString(): string {
    return alignTabs(this.#text);
  }
}

/** The objects of a collection; none where it may not be seen. */
export async function listOf<T>(
  ctx: DescribeContext,
  apiVersion: string,
  plural: string,
  namespace?: string,
  query: Record<string, string> = {},
): Promise<T[]> {
  const { items } = await ctx.api.get<{ items?: T[] | null }>(
    withQuery(resourcePath(apiVersion, plural, namespace), { ...query, limit: 500 }),
  );
  return items ?? [];
}

/** Undefined when it is not there. */
export async function oneOf<T extends KubeObject>(
  ctx: DescribeContext,
  apiVersion: string,
  plural: string,
  namespace: string | undefined,
  name: string,
): Promise<T | undefined> {
  try {
    return await ctx.api.get<T>(resourcePath(apiVersion, plural, namespace, name));
  } catch (error) {
    if (hasReason(error, 'NotFound')) return undefined;
    throw error;
  }
}
