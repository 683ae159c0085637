/**
 * Where in a document somebody is typing, told from the lines and their indentation alone: the line itself is half-typed,
 * and what the parser makes of it says little. Inside flow collections the tree is asked.
 */
import { containerOf, keyText, type ManifestNode, pathOf, type TextRange } from './nodes.ts';
import { nodeAtOffset } from './places.ts';
import { lineStartOf } from './textLines.ts';

export interface CursorPath {
  /** `key`: a field's name is typed in the map at `path`. `value`: the value at `path` is typed (also an item of a list). */
  readonly position: 'key' | 'value';
  readonly path: readonly (string | number)[];
  /** What is typed so far, up to the cursor, without quotes. */
  readonly typed: string;
  /** What a completion replaces: the word around the cursor. */
  readonly range: TextRange;
  /** The keys that the map at `path` has besides (for `key`). */
  readonly siblings: readonly string[];
  /** The column where a key of this map starts: what the further lines of a snippet are indented by. */
  readonly column: number;
  /** The line has a dash in front of the cursor and no key yet: a scalar item, or the first field of an item. */
  readonly afterDash: boolean;
}

interface Line {
  /** Columns of the dashes that open items on this line. */
  readonly dashes: readonly number[];
  /** The column behind them. */
  readonly column: number;
  readonly content: string;
  readonly key: string | undefined;
}

