/** Expectations in memory. What was never observed is forgotten after five minutes, so that a lost event cannot stall a controller. */
import type { Clock } from '#common/base/clock.ts';
import type { Expectations } from './expectations.ts';

const lifetime = 5 * 60_000;

interface Outstanding {
  creations: number;
  readonly deletions: Set<string>;
  since: number;
}

export function trackExpectations(clock: Clock): Expectations {
  const byKey = new Map<string, Outstanding>();
  const outstanding = (key: string): Outstanding => {
    let entry = byKey.get(key);
    if (!entry) byKey.set(key, (entry = { creations: 0, deletions: new Set(), since: clock.now() }));
    entry.since = clock.now();
    return entry;
  };
  const dropIfMet = (key: string, entry: Outstanding): void => {
    if (entry.creations <= 0 && entry.deletions.size === 0) byKey.delete(key);
  };
  return {
    expectCreations(key, count) {
      if (count > 0) outstanding(key).creations += count;
    },
    expectDeletions(key, uids) {
      if (uids.length === 0) return;
      const { deletions } = outstanding(key);
      for (const uid of uids) deletions.add(uid);
    },
    creationObserved(key) {
      const entry = byKey.get(key);
      if (!entry) return;
      entry.creations--;
      dropIfMet(key, entry);
    },
    deletionObserved(key, uid) {
      const entry = byKey.get(key);
      if (!entry) return;
      entry.deletions.delete(uid);
      dropIfMet(key, entry);
    },
    satisfied(key) {
      const entry = byKey.get(key);
      return !entry || clock.now() - entry.since > lifetime;
    },
    forget(key) {
      byKey.delete(key);
    },
  };
}
