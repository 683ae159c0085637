/** <kp-details>: the page of one object. It draws what it is sent, at most once per frame, and says what it has drawn. */
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Clock } from '#common/base/clock.ts';
import type { Disposable } from '#common/base/disposable.ts';
import {
  type ChangesMessage,
  type Details,
  type DetailsMessage,
  type DetailsTab,
  detailsTabs,
  isSameObject,
  type ToDetails,
} from '#common/protocol/details.ts';
import { detailsTexts, type DetailsTextKey } from '#common/protocol/detailsTexts.ts';
import { treeTexts } from '#common/protocol/treeTexts.ts';
import type { ClusterPhase, ObjectLocator } from '#common/protocol/webview.ts';
import type { DetailsHost } from '../host/detailsHost.ts';
import { ageStep } from '../tree/age.ts';
import { kindIcon, stateBadge } from '../tree/icons.ts';
import { sectionTemplate } from './blockTemplate.ts';
import { eventsTemplate, timelineTemplate } from './historyTemplates.ts';
import { LogElement } from './logElement.ts';
import type { PageContext } from './pageContext.ts';
import { changesTemplate, yamlTemplate } from './textTemplates.ts';
import { valueTemplate } from './valueTemplate.ts';

const tabTexts: Readonly<Record<DetailsTab, DetailsTextKey>> = {
  overview: 'tabOverview',
  events: 'tabEvents',
  timeline: 'tabTimeline',
  logs: 'tabLogs',
  yaml: 'tabYaml',
  changes: 'tabChanges',
};

const copiedMs = 1_500;

export class DetailsElement extends LitElement {
  readonly #host: DetailsHost;
  readonly #clock: Clock;
  readonly #log = new LogElement();
  #texts: PageContext['texts'] = { ...treeTexts, ...detailsTexts };
  #phase: ClusterPhase = 'running';
  #shown: DetailsMessage | undefined;
  #tab: DetailsTab;
  #yaml: string | undefined;
  #changes: ChangesMessage | undefined;
  #managedFields = false;
  #revealsAll = false;
  #copied = false;
  #drawn: number | undefined;
  #logDrawn: number | undefined;
  #latestTime = -Infinity;
  #ageing: Disposable | undefined;

  constructor(host: DetailsHost, clock: Clock) {
    super();
    this.#host = host;
    this.#clock = clock;
    this.#tab = host.loadState()?.tab ?? 'overview';
    this.#log.onChoice = (choice) => host.post({ type: 'logs', ...choice });
  }

  override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const ready = (): void => this.#host.post({ type: 'ready', tab: this.#tab });
    this.#host.connect((message) => this.#receive(message), ready);
    document.addEventListener('visibilitychange', () => this.requestUpdate());
    document.addEventListener('keydown', this.#onKey);
  }

  protected override async scheduleUpdate(): Promise<void> {
    // A hidden page gets no frames, and its host waits for what it draws.
    if (!document.hidden) await new Promise((resolve) => requestAnimationFrame(resolve));
    await super.scheduleUpdate();
  }

