/**
 * Remembers, per owner, the creations and deletions that were asked for and are not yet seen in the cache, so that a
 * controller does not repeat itself. Forgotten after five minutes.
 */
export interface Expectations {
  expectCreations(key: string, count: number): void;
  expectDeletions(key: string, uids: readonly string[]): void;
  creationObserved(key: string): void;
  deletionObserved(key: string, uid: string): void;
  /** True when nothing is outstanding: the cache can be trusted to be complete. */
  satisfied(key: string): boolean;
  forget(key: string): void;
}
