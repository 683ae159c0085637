/** The line above the rows: the search, what is not healthy, and the button that shows the other filters. */
import { html, nothing, type TemplateResult } from 'lit';
import type { TreeTexts } from '#common/protocol/treeTexts.ts';
import { clearIcon, filterIcon, searchIcon, unhealthyIcon } from './icons.ts';

export interface SearchBarOptions {
  readonly texts: TreeTexts;
  readonly search: string;
  readonly unhealthyOnly: boolean;
  readonly areFiltersOpen: boolean;
  /** Whether one of the other filters is at work. */
  readonly isChosen: boolean;
  onSearch(event: InputEvent): void;
  onSearchKey(event: KeyboardEvent): void;
  onClear(): void;
  onToggleUnhealthy(): void;
  onToggleFilters(): void;
}

export function searchBar(options: SearchBarOptions): TemplateResult {
  const { texts, search, unhealthyOnly, areFiltersOpen } = options;
  return html`<div class="bar">
    <div class="search">
      <svg viewBox="0 0 16 16" aria-hidden="true">${searchIcon}</svg>
      <input
        type="text"
        spellcheck="false"
        placeholder=${texts.search}
        aria-label=${texts.search}
        .value=${search}
        @input=${options.onSearch}
        @keydown=${options.onSearchKey}
      />
      ${
        search
          ? html`<button class="icon-button" title=${texts.clearSearch} aria-label=${texts.clearSearch} @click=${options.onClear}>
              <svg viewBox="0 0 16 16" aria-hidden="true">${clearIcon}</svg>
            </button>`
          : nothing
      }
    </div>
    <button
      class="icon-button toggle"
      title=${texts.unhealthy}
      aria-label=${texts.unhealthy}
      aria-pressed=${unhealthyOnly}
      @click=${options.onToggleUnhealthy}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true">${unhealthyIcon}</svg>
    </button>
    <button
      class=${options.isChosen ? 'icon-button chosen' : 'icon-button'}
      title=${texts.filters}
      aria-label=${texts.filters}
      aria-expanded=${areFiltersOpen}
      aria-controls=${areFiltersOpen ? 'filters' : nothing}
      @click=${options.onToggleFilters}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true">${filterIcon}</svg>
    </button>
  </div>`;
}
