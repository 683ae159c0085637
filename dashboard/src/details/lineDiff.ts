/** The shortest way from one text to another, line by line (Myers' algorithm), as hunks with a few lines around each change. */
import type { DiffLine } from '#common/protocol/details.ts';

/** More changed lines than this are shown as everything removed and everything added. */
const mostSteps = 400;
const context = 3;

export function diffHunks(before: string, after: string): DiffLine[][] {
  const lines = diffLines(linesOf(before), linesOf(after));
  const hunks: DiffLine[][] = [];
  let end = -1;
  lines.forEach((line, i) => {
    if (line.kind === 'same') return;
    const start = Math.max(i - context, 0);
    if (start > end) hunks.push([]);
    hunks.at(-1)?.push(...lines.slice(Math.max(start, end), Math.min(i + context + 1, lines.length)));
    end = Math.min(i + context + 1, lines.length);
  });
  return hunks;
}

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

export function diffLines(a: readonly string[], b: readonly string[]): DiffLine[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let ends = 0;
  while (ends < a.length - start && ends < b.length - start && a[a.length - 1 - ends] === b[b.length - 1 - ends]) ends++;
  const same = (lines: readonly string[]): DiffLine[] => lines.map((text) => ({ kind: 'same', text }));
  return [
    ...same(a.slice(0, start)),
    ...shortest(a.slice(start, a.length - ends), b.slice(start, b.length - ends)),
    ...same(a.slice(a.length - ends)),
  ];
}

function shortest(a: readonly string[], b: readonly string[]): DiffLine[] {
  const trace = traceOf(a, b);
  if (!trace) return [...a.map((text) => line('removed', text)), ...b.map((text) => line('added', text))];
  const lines: DiffLine[] = [];
  let [x, y] = [a.length, b.length];
  for (let step = trace.length - 1; step >= 0; step--) {
    const reach = trace[step] ?? new Map<number, number>();
    const k = x - y;
    const down = k === -step || (k !== step && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1));
    const fromK = down ? k + 1 : k - 1;
    const fromX = reach.get(fromK) ?? 0;
    const fromY = fromX - fromK;
    while (x > fromX && y > fromY && x > 0 && y > 0) {
      lines.push(line('same', a[--x] ?? ''));
      y--;
    }
    if (step === 0) break;
    if (down) lines.push(line('added', b[--y] ?? ''));
    else lines.push(line('removed', a[--x] ?? ''));
  }
  return lines.reverse();
}

const line = (kind: DiffLine['kind'], text: string): DiffLine => ({ kind, text });

/** How far each diagonal reaches before each step; undefined where the texts have too little in common. */
function traceOf(a: readonly string[], b: readonly string[]): Map<number, number>[] | undefined {
  const trace: Map<number, number>[] = [];
  const reach = new Map<number, number>([[1, 0]]);
  for (let step = 0; step <= Math.min(a.length + b.length, mostSteps); step++) {
    trace.push(new Map(reach));
    for (let k = -step; k <= step; k += 2) {
      const down = k === -step || (k !== step && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1));
      let x = down ? (reach.get(k + 1) ?? 0) : (reach.get(k - 1) ?? 0) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      reach.set(k, x);
      if (x >= a.length && x - k >= b.length) return trace;
    }
  }
  return undefined;
}
