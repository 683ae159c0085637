/** Which tags an image has, as data: named ones, and versions within ranges. */

export interface TagRules {
  readonly named: readonly string[];
  /** Of each major version its first and last minor one: `1.27` and `1.27.3` exist where 27 is within. */
  readonly versions?: Readonly<Record<number, readonly [first: number, last: number]>>;
  /** May follow any other tag: `-alpine`. */
  readonly suffixes?: readonly string[];
  /** `v1` to `v6`. */
  readonly numbered?: readonly [first: number, last: number];
}

const highestPatch = 40;

export function hasTag({ named, versions = {}, suffixes = [], numbered }: TagRules, tag: string): boolean {
  const suffix = suffixes.find((end) => tag.endsWith(end)) ?? '';
  const bare = tag.slice(0, tag.length - suffix.length);
  if (named.includes(tag) || named.includes(bare)) return true;
  const number = /^v(\d+)$/.exec(tag);
  if (number && numbered) return Number(number[1]) >= numbered[0] && Number(number[1]) <= numbered[1];
  const [, major, minor, patch] = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?$/.exec(bare) ?? [];
  const range = major !== undefined && Object.hasOwn(versions, major) ? versions[Number(major)] : undefined;
  if (!range) return false;
  return minor === undefined || (Number(minor) >= range[0] && Number(minor) <= range[1] && Number(patch ?? 0) <= highestPatch);
}

/** How many minor versions of a major one are worth offering. */
const offeredMinors = 3;

/** Tags to choose from, the newest versions first; there are more than these. */
export function offeredTags({ named, versions = {}, suffixes = [], numbered }: TagRules): string[] {
  const majors = Object.entries(versions).sort(([a], [b]) => Number(b) - Number(a));
  const minors = majors.flatMap(([major, [first, last]]) =>
    Array.from({ length: Math.min(offeredMinors, last - first + 1) }, (_, i) => `${major}.${last - i}`),
  );
  const counted = numbered ? Array.from({ length: numbered[1] - numbered[0] + 1 }, (_, i) => `v${numbered[1] - i}`) : [];
  const newest = minors[0];
  return [...minors, ...counted, ...named, ...(newest === undefined ? [] : suffixes.map((suffix) => `${newest}${suffix}`))];
}
