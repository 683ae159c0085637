/**
 * The page's copy of the rows: takes snapshots and deltas, keeps what is expanded, filtered and how it is grouped, and says
 * which rows are visible in which order. Each change costs its own row and the few above it. Knows nothing of the screen.
 */
import { type TreeTexts, treeTexts } from '#common/protocol/treeTexts.ts';
import { defaultLabelKey, noFilter, type TreeFilter } from '#common/protocol/viewState.ts';
import type { RowsMessage, TreeRow } from '#common/protocol/webview.ts';
import { type Arrangement, arrangedGroup, placeOf } from './grouping.ts';
import { type Lines, layOut } from './lines.ts';
import { isUnhealthy, matcherOf, type RowMatcher } from './rowFilter.ts';

/** A row where it stands. */
export interface PlacedRow {
  row: TreeRow;
  parent: string;
  order: string;
  /** Whether the filter lets it through by itself, and how many it lets through below. */
  matches: boolean;
  matchesBelow: number;
  /** How many objects below are not healthy. */
  troublesBelow: number;
}

const noRows: readonly string[] = [];

export class TreeStore {
  /** All that were sent, shown or not. */
  readonly #sent = new Map<string, TreeRow>();
  readonly #placed = new Map<string, PlacedRow>();
  /** Parent → ids of its children in order; also of parents that are not there (yet). */
  readonly #children = new Map<string, string[]>();
  /** What a person opened or closed, against the row's own `open`. */
  readonly #expanded = new Map<string, boolean>();
  #filter: TreeFilter = noFilter;
  #matcher: RowMatcher | undefined;
  #arrangement: Arrangement = { grouping: 'namespace', labelKey: defaultLabelKey, showRetired: false };
  #lines: Lines | undefined;
  /** The words of the groups that are made here. */
  texts: TreeTexts = treeTexts;

  /** Returns the ids of rows whose state, counts or reason changed: what deserves to be noticed. */
  apply({ reset, set, removed }: RowsMessage): string[] {
    if (reset) {
      this.#sent.clear();
      this.#clear();
    }
    const noticed: string[] = [];
    for (const id of removed) {
      this.#sent.delete(id);
      this.#remove(id);
    }
    for (const row of set) {
      const before = this.#sent.get(row.id);
      if (before && isNews(before, row)) noticed.push(row.id);
      this.#sent.set(row.id, row);
      this.#place(row);
    }
    return noticed;
  }

  get size(): number {
    return this.#sent.size;
  }

  get(id: string): TreeRow | undefined {
    return this.#placed.get(id)?.row;
  }

  /** All rows that were sent. */
  rows(): Iterable<TreeRow> {
    return this.#sent.values();
  }

  troublesBelow(id: string): number {
    return this.#placed.get(id)?.troublesBelow ?? 0;
  }

  /** How many rows the filter lets through. */
  get found(): number {
    let found = 0;
    for (const id of this.childrenOf('')) found += weight(this.#placed.get(id));
    return found;
  }

  get filter(): TreeFilter {
    return this.#filter;
  }

  set filter(filter: TreeFilter) {
    this.#filter = filter;
    this.#matcher = matcherOf(filter);
    this.#arrange();
  }

  get isFiltered(): boolean {
    return this.#matcher !== undefined;
  }

  get arrangement(): Arrangement {
    return this.#arrangement;
  }

  set arrangement(arrangement: Arrangement) {
    this.#arrangement = arrangement;
    this.#arrange();
  }

  setExpanded(id: string, expanded: boolean): void {
    this.#expanded.set(id, expanded);
    this.#lines = undefined;
  }

  /** What a person opened and closed, for the next time; without what is gone. */
  get expansion(): readonly (readonly [string, boolean])[] {
    return [...this.#expanded].filter(([id]) => this.#sent.size === 0 || this.#sent.has(id) || this.#placed.has(id));
  }

  restoreExpansion(entries: readonly (readonly [string, boolean])[]): void {
    for (const [id, expanded] of entries) this.#expanded.set(id, expanded);
    this.#lines = undefined;
  }

  childrenOf(id: string): readonly string[] {
    return this.#children.get(id) ?? noRows;
  }

  /** How many of its children the filter shows. */
  shownChildrenOf(id: string): number {
    const children = this.childrenOf(id);
    return this.#matcher ? children.filter((child) => weight(this.#placed.get(child)) > 0).length : children.length;
  }

  /** Stays the same object while no row comes, goes, moves, opens or closes. */
  get lines(): Lines {
    return (this.#lines ??= layOut({
      childrenOf: (id) => this.childrenOf(id),
      row: (id) => this.get(id),
      isShown: this.#matcher && ((id) => weight(this.#placed.get(id)) > 0),
      isOpen: (id) => this.#isOpen(id),
    }));
  }