  protected override render(): TemplateResult {
    const shown = this.#shown;
    this.#latestTime = -Infinity;
    if (!shown) return html`<main class="page"><p class="nothing" role="status">${this.#emptyText()}</p></main>`;
    const page = this.#page;
    const details = shown.details;
    return html`<main class="page">
      ${this.#renderHeader(shown, details, page)}
      ${this.#phase === 'lost' ? html`<p class="banner" role="status">${this.#texts.lostCluster}</p>` : nothing}
      ${shown.problem ? html`<p class="banner" role="status">${shown.problem}</p>` : nothing}
      ${details ? this.#renderTabs(details, page) : nothing}
      ${!details && !shown.problem ? html`<p class="nothing" role="status">${this.#emptyText()}</p>` : nothing}
    </main>`;
  }

  #emptyText(): string {
    return this.#phase === 'running' || this.#phase === 'starting' ? this.#texts.loading : this.#texts.noCluster;
  }

  #renderHeader(
    { object, canGoBack, canReveal }: DetailsMessage,
    details: Details | undefined,
    page: PageContext,
  ): TemplateResult {
    const texts = this.#texts;
    const { kind, name, namespace } = object;
    return html`<header class="header state-${details?.state ?? 'none'}">
      ${
        canGoBack
          ? html`<button
              class="icon-button"
              title=${`${texts.back} (Alt+←)`}
              aria-label=${texts.back}
              @click=${() => this.#host.post({ type: 'back' })}
            >
              <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M13 8H3m4.5-4.5L3 8l4.5 4.5"></path></svg>
            </button>`
          : nothing
      }
      <svg class="icon big" viewBox="0 0 16 16" aria-hidden="true">
        ${kindIcon(kind)}${details ? stateBadge(details.state) : nothing}
      </svg>
      <div class="title">
        <h1>${name}</h1>
        <p class="subtitle">
          <span>${kind}</span>
          ${namespace ? html`<span>${namespace}</span>` : nothing}
          ${(details?.summary ?? []).map(
            ({ label, value }) =>
              html`<span
                >${label}
                ${value.type === 'time' ? valueTemplate(value, { ...page, texts: { ...page.texts, ago: '{0}' } }) : valueTemplate(value, page)}</span
              >`,
          )}
        </p>
      </div>
      ${details?.stateText ? html`<span class="chip">${details.stateText}</span>` : nothing}
      ${
        canReveal
          ? html`<button @click=${() => this.#host.post({ type: 'command', command: 'kubePlayground.revealInYaml' })}>
              ${texts.revealInYaml}
            </button>`
          : nothing
      }
      ${details?.why ? html`<p class="why headline">${details.why}</p>` : nothing}
      <span class="heard" role="status" aria-live="polite"
        >${details ? `${kind} ${name}: ${[details.stateText, details.why].filter((part) => part).join(', ')}` : ''}</span
      >
    </header>`;
  }

  #renderTabs(details: Details, page: PageContext): TemplateResult {
    const tabs = this.#tabsOf(details);
    const current = tabs.includes(this.#tab) ? this.#tab : 'overview';
    const warnings = details.events.filter(({ type }) => type === 'Warning').length;
    return html`<div class="tabs" role="tablist" aria-label=${this.#texts.tabs} @keydown=${this.#onTabKey}>
        ${tabs.map(
          (tab) =>
            html`<button
              role="tab"
              id=${`tab-${tab}`}
              aria-selected=${tab === current}
              aria-controls="panel"
              tabindex=${tab === current ? 0 : -1}
              @click=${() => this.#select(tab)}
            >
              ${this.#texts[tabTexts[tab]]}${
                tab === 'events' && details.events.length > 0
                  ? html`<span class=${warnings > 0 ? 'badge warning' : 'badge'}>${details.events.length}</span>`
                  : nothing
              }
            </button>`,
        )}
      </div>
      <div class="panel panel-${current}" id="panel" role="tabpanel" aria-labelledby=${`tab-${current}`} tabindex="-1">
        ${this.#renderPanel(current, details, page)}
      </div>`;
  }

  #tabsOf = ({ hasLogs }: Details): readonly DetailsTab[] =>
    detailsTabs.filter((tab) => (tab !== 'logs' || hasLogs) && (tab !== 'changes' || this.#shown?.canReveal));

  #renderPanel(tab: DetailsTab, details: Details, page: PageContext): unknown {
    switch (tab) {
      case 'overview':
        return details.sections.map((section) => sectionTemplate(section, page));
      case 'events':
        return eventsTemplate(details.events, page);
      case 'timeline':
        return timelineTemplate(details.timeline, page);
      case 'logs':
        return this.#log;
      case 'yaml':
        return yamlTemplate(
          this.#yaml,
          { managedFields: this.#managedFields, hides: details.hidesValues, revealed: this.#revealsAll, copied: this.#copied },
          { setManagedFields: (managedFields) => this.#setManagedFields(managedFields), copy: () => void this.#copy() },
          page,
        );
      case 'changes':
        return changesTemplate(this.#changes, page);
    }
  }

  protected override updated(): void {
    const { object } = this.#shown ?? {};
    if (object) {
      document.title = `${object.kind} ${object.name}`;
      this.#host.saveState({ tab: this.#tab, object });
    }
    if (this.#drawn !== undefined) this.#host.post({ type: 'drawn', revision: this.#drawn });
    this.#drawn = undefined;
    if (this.#logDrawn !== undefined) this.#host.post({ type: 'logDrawn', batch: this.#logDrawn });
    this.#logDrawn = undefined;
    this.#keepTimesTrue();
  }

  get #page(): PageContext {
    return {
      texts: this.#texts,
      now: this.#clock.now(),
      noteTime: (at) => (this.#latestTime = Math.max(this.#latestTime, at)),
      open: (object, event) => this.#open(object, event),
      reveal: (key, shown) => this.#reveal(key, shown),
    };
  }

  #receive(message: ToDetails): void {
    switch (message.type) {
      case 'texts':
        this.#texts = { ...treeTexts, ...detailsTexts, ...message.texts };
        this.#log.texts = this.#texts;
        break;
      case 'cluster':
        this.#phase = message.phase;
        break;
      case 'details':
        if (this.#shown && !isSameObject(this.#shown.object, message.object)) this.#forget();
        this.#shown = message;
        this.#drawn = message.revision;
        break;
      case 'yaml':
        this.#yaml = message.text;
        break;
      case 'changes':
        this.#changes = message;
        break;
      case 'logs':
        this.#log.receive(message);
        this.#logDrawn = message.batch;
        break;
    }
    this.requestUpdate();
  }

  /** Another object: nothing of the one before may be taken for its own. */
  #forget(): void {
    this.#yaml = undefined;
    this.#changes = undefined;
    this.#revealsAll = false;
    this.#log.clear();
    scrollTo(0, 0);
  }

  #open(object: ObjectLocator, event: MouseEvent): void {
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) this.#host.openAside(object);
    else {
      this.#host.post({ type: 'open', object, aside: false });
      this.#select('overview');
    }
  }

  #select(tab: DetailsTab): void {
    if (tab === this.#tab) return;
    this.#tab = tab;
    this.#changes = undefined;
    this.#host.post({ type: 'tab', tab });
    this.requestUpdate();
  }

  #reveal(key: string, shown: boolean): void {
    if (key === '') this.#revealsAll = shown;
    this.#host.post({ type: 'reveal', key, shown });
  }

  #setManagedFields(managedFields: boolean): void {
    this.#managedFields = managedFields;
    this.#host.post({ type: 'yaml', managedFields });
    this.requestUpdate();
  }

  async #copy(): Promise<void> {
    await navigator.clipboard.writeText(this.#yaml ?? '');
    this.#copied = true;
    this.requestUpdate();
    this.#clock.setTimeout(() => {
      this.#copied = false;
      this.requestUpdate();
    }, copiedMs);
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (!event.altKey || event.key !== 'ArrowLeft' || !this.#shown?.canGoBack) return;
    event.preventDefault();
    this.#host.post({ type: 'back' });
  };

  readonly #onTabKey = (event: KeyboardEvent): void => {
    const details = this.#shown?.details;
    if (!details || event.altKey) return;
    const tabs = this.#tabsOf(details);
    const at = tabs.indexOf(this.#tab);
    const step = { ArrowRight: at + 1, ArrowLeft: at - 1 + tabs.length, Home: 0, End: tabs.length - 1 }[event.key];
    const next = step === undefined ? undefined : tabs[step % tabs.length];
    if (!next) return;
    event.preventDefault();
    this.#select(next);
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(`#tab-${next}`)?.focus());
  };

  /** One timer, due when the youngest time on the screen changes; none while nothing is seen. */
  #keepTimesTrue(): void {
    this.#ageing?.dispose();
    this.#ageing = undefined;
    if (document.hidden || this.#latestTime === -Infinity) return;
    const step = ageStep(this.#clock.now() - this.#latestTime);
    this.#ageing = this.#clock.setTimeout(() => this.requestUpdate(), step);
  }
}
