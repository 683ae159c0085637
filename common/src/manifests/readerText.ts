/** What the parts of the fast reader share: its way out, and which characters are blank. */
export const TAB = 9;
export const LF = 10;

export class GiveUp extends Error {}
const reason = new GiveUp('for the full parser');
reason.stack = '';

/** Leaves the text to the full parser. One error for all, because its stack says nothing and costs much. */
export function giveUp(): never {
  throw reason;
}

/** Space, tab or the break of a line. */
export const isBlank = (code: number): boolean => code === 32 || code === TAB || code === 13 || code === LF;