  /** A filter opens what does not match itself but has something below that does. */
  #isOpen(id: string): boolean {
    const placed = this.#placed.get(id);
    // Who groups by node wants to see what is on each.
    const byItself = placed?.row.open ?? (this.#arrangement.grouping === 'node' && placed?.row.kind === 'Node');
    return this.#expanded.get(id) ?? (byItself || (this.#matcher !== undefined && placed?.matches === false));
  }

  #clear(): void {
    this.#placed.clear();
    this.#children.clear();
    this.#lines = undefined;
  }

  /** Everything anew: after another filter or another grouping. */
  #arrange(): void {
    this.#clear();
    for (const row of this.#sent.values()) this.#place(row);
  }

  #place(row: TreeRow): void {
    const place = placeOf(row, this.#arrangement);
    if (!place) {
      this.#remove(row.id);
      return;
    }
    const before = this.#placed.get(row.id);
    if (before?.parent !== place.parent || before.order !== place.order) {
      this.#remove(row.id);
      this.#insert({ row, parent: place.parent, order: place.order, matches: false, matchesBelow: 0, troublesBelow: 0 });
      return;
    }
    const troubles = troubleOf(row) - troubleOf(before.row);
    if (before.row.open !== row.open) this.#lines = undefined;
    before.row = row;
    this.#count(before.parent, this.#rematch(before), troubles);
  }

  #insert(placed: PlacedRow): void {
    const { row, parent, order } = placed;
    this.#lines = undefined;
    const group = this.#placed.has(parent) ? undefined : arrangedGroup(parent, this.#arrangement, this.texts);
    if (group) this.#insert({ row: group, parent: '', order: group.order, matches: false, matchesBelow: 0, troublesBelow: 0 });
    this.#placed.set(row.id, placed);
    let siblings = this.#children.get(parent);
    if (!siblings) this.#children.set(parent, (siblings = []));
    siblings.splice(this.#indexFor(row.id, order, siblings), 0, row.id);
    placed.matches = this.#letsThrough(placed);
    // What came before it and waits below it.
    for (const id of this.childrenOf(row.id)) {
      const child = this.#placed.get(id);
      if (!child) continue;
      if (child.row.part) child.matches = this.#letsThrough(child);
      placed.matchesBelow += weight(child);
      placed.troublesBelow += child.troublesBelow + troubleOf(child.row);
    }
    this.#count(parent, weight(placed), placed.troublesBelow + troubleOf(row));
  }

  #remove(id: string): void {
    const placed = this.#placed.get(id);
    if (!placed) return;
    this.#lines = undefined;
    this.#count(placed.parent, -weight(placed), -(placed.troublesBelow + troubleOf(placed.row)));
    const siblings = this.#children.get(placed.parent) ?? [];
    const at = this.#indexFor(id, placed.order, siblings);
    this.#placed.delete(id);
    if (siblings[at] === id) siblings.splice(at, 1);
    if (siblings.length > 0) return;
    this.#children.delete(placed.parent);
    if (arrangedGroup(placed.parent, this.#arrangement, this.texts)) this.#remove(placed.parent);
  }

  /** Looks again whether the filter lets it and its parts through; returns by how much its weight changed. */
  #rematch(placed: PlacedRow): number {
    if (!this.#matcher) return 0;
    const before = weight(placed);
    placed.matches = this.#letsThrough(placed);
    if (!placed.row.part)
      for (const id of this.childrenOf(placed.row.id)) {
        const part = this.#placed.get(id);
        if (!part?.row.part) continue;
        const was = weight(part);
        part.matches = this.#letsThrough(part);
        placed.matchesBelow += weight(part) - was;
      }
    const change = weight(placed) - before;
    if (change !== 0) this.#lines = undefined;
    return change;
  }

  /** What is a part is found with the whole. */
  #letsThrough({ row, parent }: PlacedRow): boolean {
    if (!this.#matcher) return false;
    const whole = row.part ? this.#placed.get(parent) : undefined;
    return whole?.matches || this.#matcher(row, whole?.row);
  }

  /** Tells all above of what changed below. */
  #count(parent: string, matches: number, troubles: number): void {
    if (matches === 0 && troubles === 0) return;
    for (let above = this.#placed.get(parent); above; above = this.#placed.get(above.parent)) {
      above.matchesBelow += matches;
      above.troublesBelow += troubles;
    }
  }

  #indexFor(id: string, order: string, siblings: readonly string[]): number {
    let low = 0;
    let high = siblings.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = siblings[middle] ?? '';
      const otherOrder = this.#placed.get(other)?.order ?? '';
      if (otherOrder < order || (otherOrder === order && other < id)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** How many rows it stands for under the filter. */
const weight = (placed: PlacedRow | undefined): number => (placed ? placed.matchesBelow + (placed.matches ? 1 : 0) : 0);

const troubleOf = (row: TreeRow): number => (row.object && !row.part && isUnhealthy(row) ? 1 : 0);

const isNews = (before: TreeRow, after: TreeRow): boolean =>
  before.state !== after.state || before.ready !== after.ready || before.restarts !== after.restarts || before.why !== after.why;
