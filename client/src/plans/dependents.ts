/** What goes with objects that are deleted: all that belongs to them, and all that belongs to that. */
import type { KubeObject } from '#common/api/meta.ts';

/** Of the candidates those that are garbage once the roots are gone: every owner of theirs goes too. */
export function dependentsOf(rootUids: Iterable<string>, candidates: readonly KubeObject[]): KubeObject[] {
  const going = new Set(rootUids);
  const byOwner = new Map<string, KubeObject[]>();
  for (const candidate of candidates) {
    for (const { uid } of candidate.metadata.ownerReferences ?? []) {
      const owned = byOwner.get(uid);
      if (owned) owned.push(candidate);
      else byOwner.set(uid, [candidate]);
    }
  }
  const found: KubeObject[] = [];
  // A set that grows while it is walked is walked to its new end.
  for (const uid of going) {
    for (const dependent of byOwner.get(uid) ?? []) {
      const { uid: own = '', ownerReferences = [] } = dependent.metadata;
      // An owner that stays keeps it; one that comes up for deletion later looks at it again.
      if (going.has(own) || !ownerReferences.every((owner) => going.has(owner.uid))) continue;
      going.add(own);
      found.push(dependent);
    }
  }
  return found;
}

export interface KindCount {
  readonly kind: string;
  readonly count: number;
}

/** The most frequent first. */
export function countKinds(objects: readonly { readonly kind?: string }[]): KindCount[] {
  const counts = new Map<string, number>();
  for (const { kind = '' } of objects) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => ({ kind, count })).sort((a, b) => b.count - a.count || (a.kind < b.kind ? -1 : 1));
}

/** `3 Pod, 1 ReplicaSet`: kinds are names, and names have no plural. */
export const countText = (counts: readonly KindCount[]): string => counts.map(({ kind, count }) => `${count} ${kind}`).join(', ');
