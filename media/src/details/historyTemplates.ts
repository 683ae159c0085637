/** What happened to the object: its events, and its states in the order of time. */
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { FoldedEvent, TimelineEntry } from '#common/protocol/details.ts';
import type { PageContext } from './pageContext.ts';
import { linkTemplate, timeTemplate } from './valueTemplate.ts';

export function eventsTemplate(events: readonly FoldedEvent[], page: PageContext): TemplateResult {
  const { texts } = page;
  if (events.length === 0) return html`<p class="nothing">${texts.noEvents}</p>`;
  const hasOthers = events.some(({ about }) => about !== undefined);
  return html`<div class="table" role="region" tabindex="0" aria-label=${texts.tabEvents}>
    <table class="events">
      <thead>
        <tr>
          <th scope="col">${texts.lastSeen}</th>
          <th scope="col">${texts.count}</th>
          <th scope="col">${texts.reason}</th>
          ${hasOthers ? html`<th scope="col">${texts.object}</th>` : nothing}
          <th scope="col">${texts.message}</th>
          <th scope="col">${texts.source}</th>
        </tr>
      </thead>
      <tbody>
        ${repeat(
          events,
          ({ type, reason, message, about }) => `${type} ${reason} ${about?.text ?? ''} ${message}`,
          (event) =>
            html`<tr class=${event.type === 'Warning' ? 'warning' : ''}>
              <td>
                ${timeTemplate(event.last, page)}${
                  event.count > 1 ? html`<div class="first">${texts.firstSeen} ${timeTemplate(event.first, page)}</div>` : nothing
                }
              </td>
              <td class="number">${event.count > 1 ? `${event.count}×` : ''}</td>
              <td>
                <span class=${event.type === 'Warning' ? 'tone-warning' : ''} title=${event.type}>${event.reason}</span>
                ${event.type === 'Warning' ? html`<span class="heard">(${event.type})</span>` : nothing}
              </td>
              ${hasOthers ? html`<td>${event.about ? linkTemplate(event.about.text, event.about.to, page) : nothing}</td>` : nothing}
              <td class="message">${event.message}</td>
              <td class="from tone-quiet">${event.source}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

export function timelineTemplate(entries: readonly TimelineEntry[], page: PageContext): TemplateResult {
  if (entries.length === 0) return html`<p class="nothing">${page.texts.noTimeline}</p>`;
  return html`<ol class="timeline">
    ${repeat(
      entries,
      ({ at, what, detail = '' }) => `${at} ${what} ${detail}`,
      ({ at, what, detail, state }) =>
        html`<li class="state-${state}">
          <span class="when">${timeTemplate(at, page)}</span>
          <span class="what">${what}</span>
          ${detail ? html`<span class="detail">${detail}</span>` : nothing}
        </li>`,
    )}
  </ol>`;
}
