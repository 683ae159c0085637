/** One value as HTML. Nothing is told by colour alone. */
import { html, nothing, type TemplateResult } from 'lit';
import type { DetailValue } from '#common/protocol/details.ts';
import { filled } from '#common/protocol/treeTexts.ts';
import type { ObjectLocator } from '#common/protocol/webview.ts';
import { ageText } from '../tree/age.ts';
import type { PageContext } from './pageContext.ts';

type Template = TemplateResult | typeof nothing;

export function valueTemplate(value: DetailValue, page: PageContext): Template {
  switch (value.type) {
    case 'text':
      return value.text ? html`<span class=${value.tone ? `tone-${value.tone}` : 'text'}>${value.text}</span>` : nothing;
    case 'code':
      return html`<code>${value.text}</code>`;
    case 'time':
      return timeTemplate(value.at, page);
    case 'link':
      return linkTemplate(value.text, value.to, page, value.missing);
    case 'labels':
      return html`<ul class="labels">
        ${value.entries.map(
          ([key, text]) =>
            html`<li title=${`${key}=${text}`}><span class="key">${key}</span>=<span class="value">${text}</span></li>`,
        )}
      </ul>`;
    case 'list':
      return html`<ul class="values">
        ${value.items.map((item) => html`<li>${valueTemplate(item, page)}</li>`)}
      </ul>`;
    case 'secret':
      return secretTemplate(value, page);
  }
}

export function timeTemplate(at: string, page: PageContext): Template {
  const time = Date.parse(at);
  if (Number.isNaN(time)) return html`<span>${at}</span>`;
  page.noteTime(time);
  return html`<time datetime=${at} title=${new Date(time).toLocaleString(document.documentElement.lang || undefined)}
    >${filled(page.texts.ago, ageText(at, page.now))}</time
  >`;
}

export const linkTemplate = (text: string, to: ObjectLocator, page: PageContext, missing = false): TemplateResult =>
  html`<a
    class=${missing ? 'missing' : ''}
    href="#"
    title=${missing ? page.texts.missingObject : nothing}
    @click=${(event: MouseEvent) => page.open(to, event)}
    >${text}</a
  >`;

function secretTemplate({ key, bytes, shown }: Extract<DetailValue, { type: 'secret' }>, page: PageContext): TemplateResult {
  const { texts } = page;
  const isShown = shown !== undefined;
  return html`<span class="secret"
    >${isShown ? html`<code>${shown}</code>` : html`<span class="tone-quiet">••••••••</span>`}
    <button
      class="small"
      aria-label=${filled(isShown ? texts.hideValue : texts.showValue, key)}
      @click=${() => page.reveal(key, !isShown)}
    >
      ${isShown ? texts.hide : texts.show}
    </button>
    <span class="tone-quiet">${bytes} ${texts.bytes}</span></span
  >`;
}
