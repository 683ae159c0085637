/** <kp-log>: the logs of an object's pods. Only the lines on the screen are in the page. */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { LogLine, LogsMessage } from '#common/protocol/details.ts';
import { detailsTexts, type DetailsTexts } from '#common/protocol/detailsTexts.ts';
import { filled } from '#common/protocol/treeTexts.ts';
import { LogStore } from './logStore.ts';

/** As in texts.css. */
const lineHeight = 18;
const margin = 20;
/** Names have one of so many colours. */
const colours = 8;

export interface LogChoice {
  readonly follow: boolean;
  readonly previous: boolean;
}

export class LogElement extends LitElement {
  texts: DetailsTexts = detailsTexts;
  onChoice: (choice: LogChoice) => void = () => undefined;
  readonly #store = new LogStore();
  readonly #resized = new ResizeObserver(() => this.requestUpdate());
  #choice: LogChoice = { follow: true, previous: false };
  #timestamps = false;
  #match = -1;
  /** The end of the log stays in sight. */
  #atEnd = true;
  #isEmpty = true;

  override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
  }

  /** Everything before belongs to another object. */
  clear(): void {
    this.#choice = { follow: true, previous: false };
    this.#isEmpty = true;
    this.receive({ type: 'logs', batch: 0, reset: true, sources: [], lines: [], dropped: 0 });
  }

  receive(message: LogsMessage): void {
    if (message.reset) this.#atEnd = true;
    if (message.batch > 0) this.#isEmpty = false;
    const gone = this.#store.apply(message);
    const scroller = this.#scroller;
    if (gone > 0 && scroller && !this.#atEnd) scroller.scrollTop -= gone * lineHeight;
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    const { texts } = this;
    const { sources, lines, forgotten, dropped } = this.#store;
    const failed = sources.filter(({ state, problem }) => state === 'failed' && problem);
    return html`
      <div class="toolbar">
        ${this.#toggle(texts.follow, this.#choice.follow, () => this.#choose({ follow: !this.#choice.follow, previous: false }))}
        ${this.#toggle(texts.previous, this.#choice.previous, () => this.#choose({ follow: this.#choice.previous, previous: !this.#choice.previous }))}
        ${this.#toggle(texts.timestamps, this.#timestamps, () => {
          this.#timestamps = !this.#timestamps;
          this.requestUpdate();
        })}
        <span class="space"></span>
        ${this.#renderSearch()}
      </div>
      ${failed.map(({ pod, container, problem }) => html`<p class="note tone-warning">${pod} ${container}: ${problem}</p>`)}
      ${dropped > 0 ? html`<p class="note tone-quiet">${filled(texts.dropped, dropped)}</p>` : nothing}
      ${
        lines.length === 0
          ? html`<p class="nothing" role="status">
              ${this.#isEmpty ? texts.loading : sources.length === 0 ? texts.noPods : texts.noLogs}
            </p>`
          : this.#renderLines()
      }
      <p class="log-foot tone-quiet">
        ${lines.length === 1 ? texts.oneLine : filled(texts.lineCount, lines.length)}${forgotten > 0 ? ` · ${texts.forgotten}` : ''}
      </p>
    `;
  }

  #toggle(label: string, pressed: boolean, onClick: () => void): TemplateResult {
    return html`<button class="toggle" aria-pressed=${pressed} @click=${onClick}>${label}</button>`;
  }

  #renderSearch(): TemplateResult {
    const { texts } = this;
    const { search, matches } = this.#store;
    const count = search ? filled(texts.searchCount, matches.length ? this.#match + 1 : 0, matches.length) : '';
    return html`<span class="log-search">
      <input
        type="search"
        spellcheck="false"
        placeholder=${texts.searchLogs}
        aria-label=${texts.searchLogs}
        @input=${(event: InputEvent) => this.#setSearch((event.target as HTMLInputElement).value)}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key === 'Enter') this.#go(event.shiftKey ? -1 : 1);
        }}
      />
      <span class="count" role="status">${count}</span>
      ${this.#step('m8 13V3M3.75 7.25 8 3l4.25 4.25', texts.previousMatch, -1)}
      ${this.#step('m8 3v10M3.75 8.75 8 13l4.25-4.25', texts.nextMatch, 1)}
    </span>`;
  }

  #step(arrow: string, label: string, step: 1 | -1): TemplateResult {
    return html`<button
      title=${label}
      aria-label=${label}
      ?disabled=${this.#store.matches.length === 0}
      @click=${() => this.#go(step)}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true"><path d=${arrow}></path></svg>
    </button>`;
  }

  #renderLines(): TemplateResult {
    const { lines, matches, forgotten } = this.#store;
    const [first, last] = this.#range();
    const current = matches[this.#match];
    return html`<div
      class="log"
      role="log"
      aria-live="off"
      aria-label=${this.texts.logLines}
      tabindex="0"
      @scroll=${this.#onScroll}
    >
      <div class="all">
        <div class="shown">
          ${repeat(
            lines.slice(first, last),
            (_, i) => forgotten + first + i,
            (line, i) => this.#renderLine(line, first + i === current),
          )}
        </div>
      </div>
    </div>`;
  }

  #renderLine({ source, at, text }: LogLine, isCurrent: boolean): TemplateResult {
    const { sources } = this.#store;
    const from = sources[source];
    const isOneContainer = sources.every(({ container }) => container === sources[0]?.container);
    const name = sources.length > 1 && from ? (isOneContainer ? from.pod : `${from.pod} ${from.container}`) : '';
    // prettier-ignore
    return html`<div class=${isCurrent ? 'line current' : 'line'}>${this.#timestamps && at ? html`<span class="at">${at.slice(0, 23)} </span>` : nothing}${name ? html`<span class="source colour-${source % colours}">${name}</span><span class="bar" aria-hidden="true"> │ </span>` : nothing}${marked(text, this.#store.search)}</div>`;
  }

  protected override updated(): void {
    const scroller = this.#scroller;
    if (!scroller) return;
    this.#resized.observe(scroller);
    const all = scroller.querySelector<HTMLElement>('.all');
    const shown = scroller.querySelector<HTMLElement>('.shown');
    // By property: the policy of the page allows no style attributes.
    if (all) all.style.height = `${this.#store.lines.length * lineHeight}px`;
    if (shown) shown.style.transform = `translateY(${this.#range()[0] * lineHeight}px)`;
    if (!this.#atEnd) return;
    const end = scroller.scrollHeight - scroller.clientHeight;
    if (Math.abs(scroller.scrollTop - end) > 1) scroller.scrollTop = end;
  }

  get #scroller(): HTMLElement | null {
    return this.querySelector('.log');
  }

  /** The lines to draw. */
  #range(): [number, number] {
    const count = this.#store.lines.length;
    const height = this.#scroller?.clientHeight ?? 600;
    const top = this.#atEnd ? Math.max(0, count * lineHeight - height) : (this.#scroller?.scrollTop ?? 0);
    const first = Math.max(0, Math.floor(top / lineHeight) - margin);
    return [first, Math.min(count, Math.ceil((top + height) / lineHeight) + margin)];
  }

  readonly #onScroll = (): void => {
    const scroller = this.#scroller;
    if (scroller) this.#atEnd = scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - lineHeight;
    this.requestUpdate();
  };

  #choose(choice: LogChoice): void {
    this.#choice = choice;
    this.onChoice(choice);
    this.requestUpdate();
  }

  #setSearch(text: string): void {
    this.#store.search = text;
    // The last one is nearest to where one reads.
    this.#match = this.#store.matches.length - 1;
    this.#showMatch();
  }

  #go(step: 1 | -1): void {
    const { length } = this.#store.matches;
    if (length === 0) return;
    this.#match = (this.#match + step + length) % length;
    this.#showMatch();
  }

  #showMatch(): void {
    const at = this.#store.matches[this.#match];
    const scroller = this.#scroller;
    if (at !== undefined && scroller) {
      this.#atEnd = false;
      scroller.scrollTop = Math.max(0, at * lineHeight - scroller.clientHeight / 2);
    }
    this.requestUpdate();
  }
}

function marked(text: string, search: string): unknown {
  if (!search) return text;
  const parts: unknown[] = [];
  const lower = text.toLowerCase();
  // Some letters have another length in lower case; then nothing is marked rather than the wrong place.
  if (lower.length !== text.length) return text;
  let from = 0;
  for (let at = lower.indexOf(search); at >= 0; at = lower.indexOf(search, from)) {
    parts.push(text.slice(from, at), html`<mark>${text.slice(at, at + search.length)}</mark>`);
    from = at + search.length;
  }
  return [...parts, text.slice(from)];
}
