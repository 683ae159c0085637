/** A bug, not bad input: something the code promises cannot happen did. */
export function unexpected(what: string): never {
  throw new Error(`unexpected: ${what}`);
}
