/**
 * Folding by the lines' indentation, by documents and by comments: from the text alone, since it is asked for as soon as a
 * file is opened, and half-typed parts fold like others.
 */
import type { SourceFile } from '#common/manifests/sourceFile.ts';
import type { FoldingRange, OfFile } from './feature.ts';

interface Line {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly indent: number;
}

export const provideFolding: OfFile<readonly FoldingRange[]> = (_snapshot, file) => {
  const lines = linesOf(file);
  return [...documentFolds(file, lines), ...commentFolds(lines), ...blockFolds(lines)];
};

const linesOf = ({ text, lineStarts }: SourceFile): Line[] =>
  lineStarts.map((start, i) => {
    const end = (lineStarts[i + 1] ?? text.length + 1) - 1;
    const line = text.slice(start, end).trimEnd();
    return { start, end: start + line.length, text: line, indent: indentOf(line) };
  });

/** A dash counts as what it indents, so that an item folds with its fields and a list with its items. */
const indentOf = (line: string): number => /^ */.exec(line)?.[0].length ?? 0;

/** From a line to the last one that is indented more (or, for a key, to the items that stand at its own column). */
function blockFolds(lines: readonly Line[]): FoldingRange[] {
  const folds: FoldingRange[] = [];
  const open: { line: Line; key: boolean }[] = [];
  let last: Line | undefined;
  const close = (down: (top: { line: Line; key: boolean }) => boolean): void => {
    for (let top = open.at(-1); top && down(top); top = open.at(-1)) {
      open.pop();
      if (last && last.start > top.line.start) folds.push({ start: top.line.start, end: last.end });
    }
  };
  for (const line of lines) {
    if (line.text.trim() === '' || line.text.trimStart().startsWith('#')) continue;
    if (/^(?:---|\.\.\.)/.test(line.text)) {
      close(() => true);
      last = undefined;
      continue;
    }
    const item = /^\s*-(?:\s|$)/.test(line.text);
    close((top) => top.line.indent > line.indent || (top.line.indent === line.indent && !(item && top.key)));
    // A bracket that closes goes with the one that opened.
    if (/^\s*[\]}]/.test(line.text)) last = line;
    open.push({ line, key: !item });
    last = line;
  }
  close(() => true);
  return folds;
}

/** Of several documents each as a whole, from the first line with text. */
function documentFolds({ text, documents }: SourceFile, lines: readonly Line[]): FoldingRange[] {
  if (documents.length < 2) return [];
  const taken = new Set(lines.filter(({ indent }) => indent === 0).map(({ start }) => start));
  return documents.flatMap(({ start, end }) => {
    const body = text.slice(start, end).trimEnd();
    return taken.has(start) && body.startsWith('---') && body.includes('\n')
      ? [{ start, end: start + body.length, kind: 'region' as const }]
      : [];
  });
}

function commentFolds(lines: readonly Line[]): FoldingRange[] {
  const folds: FoldingRange[] = [];
  let first: Line | undefined;
  let last: Line | undefined;
  for (const line of [...lines, undefined]) {
    if (line?.text.trimStart().startsWith('#')) {
      first ??= line;
      last = line;
      continue;
    }
    if (first && last && first !== last) folds.push({ start: first.start, end: last.end, kind: 'comment' });
    first = last = undefined;
  }
  return folds;
}
