/**
 * What an update changed in a structure that may not change, as Kubernetes shows it: a unified diff, with three lines of
 * context, of both sides printed as indented JSON.
 */
const context = 3;

type Line = { kind: ' ' | '-' | '+'; text: string };

export function structureDiff(before: unknown, after: unknown): string {
  const lines = compareLines(JSON.stringify(before, null, 1).split('\n'), JSON.stringify(after, null, 1).split('\n'));
  return hunks(lines).map(formatHunk).join('');
}

/** The longest common subsequence keeps its lines; everything else is removed or added, removals first. */
function compareLines(a: readonly string[], b: readonly string[]): Line[] {
  const width = b.length + 1;
  const common = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: ' ', text: a[i] ?? '' });
      i++;
      j++;
    } else if (i < a.length && (j === b.length || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ kind: '-', text: a[i++] ?? '' });
    } else {
      lines.push({ kind: '+', text: b[j++] ?? '' });
    }
  }
  return lines;
}

interface Hunk {
  oldStart: number;
  newStart: number;
  lines: Line[];
}

function hunks(lines: readonly Line[]): Hunk[] {
  const changed = lines.flatMap((line, i) => (line.kind === ' ' ? [] : [i]));
  const ranges: { from: number; to: number }[] = [];
  for (const i of changed) {
    const last = ranges.at(-1);
    if (last && i - last.to <= 2 * context) last.to = i;
    else ranges.push({ from: i, to: i });
  }
  return ranges.map(({ from, to }) => {
    const start = Math.max(0, from - context);
    const before = lines.slice(0, start);
    return {
      oldStart: before.filter((line) => line.kind !== '+').length + 1,
      newStart: before.filter((line) => line.kind !== '-').length + 1,
      lines: lines.slice(start, to + context + 1),
    };
  });
}

function formatHunk({ oldStart, newStart, lines }: Hunk): string {
  const range = (start: number, without: '+' | '-'): string => {
    const length = lines.filter((line) => line.kind !== without).length;
    return length === 1 ? `${start}` : `${length === 0 ? start - 1 : start},${length}`;
  };
  const body = lines.map((line) => `${line.kind}${line.text}\n`).join('');
  return `@@ -${range(oldStart, '+')} +${range(newStart, '-')} @@\n${body}`;
}
