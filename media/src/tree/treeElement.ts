/**
 * <kp-tree>: the page. It folds messages into its store and draws, at most once per frame, the rows that are on the
 * screen and no others. It lives in the light DOM, where the editor finds `data-vscode-context`.
 */
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Clock } from '#common/base/clock.ts';
import type { Disposable } from '#common/base/disposable.ts';
import type { CommandId } from '#common/protocol/commands.ts';
import { filled, treeTexts, type TreeTexts } from '#common/protocol/treeTexts.ts';
import { noFilter, type ViewState } from '#common/protocol/viewState.ts';
import type { ClusterPhase, ToView } from '#common/protocol/webview.ts';
import type { Host } from '../host/host.ts';
import { openMenu } from '../menu/contextMenu.ts';
import { ageStep } from './age.ts';
import { type FilterChoices, filterPanel, isChosen } from './filterPanel.ts';
import { moveFor, TypeToFind } from './keyboard.ts';
import { rowElementId, rowTemplate } from './rowTemplate.ts';
import { linesBetween } from './lines.ts';
import { searchBar } from './searchBar.ts';
import { TreeStore } from './treeStore.ts';
import { welcome } from './welcome.ts';

/** As in rows.css. */
const rowHeight = 22;
/** Rows drawn above and below the screen, so that scrolling never shows a gap. */
const margin = 8;

export class TreeElement extends LitElement {
  readonly #host: Host;
  readonly #clock: Clock;
  readonly #store = new TreeStore();
  readonly #typing: TypeToFind;
  readonly #resized = new ResizeObserver(() => this.requestUpdate());
  #texts: TreeTexts = treeTexts;
  #phase: ClusterPhase | undefined;
  #active: string | undefined;
  #search = '';
  #areFiltersOpen = false;
  #isLoading = true;
  #hadTree = false;
  #changes = new Map<string, number>();
  #drawn: number | undefined;
  #ageing: Disposable | undefined;

  constructor(host: Host, clock: Clock) {
    super();
    this.#host = host;
    this.#clock = clock;
    this.#typing = new TypeToFind(clock);
  }

  override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.role = 'main';
    const state = this.#host.loadState();
    if (state) this.#restore(state);
    this.#host.connect((message) => this.#receive(message));
    document.addEventListener('visibilitychange', () => this.requestUpdate());
    // After the frame, since a press of the mouse gives the focus to what is under it.
    addEventListener('focus', () => requestAnimationFrame(this.#takeFocus));
  }

  #restore({ expansion, filter, grouping, labelKey, showRetired }: ViewState): void {
    this.#store.restoreExpansion(expansion);
    this.#store.arrangement = { grouping, labelKey, showRetired };
    this.#store.filter = { ...filter, text: this.#search.trim() };
    this.#areFiltersOpen = isChosen(this.#store);
  }

  protected override async scheduleUpdate(): Promise<void> {
    // A hidden page gets no frames, and its host waits for what it draws.
    if (!document.hidden) await new Promise((resolve) => requestAnimationFrame(resolve));
    await super.scheduleUpdate();
  }

  protected override render(): TemplateResult {
    const isThere = this.#phase === 'running' || this.#phase === 'lost';
    return html`<h1 class="unseen">${this.#texts.tree}</h1>
      ${isThere ? this.#renderTree() : welcome({ phase: this.#phase, texts: this.#texts, hasMenus: this.#host.hasMenus, run: this.#onWelcome })}`;
  }