const keyPattern = /^(?:"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)'|([^\s#"'{[&*!|>%@`][^#]*?))\s*:(?=\s|$)/;

function lineOf(text: string): Line {
  const dashes: number[] = [];
  let column = /^[ \t]*/.exec(text)?.[0].length ?? 0;
  for (let match = /^-(?:[ \t]+|$)/.exec(text.slice(column)); match; match = /^-(?:[ \t]+|$)/.exec(text.slice(column))) {
    dashes.push(column);
    column += match[0].length;
  }
  const content = text.slice(column);
  const key = keyPattern.exec(content);
  return { dashes, column, content, key: key ? (key[1] ?? key[2] ?? key[3]) : undefined };
}

const isNothing = ({ dashes, content }: Line): boolean =>
  dashes.length === 0 && (content.trim() === '' || content.startsWith('#') || content.startsWith('---'));

/** `root` and `offset` are in terms of `text`, which is one document. */
export function cursorPathAt(text: string, root: ManifestNode | undefined, offset: number): CursorPath | undefined {
  const lineStart = lineStartOf(text, offset);
  const nextBreak = text.indexOf('\n', offset);
  const lineText = text.slice(lineStart, nextBreak < 0 ? text.length : nextBreak).replace(/\r$/, '');
  const before = lineText.slice(0, offset - lineStart);
  if (/(?:^|\s)#/.test(before.replace(/"[^"]*"|'[^']*'/g, ''))) return undefined;
  const inTree = root && pathInTree(text, root, offset);
  if (inTree) return inTree;
  const line = lineOf(before);
  const lines = text
    .slice(0, lineStart)
    .split('\n')
    .slice(0, -1)
    .map((each) => lineOf(each.replace(/\r$/, '')));
  const column = line.column;
  const parents = climb(lines, line.dashes, column);
  if (line.key !== undefined) {
    const at = before.length - line.content.length + (keyPattern.exec(line.content)?.[0].length ?? 0);
    const value = lineText.slice(at).replace(/\s+#.*$/, '');
    const lead = /^\s*["']?/.exec(value)?.[0].length ?? 0;
    const start = Math.min(lineStart + at + lead, offset);
    const end = Math.max(offset, lineStart + at + value.replace(/["']?\s*$/, '').length);
    const path = [...parents, line.key];
    return {
      position: 'value',
      path,
      typed: text.slice(start, offset),
      range: { start, end },
      siblings: [],
      column,
      afterDash: false,
    };
  }
  const typed = line.content.replace(/^["']/, '');
  const start = offset - typed.length;
  const written = /^[^\s:#]*/.exec(lineText.slice(offset - lineStart))?.[0] ?? '';
  const after =
    nextBreak < 0
      ? []
      : text
          .slice(nextBreak + 1)
          .split('\n')
          .map((each) => lineOf(each.replace(/\r$/, '')));
  return {
    position: 'key',
    path: parents,
    typed,
    range: { start, end: offset + written.length },
    siblings: [...(line.dashes.length > 0 ? [] : keysAbove(lines, column)), ...keysBelow(after, column)],
    column,
    afterDash: line.dashes.length > 0,
  };
}

/** The keys at a column in the lines above, up to where their map starts. */
function keysAbove(lines: readonly Line[], column: number): string[] {
  const keys: string[] = [];
  for (const line of lines.toReversed()) {
    const first = line.dashes[0] ?? line.column;
    if (isNothing(line) || first > column) continue;
    if (line.column === column && line.key !== undefined) keys.push(line.key);
    if (first < column) break;
  }
  return keys.reverse();
}

function keysBelow(lines: readonly Line[], column: number): string[] {
  const keys: string[] = [];
  for (const line of lines) {
    const first = line.dashes[0] ?? line.column;
    if (isNothing(line) || first > column) continue;
    if (first < column) break;
    if (line.dashes.length === 0 && line.key !== undefined) keys.push(line.key);
  }
  return keys;
}

/** The steps to the map that has a key at `column` below `lines`; `dashes` are those on the line itself. */
function climb(lines: readonly Line[], dashes: readonly number[], column: number): (string | number)[] {
  const steps: (string | number)[] = [];
  let index = lines.length;
  let open = [...dashes];
  let at = column;
  for (;;) {
    const dash = open.pop();
    if (dash !== undefined) {
      let count = 0;
      let parent: Line | undefined;
      while (--index >= 0) {
        const line = lines[index] as Line;
        const first = line.dashes[0] ?? line.column;
        if (isNothing(line) || first > dash) continue;
        if (line.dashes.includes(dash)) {
          count++;
          if (line.dashes[0] === dash) continue;
          open = line.dashes.slice(0, line.dashes.indexOf(dash));
        } else parent = line;
        break;
      }
      steps.push(count);
      if (index < 0) break;
      if (!parent) continue;
      if (parent.key === undefined) break;
      steps.push(parent.key);
      open = [...parent.dashes];
      at = parent.column;
      continue;
    }
    // In a map: up to the key around it, or to the dash that opens it.
    let found: Line | undefined;
    while (--index >= 0) {
      const line = lines[index] as Line;
      const first = line.dashes[0] ?? line.column;
      if (isNothing(line) || first > at || (first === at && line.dashes.length > 0)) continue;
      if (line.column >= at && line.dashes.length > 0) {
        found = line;
        break;
      }
      if (line.column < at) {
        found = line;
        break;
      }
    }
    if (!found) break;
    if (found.column < at) {
      if (found.key === undefined) break;
      steps.push(found.key);
      at = found.column;
    }
    open = found.dashes.filter((each) => each < at);
  }
  return steps.reverse();
}

/** Inside block scalars and flow collections. */
function pathInTree(text: string, root: ManifestNode, offset: number): CursorPath | undefined {
  const found = nodeAtOffset(root, offset);
  if (!found) return undefined;
  const { node, onKey } = found;
  if (node.kind === 'scalar' && (node.style === 'literal' || node.style === 'folded') && !onKey) {
    if (offset <= text.indexOf('\n', node.start)) return undefined;
    const range = { start: offset, end: offset };
    return { position: 'value', path: pathOf(node), typed: '', range, siblings: [], column: 0, afterDash: false };
  }
  const around = node.kind === 'scalar' || onKey ? containerOf(node) : node;
  if (!around || around.kind === undefined || !around.flow || offset <= around.start || offset >= around.end) return undefined;
  const lead = /[^\s,{}[\]:"']*$/.exec(text.slice(around.start, offset))?.[0] ?? '';
  const tail = /^[^\s,{}[\]:"']*/.exec(text.slice(offset))?.[0] ?? '';
  const range = { start: offset - lead.length, end: offset + tail.length };
  const common = { typed: lead, range, column: 0, afterDash: false };
  if (
    node.kind === 'scalar' &&
    !onKey &&
    !(node.style === 'empty' && node.parent?.kind === 'pair' && offset <= node.parent.key.end)
  ) {
    return { ...common, position: 'value', path: pathOf(node), siblings: [] };
  }
  if (around.kind === 'sequence')
    return { ...common, position: 'value', path: [...pathOf(around), around.items.length], siblings: [] };
  const siblings = around.pairs.filter(({ key }) => offset < key.start || offset > key.end).map(({ key }) => keyText(key));
  return { ...common, position: 'key', path: pathOf(around), siblings };
}
