/** What the page's templates draw with: words, time, and what a person can ask for. */
import type { DetailsTexts } from '#common/protocol/detailsTexts.ts';
import type { TreeTexts } from '#common/protocol/treeTexts.ts';
import type { ObjectLocator } from '#common/protocol/webview.ts';

export interface PageContext {
  readonly texts: DetailsTexts & Pick<TreeTexts, 'clearSearch'>;
  readonly now: number;
  /** Notes that a time is on the screen, so that its text is kept true. */
  noteTime(at: number): void;
  open(object: ObjectLocator, event: MouseEvent): void;
  reveal(key: string, shown: boolean): void;
}
