/** What a page says in English letters, where it should speak another language. */
import type { Locator } from 'playwright-core';

/** Of the browser's elements what is asked of them here. */
interface Shown {
  readonly textContent: string | null;
  readonly childNodes: Iterable<{ readonly nodeType: number; readonly textContent: string | null }>;
  getAttribute(name: string): string | null;
  closest(selector: string): Shown | null;
  querySelectorAll(selector: string): Iterable<Shown>;
}

/**
 * Texts, titles, labels and placeholders below the element, each once; `names` selects elements whose text is somebody's
 * own words.
 */
export const textsOf = (root: Locator, names: string): Promise<string[]> =>
  root.evaluate((page: Shown, ownWords: string) => {
    const texts = new Set<string>();
    for (const element of page.querySelectorAll('*')) {
      if (element.closest('script, style')) continue;
      for (const name of ['title', 'aria-label', 'placeholder']) texts.add(element.getAttribute(name)?.trim() ?? '');
      if (element.closest(ownWords)) continue;
      for (const node of element.childNodes) if (node.nodeType === 3) texts.add(node.textContent?.trim() ?? '');
    }
    return [...texts].filter((text) => text !== '');
  }, names);

/** Words of the texts in English letters that are none of those allowed. */
export function englishWords(texts: readonly string[], allowed: RegExp): string[] {
  const words = texts.flatMap((text) => text.split(/[^\w.:/-]+/)).filter((word) => /[A-Za-z]{2}/.test(word));
  return [...new Set(words)].filter((word) => !allowed.test(word)).sort();
}
