/** Sections of the overview as HTML: facts, tables, notes, and cards for what has a state of its own. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Block, DetailValue, Section } from '#common/protocol/details.ts';
import { kindIcon, stateBadge } from '../tree/icons.ts';
import type { PageContext } from './pageContext.ts';
import { valueTemplate } from './valueTemplate.ts';

export const sectionTemplate = ({ id, title, blocks }: Section, page: PageContext): TemplateResult =>
  html`<section class="section" id=${`section-${id}`} aria-labelledby=${`title-${id}`}>
    <h2 id=${`title-${id}`}>${title}</h2>
    ${blocks.map((block) => blockTemplate(block, page, title))}
  </section>`;

/** `about` names what the block belongs to, for those who hear it. */
function blockTemplate(block: Block, page: PageContext, about: string): TemplateResult {
  switch (block.type) {
    case 'facts':
      return html`<dl class="facts">
        ${block.facts.map(
          ({ label, value }) =>
            html`<div class=${isLong(value) ? 'fact long' : 'fact'}>
              <dt>${label}</dt>
              <dd>${valueTemplate(value, page)}</dd>
            </div>`,
        )}
      </dl>`;
    case 'table':
      return html`<div class="table" role="region" tabindex="0" aria-label=${`${about}: ${block.columns[0] ?? ''}`}>
        <table>
          <thead>
            <tr>
              ${block.columns.map((column) => html`<th scope="col">${column}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${block.rows.map(
              (row) =>
                html`<tr>
                  ${row.map((value) => html`<td>${valueTemplate(value, page)}</td>`)}
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`;
    case 'note':
      return html`<p class="note ${`tone-${block.tone}`}">${block.text}</p>`;
    case 'card':
      return html`<article
        class="card state-${block.state}"
        aria-label=${[block.title, block.stateText].filter((part) => part).join(', ')}
      >
        <h3>
          <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${kindIcon('Container')}${stateBadge(block.state)}</svg>
          <span>${block.title}</span>
          ${block.stateText && !block.why?.startsWith(block.stateText) ? html`<span class="card-state">${block.stateText}</span>` : nothing}
        </h3>
        ${block.why ? html`<p class="why">${block.why}</p>` : nothing}
        ${block.blocks.map((each) => blockTemplate(each, page, block.title))}
      </article>`;
  }
}

/** What needs the whole width. */
function isLong(value: DetailValue): boolean {
  switch (value.type) {
    case 'labels':
      return value.entries.length > 1;
    case 'list':
      return value.items.some(isLong);
    case 'text':
    case 'code':
      return value.text.length > 40;
    default:
      return false;
  }
}
