/** The tree as lines, top to bottom. Only those that are looked at are made. */
import type { TreeRow } from '#common/protocol/webview.ts';

/** One line of the tree as it stands. */
export interface VisibleRow {
  readonly row: TreeRow;
  /** 0 at the top. */
  readonly depth: number;
  /** Undefined where there is nothing to expand. */
  readonly expanded: boolean | undefined;
  /** Place among its siblings, from 1, and how many they are. */
  readonly place: number;
  readonly siblings: number;
}

export interface Lines {
  readonly length: number;
  at(index: number): VisibleRow | undefined;
  /** The line of that row, or -1. */
  indexOf(id: string): number;
}

export interface Branches {
  childrenOf(id: string): readonly string[];
  row(id: string): TreeRow | undefined;
  /** Absent: all are. */
  readonly isShown: ((id: string) => boolean) | undefined;
  isOpen(id: string): boolean;
}

export function layOut({ childrenOf, row, isShown, isOpen }: Branches): Lines {
  const ids: string[] = [];
  // Beside each id: its depth, its place among its siblings, how many these are, and whether it is open.
  const depths: number[] = [];
  const places: number[] = [];
  const siblings: number[] = [];
  const open: (boolean | undefined)[] = [];
  const visit = (children: readonly string[], depth: number): void => {
    const listed = isShown ? children.filter(isShown) : children;
    for (let i = 0; i < listed.length; i++) {
      const id = listed[i] ?? '';
      const below = childrenOf(id);
      const isExpandable = isShown ? below.some(isShown) : below.length > 0;
      const expanded = isExpandable ? isOpen(id) : undefined;
      ids.push(id);
      depths.push(depth);
      places.push(i + 1);
      siblings.push(listed.length);
      open.push(expanded);
      if (expanded) visit(below, depth + 1);
    }
  };
  visit(childrenOf(''), 0);
  return {
    length: ids.length,
    indexOf: (id) => ids.indexOf(id),
    at(index) {
      const found = row(ids[index] ?? '');
      return (
        found && {
          row: found,
          depth: depths[index] ?? 0,
          expanded: open[index],
          place: places[index] ?? 1,
          siblings: siblings[index] ?? 1,
        }
      );
    },
  };
}

/** Those on the screen; `last` is not among them. */
export function linesBetween(lines: Lines, first: number, last: number): VisibleRow[] {
  const between: VisibleRow[] = [];
  for (let index = first; index < Math.min(last, lines.length); index++) {
    const line = lines.at(index);
    if (line) between.push(line);
  }
  return between;
}
