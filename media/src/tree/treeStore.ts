/**
 * The page's copy of the rows: takes snapshots and deltas, keeps what is expanded, searched and filtered, and says which
 * rows are visible in which order. Knows nothing of the screen.
 */
import type { RowsMessage, TreeRow } from '#common/protocol/webview.ts';

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

/** All lines of the tree, top to bottom. Only those that are looked at are made. */
export interface Lines {
  readonly length: number;
  at(index: number): VisibleRow | undefined;
  /** The line of that row, or -1. */
  indexOf(id: string): number;
}

export interface TreeFilter {
  readonly text: string;
  readonly unhealthyOnly: boolean;
}

const noRows: readonly string[] = [];

export class TreeStore {
  readonly #rows = new Map<string, TreeRow>();
  /** Parent → ids of its children in order. */
  readonly #children = new Map<string, string[]>();
  /** What a person opened or closed, against the row's own `open`. */
  readonly #expanded = new Map<string, boolean>();
  #filter: TreeFilter = { text: '', unhealthyOnly: false };
  #lines: Lines | undefined;

  /** Returns the ids of rows whose state, counts or reason changed: what deserves to be noticed. */
  apply({ reset, set, removed }: RowsMessage): string[] {
    if (reset) {
      this.#rows.clear();
      this.#children.clear();
    }
    const noticed: string[] = [];
    for (const id of removed) this.#remove(id);
    for (const row of set) {
      const before = this.#rows.get(row.id);
      if (before && isNews(before, row)) noticed.push(row.id);
      this.#put(row, before);
    }
    // What a filter shows may follow from any change.
    if (reset || this.isFiltered) this.#changed();
    return noticed;
  }

  get size(): number {
    return this.#rows.size;
  }

  get(id: string): TreeRow | undefined {
    return this.#rows.get(id);
  }

  get filter(): TreeFilter {
    return this.#filter;
  }

  set filter(filter: TreeFilter) {
    this.#filter = filter;
    this.#changed();
  }

  get isFiltered(): boolean {
    return this.#filter.text !== '' || this.#filter.unhealthyOnly;
  }

  setExpanded(id: string, expanded: boolean): void {
    this.#expanded.set(id, expanded);
    this.#changed();
  }

  /** What a person opened and closed, for the next time. */
  get expansion(): readonly (readonly [string, boolean])[] {
    return [...this.#expanded];
  }

  restoreExpansion(entries: readonly (readonly [string, boolean])[]): void {
    for (const [id, expanded] of entries) this.#expanded.set(id, expanded);
    this.#changed();
  }

  childrenOf(id: string): readonly string[] {
    return this.#children.get(id) ?? noRows;
  }

  /** Stays the same object while no row comes, goes, moves, opens or closes. */
  get lines(): Lines {
    return (this.#lines ??= this.#layOut());
  }

  #changed(): void {
    this.#lines = undefined;
  }

  #put(row: TreeRow, before: TreeRow | undefined): void {
    this.#rows.set(row.id, row);
    if (before && before.parent === row.parent && before.order === row.order && before.open === row.open) return;
    this.#changed();
    if (before) this.#detach(before);
    let siblings = this.#children.get(row.parent);
    if (!siblings) this.#children.set(row.parent, (siblings = []));
    siblings.splice(this.#placeOf(row, siblings), 0, row.id);
  }

  #remove(id: string): void {
    const row = this.#rows.get(id);
    if (!row) return;
    this.#rows.delete(id);
    this.#detach(row);
    this.#changed();
  }

  #detach(row: TreeRow): void {
    const siblings = this.#children.get(row.parent);
    const at = siblings?.indexOf(row.id) ?? -1;
    if (at >= 0) siblings?.splice(at, 1);
    if (siblings?.length === 0) this.#children.delete(row.parent);
  }

  #placeOf(row: TreeRow, siblings: readonly string[]): number {
    let low = 0;
    let high = siblings.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#compare(siblings[middle] ?? '', row.id) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  readonly #compare = (a: string, b: string): number => {
    const [orderA, orderB] = [this.#rows.get(a)?.order ?? '', this.#rows.get(b)?.order ?? ''];
    if (orderA !== orderB) return orderA < orderB ? -1 : 1;
    return a < b ? -1 : a > b ? 1 : 0;
  };

  #layOut(): Lines {
    const { shown, matches } = this.isFiltered ? this.#matching() : {};
    const ids: string[] = [];
    // Beside each id: its depth, its place among its siblings, how many these are, and whether it is open.
    const depths: number[] = [];
    const places: number[] = [];
    const siblings: number[] = [];
    const open: (boolean | undefined)[] = [];
    const visit = (children: readonly string[], depth: number): void => {
      const listed = shown ? children.filter((id) => shown.has(id)) : children;
      for (let i = 0; i < listed.length; i++) {
        const id = listed[i] ?? '';
        const below = this.#children.get(id);
        const expandable = below !== undefined && (!shown || below.some((child) => shown.has(child)));
        const expanded = expandable ? this.#isOpen(id, matches) : undefined;
        ids.push(id);
        depths.push(depth);
        places.push(i + 1);
        siblings.push(listed.length);
        open.push(expanded);
        if (expanded && below) visit(below, depth + 1);
      }
    };
    visit(this.childrenOf(''), 0);
    return {
      length: ids.length,
      indexOf: (id) => ids.indexOf(id),
      at: (index) => {
        const row = this.#rows.get(ids[index] ?? '');
        return (
          row && {
            row,
            depth: depths[index] ?? 0,
            expanded: open[index],
            place: places[index] ?? 1,
            siblings: siblings[index] ?? 1,
          }
        );
      },
    };
  }

  /** A filter opens what does not match itself but has something below that does. */
  #isOpen(id: string, matches: ReadonlySet<string> | undefined): boolean {
    const byItself = this.#rows.get(id)?.open ?? false;
    return this.#expanded.get(id) ?? (matches ? byItself || !matches.has(id) : byItself);
  }

  /** The rows that match; and these with all that they stand under. */
  #matching(): { shown: Set<string>; matches: Set<string> } {
    const text = this.#filter.text.toLowerCase();
    const shown = new Set<string>();
    const matches = new Set<string>();
    for (const row of this.#rows.values()) {
      if (text && !row.name.toLowerCase().includes(text)) continue;
      if (this.#filter.unhealthyOnly && !isUnhealthy(row)) continue;
      matches.add(row.id);
      for (let id = row.id; id && !shown.has(id); id = this.#rows.get(id)?.parent ?? '') shown.add(id);
    }
    return { shown, matches };
  }
}

export const isUnhealthy = ({ state }: TreeRow): boolean => state === 'failed' || state === 'warning' || state === 'unknown';

const isNews = (before: TreeRow, after: TreeRow): boolean =>
  before.state !== after.state || before.ready !== after.ready || before.restarts !== after.restarts || before.why !== after.why;