  #renderTree(): TemplateResult {
    const texts = this.#texts;
    return html`
      ${this.#isLoading ? html`<div class="progress" role="progressbar" aria-label=${texts.loading}></div>` : nothing}
      ${this.#phase === 'lost' ? html`<div class="banner" role="status">${texts.lost}</div>` : nothing}
      ${searchBar({
        texts,
        search: this.#search,
        unhealthyOnly: this.#store.filter.unhealthyOnly,
        areFiltersOpen: this.#areFiltersOpen,
        isChosen: isChosen(this.#store),
        onSearch: this.#onSearch,
        onSearchKey: this.#onSearchKey,
        onClear: () => this.#setSearch(''),
        onToggleUnhealthy: this.#onToggleUnhealthy,
        onToggleFilters: this.#onToggleFilters,
      })}
      ${this.#areFiltersOpen ? filterPanel({ texts, filter: this.#store.filter, arrangement: this.#store.arrangement, rows: this.#store.rows(), choose: this.#onChoose }) : nothing}
      ${this.#renderRows()}
      <div class="unseen" role="status">${this.#store.filter.text ? filled(texts.found, this.#store.found) : nothing}</div>
    `;
  }

  #renderRows(): TemplateResult {
    const { lines } = this.#store;
    if (lines.length === 0) return this.#renderNothing();
    const scroller = this.#scroller;
    const first = Math.max(0, Math.floor((scroller?.scrollTop ?? 0) / rowHeight) - margin);
    const last = Math.ceil(((scroller?.scrollTop ?? 0) + (scroller?.clientHeight ?? 800)) / rowHeight) + margin;
    const now = this.#clock.now();
    const { text } = this.#store.filter;
    const { grouping } = this.#store.arrangement;
    const active = this.#active !== undefined && this.#store.lines.indexOf(this.#active) >= 0 ? this.#active : undefined;
    return html`<div
      class="scroller"
      role="tree"
      tabindex="0"
      aria-label=${this.#texts.tree}
      aria-activedescendant=${active === undefined ? nothing : rowElementId(active)}
      @scroll=${() => this.requestUpdate()}
      @keydown=${this.#onKey}
      @click=${this.#onClick}
      @dblclick=${this.#onDoubleClick}
      @contextmenu=${this.#onContextMenu}
      @focus=${this.#onFocus}
    >
      <div class="all" role="none">
        <div class="shown" role="none">
          ${repeat(
            linesBetween(lines, first, last),
            ({ row }) => row.id,
            (line) =>
              rowTemplate(line, {
                texts: this.#texts,
                now,
                active: line.row.id === active,
                changes: this.#changes.get(line.row.id) ?? 0,
                search: text,
                grouping,
                children: line.row.kind === 'Group' ? this.#store.shownChildrenOf(line.row.id) : 0,
                troubles: this.#store.troublesBelow(line.row.id),
              }),
          )}
        </div>
      </div>
    </div>`;
  }

  #renderNothing(): TemplateResult {
    const texts = this.#texts;
    const { text, unhealthyOnly, namespace, selector } = this.#store.filter;
    if (this.#isLoading) return html`<p class="nothing" role="status">${texts.loading}</p>`;
    if (!this.#store.isFiltered) return html`<p class="nothing" role="status">${texts.empty}</p>`;
    const isHealthy = unhealthyOnly && !text && !namespace && !selector;
    return html`<div class="nothing" role="status">
      <p>${isHealthy ? texts.allHealthy : texts.nothingFound}</p>
      <button class="link" @click=${this.#onClearFilters}>${texts.clearFilters}</button>
    </div>`;
  }

  protected override updated(_changed: PropertyValues): void {
    const scroller = this.#scroller;
    if (scroller) {
      this.#resized.observe(scroller);
      const first = Math.max(0, Math.floor(scroller.scrollTop / rowHeight) - margin);
      const all = scroller.querySelector<HTMLElement>('.all');
      const shown = scroller.querySelector<HTMLElement>('.shown');
      // By property: the policy of the page allows no style attributes.
      if (all) all.style.height = `${this.#store.lines.length * rowHeight}px`;
      if (shown) shown.style.transform = `translateY(${first * rowHeight}px)`;
    }
    // Whoever pressed the button of the start goes on in what has taken its place.
    if (scroller && !this.#hadTree) this.#takeFocus();
    this.#hadTree = scroller !== null;
    if (this.#drawn !== undefined) this.#host.post({ type: 'drawn', revision: this.#drawn });
    this.#drawn = undefined;
    this.#keepAgesFresh();
  }

  get #scroller(): HTMLElement | null {
    return this.querySelector('.scroller');
  }

  #receive(message: ToView): void {
    switch (message.type) {
      case 'texts':
        this.#texts = { ...treeTexts, ...message.texts };
        this.#store.texts = this.#texts;
        break;
      case 'cluster':
        this.#phase = message.phase;
        break;
      case 'rows': {
        const place = this.#active === undefined ? -1 : this.#store.lines.indexOf(this.#active);
        for (const id of this.#store.apply(message)) this.#changes.set(id, (this.#changes.get(id) ?? 0) + 1);
        for (const id of message.removed) this.#changes.delete(id);
        // Where the active row went, its neighbour takes its place.
        if (place >= 0 && !this.#store.get(this.#active ?? ''))
          this.#active = this.#store.lines.at(Math.min(place, this.#store.lines.length - 1))?.row.id;
        this.#isLoading = message.loading ?? false;
        this.#drawn = message.revision;
        break;
      }
      case 'state':
        // What the editor has kept of the page itself may be older.
        this.#restore(message.state);
        break;
    }
    this.requestUpdate();
  }

  #run(command: CommandId, row?: string): void {
    this.#host.post({ type: 'command', command, ...(row === undefined ? {} : { row }) });
  }

  /** For the tree, where the page has the focus and nothing in it. In a browser there is more on the page than a tree. */
  readonly #takeFocus = (): void => {
    if (!this.#host.hasMenus || !document.hasFocus() || document.activeElement !== document.body) return;
    this.#scroller?.focus();
  };

  readonly #onWelcome = (command: CommandId): void => this.#run(command);

  readonly #onSearch = (event: InputEvent): void => this.#setSearch((event.target as HTMLInputElement).value);

  readonly #onSearchKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') this.#setSearch('');
    else if (event.key === 'ArrowDown') this.#scroller?.focus();
    else return;
    event.preventDefault();
  };

  #setSearch(text: string): void {
    this.#search = text;
    this.#store.filter = { ...this.#store.filter, text: text.trim() };
    this.requestUpdate();
  }

  readonly #onToggleUnhealthy = (): void => {
    this.#store.filter = { ...this.#store.filter, unhealthyOnly: !this.#store.filter.unhealthyOnly };
    this.#saveState();
    this.requestUpdate();
  };

  readonly #onToggleFilters = (): void => {
    this.#areFiltersOpen = !this.#areFiltersOpen;
    this.requestUpdate();
  };

  readonly #onChoose = ({ filter, arrangement }: FilterChoices): void => {
    if (arrangement !== this.#store.arrangement) this.#store.arrangement = arrangement;
    if (filter !== this.#store.filter) this.#store.filter = filter;
    this.#saveState();
    this.requestUpdate();
  };

  readonly #onClearFilters = (): void => {
    this.#store.filter = noFilter;
    this.#setSearch('');
    this.#saveState();
    this.querySelector<HTMLInputElement>('.search input')?.focus();
  };

  /** Who comes by keyboard begins at the first row on the screen; a pointer names its row itself. */
  readonly #onFocus = (): void => {
    const scroller = this.#scroller;
    if (!scroller?.matches(':focus-visible')) return;
    if (this.#active === undefined || this.#store.lines.indexOf(this.#active) < 0)
      this.#activate(this.#store.lines.at(Math.ceil(scroller.scrollTop / rowHeight))?.row.id);
  };

  readonly #onClick = (event: MouseEvent): void => {
    const id = rowOf(event);
    if (id === undefined) return;
    this.#activate(id);
    // The second click of a double click must not undo the first.
    if (event.detail === 1) this.#toggle(id);
  };

  readonly #onDoubleClick = (event: MouseEvent): void => this.#open(rowOf(event));

  readonly #onContextMenu = (event: MouseEvent): void => {
    const scroller = this.#scroller;
    const fromKeyboard = event.button !== 2;
    const id = rowOf(event) ?? (fromKeyboard ? this.#active : undefined);
    const row = id === undefined ? undefined : this.#store.get(id);
    // A menu that is asked for by key belongs to the active row, though the tree has the focus.
    const element = row && document.getElementById(rowElementId(row.id));
    if (scroller) scroller.dataset['vscodeContext'] = (fromKeyboard && element?.dataset['vscodeContext']) || '{}';
    if (!row) return;
    this.#activate(row.id);
    if (this.#host.hasMenus) return;
    event.preventDefault();
    const box = element?.getBoundingClientRect();
    const [x, y] = fromKeyboard && box ? [box.left + 24, box.bottom] : [event.clientX, event.clientY];
    openMenu({
      kind: row.kind,
      traits: row.traits ?? [],
      titles: this.#host.menuTitles?.() ?? {},
      label: row.name,
      parent: this,
      x,
      y,
      run: (command) => this.#run(command, row.id),
      close: () => this.#scroller?.focus(),
    });
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { lines } = this.#store;
    const at = this.#active === undefined ? -1 : this.#store.lines.indexOf(this.#active);
    const page = Math.max(1, Math.floor((this.#scroller?.clientHeight ?? 0) / rowHeight) - 1);
    const move = moveFor(event.key, lines, at, page) ?? this.#typing.find(event.key, lines, at);
    if (!move) return;
    event.preventDefault();
    if (move.expand !== undefined && this.#active !== undefined) this.#expand(this.#active, move.expand);
    if (move.open) this.#open(this.#active);
    if (move.to !== undefined) this.#activate(lines.at(move.to)?.row.id);
  };

  #toggle(id: string): void {
    const line = this.#store.lines.at(this.#store.lines.indexOf(id));
    if (line?.expanded !== undefined) this.#expand(id, !line.expanded);
  }

  #expand(id: string, expanded: boolean): void {
    this.#store.setExpanded(id, expanded);
    this.#saveState();
    this.requestUpdate();
  }

  #open(id: string | undefined): void {
    if (id !== undefined && this.#store.get(id)?.object) this.#run('kubePlayground.describe', id);
  }

  #activate(id: string | undefined): void {
    this.#active = id;
    const scroller = this.#scroller;
    const at = id === undefined ? -1 : this.#store.lines.indexOf(id);
    if (scroller && at >= 0) {
      const top = at * rowHeight;
      if (top < scroller.scrollTop) scroller.scrollTop = top;
      else if (top + rowHeight > scroller.scrollTop + scroller.clientHeight)
        scroller.scrollTop = top + rowHeight - scroller.clientHeight;
    }
    this.requestUpdate();
  }

  #saveState(): void {
    const { expansion, filter, arrangement } = this.#store;
    this.#host.saveState({ expansion, filter: { ...filter, text: '' }, ...arrangement });
  }

  /** One timer, due when the first age on the screen changes; none while nothing is seen. */
  #keepAgesFresh(): void {
    this.#ageing?.dispose();
    this.#ageing = undefined;
    const scroller = this.#scroller;
    if (!scroller || document.hidden) return;
    const first = Math.floor(scroller.scrollTop / rowHeight);
    const now = this.#clock.now();
    const steps = linesBetween(this.#store.lines, first, first + Math.ceil(scroller.clientHeight / rowHeight)).flatMap(
      ({ row }) => (row.since ? [ageStep(now - Date.parse(row.since))] : []),
    );
    if (steps.length > 0) this.#ageing = this.#clock.setTimeout(() => this.requestUpdate(), Math.min(...steps));
  }
}

const rowOf = (event: Event): string | undefined =>
  event.target instanceof Element ? event.target.closest<HTMLElement>('[data-row]')?.dataset['row'] : undefined;
