import type { ServerText } from '../../../l10n.ts';

/** A text with tab stops (`${1:web}`); a stop that comes again is typed once. */
export interface Snippet {
  /** What is typed to find it; for a whole object its kind. */
  readonly label: string;
  readonly about: ServerText;
  readonly text: string;
}

/** The text as it is when every stop is left as it stands. */
export const filled = (text: string): string => text.replace(/\$\{\d+:([^}]*)\}/g, '$1').replace(/\$\d+|\$\{\d+\}/g, '');
