/**
 * The unified difference of two texts, by the longest common runs of lines (Ratcliff and Obershelp's pattern matching), with
 * three lines around each change: the form in which the API server explains what an update may not change.
 */
interface Match {
  readonly a: number;
  readonly b: number;
  readonly size: number;
}
interface Change {
  readonly aStart: number;
  readonly aEnd: number;
  readonly bStart: number;
  readonly bEnd: number;
}

const context = 3;

export function unifiedDiff(a: readonly string[], b: readonly string[]): string {
  return hunksOf(changesOf(a, b))
    .map((hunk) => hunkText(hunk, a, b))
    .join('');
}

function changesOf(a: readonly string[], b: readonly string[]): Change[] {
  const positions = positionsOf(b);
  const changes: Change[] = [];
  let [aAt, bAt] = [0, 0];
  for (const match of [...matchesOf(a, b, positions), { a: a.length, b: b.length, size: 0 }]) {
    if (match.a > aAt || match.b > bAt) changes.push({ aStart: aAt, aEnd: match.a, bStart: bAt, bEnd: match.b });
    aAt = match.a + match.size;
    bAt = match.b + match.size;
  }
  return changes;
}

/** Where each line of `b` stands. In long texts, lines that are everywhere do not start a match. */
function positionsOf(b: readonly string[]): Map<string, number[]> {
  const positions = new Map<string, number[]>();
  b.forEach((line, i) => {
    const known = positions.get(line);
    if (known) known.push(i);
    else positions.set(line, [i]);
  });
  if (b.length < 200) return positions;
  const popular = Math.trunc(b.length / 100) + 1;
  for (const [line, places] of positions) if (places.length > popular) positions.delete(line);
  return positions;
}

function matchesOf(a: readonly string[], b: readonly string[], positions: Map<string, number[]>): Match[] {
  const found: Match[] = [];
  const pending: [number, number, number, number][] = [[0, a.length, 0, b.length]];
  for (let range = pending.pop(); range; range = pending.pop()) {
    const [aLow, aHigh, bLow, bHigh] = range;
    const match = longestMatch(a, b, positions, aLow, aHigh, bLow, bHigh);
    if (!match.size) continue;
    found.push(match);
    pending.push([aLow, match.a, bLow, match.b], [match.a + match.size, aHigh, match.b + match.size, bHigh]);
  }
  return found.sort((x, y) => x.a - y.a);
}

function longestMatch(
  a: readonly string[],
  b: readonly string[],
  positions: Map<string, number[]>,
  aLow: number,
  aHigh: number,
  bLow: number,
  bHigh: number,
): Match {
  let best: Match = { a: aLow, b: bLow, size: 0 };
  let lengths = new Map<number, number>();
  for (let i = aLow; i < aHigh; i++) {
    const next = new Map<number, number>();
    for (const j of positions.get(a[i] ?? '') ?? []) {
      if (j < bLow) continue;
      if (j >= bHigh) break;
      const size = (lengths.get(j - 1) ?? 0) + 1;
      next.set(j, size);
      if (size > best.size) best = { a: i - size + 1, b: j - size + 1, size };
    }
    lengths = next;
  }
  // Popular lines around a match belong to it.
  let { a: start, b: bStart, size } = best;
  while (start > aLow && bStart > bLow && a[start - 1] === b[bStart - 1]) {
    start--;
    bStart--;
    size++;
  }
  while (start + size < aHigh && bStart + size < bHigh && a[start + size] === b[bStart + size]) size++;
  return { a: start, b: bStart, size };
}

/** Changes whose surroundings touch are told together. */
function hunksOf(changes: readonly Change[]): Change[][] {
  const hunks: Change[][] = [];
  for (const change of changes) {
    const last = hunks.at(-1)?.at(-1);
    if (last && change.aStart - last.aEnd <= 2 * context) hunks.at(-1)?.push(change);
    else hunks.push([change]);
  }
  return hunks;
}

function hunkText(hunk: readonly Change[], a: readonly string[], b: readonly string[]): string {
  const first = hunk[0] as Change;
  const last = hunk.at(-1) as Change;
  const before = Math.min(context, first.aStart);
  const aStart = first.aStart - before;
  const aEnd = Math.min(a.length, last.aEnd + context);
  const bStart = first.bStart - before;
  const bEnd = Math.min(b.length, last.bEnd + context);
  const lines = [`@@ -${rangeText(aStart, aEnd)} +${rangeText(bStart, bEnd)} @@`];
  let at = aStart;
  for (const change of hunk) {
    for (; at < change.aStart; at++) lines.push(` ${a[at]}`);
    for (let i = change.aStart; i < change.aEnd; i++) lines.push(`-${a[i]}`);
    for (let i = change.bStart; i < change.bEnd; i++) lines.push(`+${b[i]}`);
    at = change.aEnd;
  }
  for (; at < aEnd; at++) lines.push(` ${a[at]}`);
  return `${lines.join('\n')}\n`;
}

function rangeText(start: number, end: number): string {
  const length = end - start;
  if (length === 1) return `${start + 1}`;
  return `${length ? start + 1 : start},${length}`;
}
