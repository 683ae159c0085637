/** What a selector that matches nothing may have meant: the owners of labels that come nearest, and what is different in them. */
import type { Requirement } from '#common/api/labelSelector.ts';
import { inScope } from './labelIndex.ts';
import type { LabelOwner } from './labelOwners.ts';
import type { SelectorLink } from './links.ts';
import type { ReferenceGraph } from './referenceGraph.ts';

export interface LabelDifference {
  readonly requirement: Requirement;
  /** The owner's value under that key; undefined when it does not have the key. */
  readonly actual: string | undefined;
  /** A key of the owner that is nearly the one asked for. */
  readonly similarKey: string | undefined;
}

export interface NearMiss {
  readonly owner: LabelOwner;
  /** Empty when only the namespace is another. */
  readonly differences: readonly LabelDifference[];
  /** The owner's namespace, when the selector does not look there. */
  readonly otherNamespace: string | undefined;
}

/** The nearest first. Nothing that has nothing in common with the selector. */
export function nearestOwners(
  graph: ReferenceGraph,
  link: Pick<SelectorLink, 'to' | 'selector' | 'scope'>,
  most = 3,
): NearMiss[] {
  const found: { miss: NearMiss; distance: number }[] = [];
  for (const owner of graph.ownersOf(link.to)) {
    const distance = distanceOf(link.selector.requirements, owner.labels);
    if (distance === undefined) continue;
    const inside = inScope(link.scope, owner.object.namespace, (name) => ({ 'kubernetes.io/metadata.name': name }));
    if (inside && distance === 0) continue;
    const miss = {
      owner,
      differences: differencesOf(link.selector.requirements, owner.labels),
      otherNamespace: inside ? undefined : owner.object.namespace,
    };
    found.push({ miss, distance: distance + (inside ? 0 : 0.9) });
  }
  found.sort((a, b) => a.distance - b.distance);
  return found.slice(0, most).map(({ miss }) => miss);
}

export function differencesOf(requirements: readonly Requirement[], labels: Readonly<Record<string, string>>): LabelDifference[] {
  return requirements
    .filter((requirement) => !meets(requirement, labels))
    .map((requirement) => {
      const actual = Object.hasOwn(labels, requirement.key) ? labels[requirement.key] : undefined;
      const similarKey =
        actual === undefined
          ? Object.keys(labels).find(
              (key) => requirement.values.includes(labels[key] ?? '') || editDistance(key, requirement.key) <= 2,
            )
          : undefined;
      return { requirement, actual, similarKey };
    });
}

function meets({ key, operator, values }: Requirement, labels: Readonly<Record<string, string>>): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case '!':
      return value === undefined;
    case 'exists':
      return value !== undefined;
    case 'notin':
    case '!=':
      return value === undefined || !values.includes(value);
    case 'gt':
      return value !== undefined && Number(value) > Number(values[0]);
    case 'lt':
      return value !== undefined && Number(value) < Number(values[0]);
    default:
      return value !== undefined && values.includes(value);
  }
}

/** How far labels are from what is asked for, from 0 (met) to 1 per requirement; undefined when nothing is alike. */
function distanceOf(requirements: readonly Requirement[], labels: Readonly<Record<string, string>>): number | undefined {
  let distance = 0;
  let alike = false;
  for (const requirement of requirements) {
    if (meets(requirement, labels)) {
      alike ||= requirement.values.length > 0;
      continue;
    }
    const { key, values } = requirement;
    let nearest = 1;
    for (const own in labels) {
      const value = labels[own] ?? '';
      for (const wanted of values) {
        const sameKey = own === key;
        if (!sameKey && own.length !== key.length && value !== wanted) continue;
        const away = (sameKey ? 0 : relative(own, key)) + relative(value, wanted);
        nearest = Math.min(nearest, 0.1 + 0.8 * away);
      }
    }
    if (nearest < 0.6) alike = true;
    distance += nearest;
  }
  return alike ? distance : undefined;
}

/** Edit distance as a part of the longer text's length. */
const relative = (a: string, b: string): number => (a === b ? 0 : editDistance(a, b) / Math.max(a.length, b.length, 1));

/** Insertions, deletions, replacements, and swaps of neighbours. */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (before[j - 2] ?? 0) + 1);
      row.push(best);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? a.length;
}

/** The candidate that is most like `text`, when one is like enough to be what was meant. */
export function nearestText(text: string, candidates: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let least = Math.max(1, Math.floor(text.length / 3)) + 0.5;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - text.length) >= least) continue;
    const sameButCase = candidate.toLowerCase() === text.toLowerCase();
    const distance = sameButCase ? 0.25 : editDistance(text, candidate);
    if (distance >= least) continue;
    least = distance;
    nearest = candidate;
  }
  return nearest;
}
