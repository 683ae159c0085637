/** The object as YAML, and what its file would change of it. */
import { html, nothing, type TemplateResult } from 'lit';
import type { ChangesMessage } from '#common/protocol/details.ts';
import { filled } from '#common/protocol/treeTexts.ts';
import type { PageContext } from './pageContext.ts';
import { YamlTokens } from './yamlTokens.ts';

export interface YamlChoice {
  readonly managedFields: boolean;
  /** Whether there are values that are hidden at first, and whether they are shown. */
  readonly hides: boolean;
  readonly revealed: boolean;
  /** It was copied just now. */
  readonly copied: boolean;
}

export interface YamlActions {
  setManagedFields(shown: boolean): void;
  copy(): void;
}

/** Lines are drawn in groups, so that the browser lays out only what is on the screen. */
const groupLines = 50;

export function yamlTemplate(
  text: string | undefined,
  choice: YamlChoice,
  actions: YamlActions,
  page: PageContext,
): TemplateResult {
  const { texts } = page;
  const tokens = new YamlTokens();
  const lines = (text ?? '').trimEnd().split('\n');
  const groups = Array.from({ length: Math.ceil(lines.length / groupLines) }, (_, i) =>
    lines.slice(i * groupLines, (i + 1) * groupLines),
  );
  return html`<div class="toolbar">
      <button aria-pressed=${choice.managedFields} class="toggle" @click=${() => actions.setManagedFields(!choice.managedFields)}>
        ${texts.showManagedFields}
      </button>
      ${
        choice.hides
          ? html`<button aria-pressed=${choice.revealed} class="toggle" @click=${() => page.reveal('', !choice.revealed)}>
              ${texts.showValues}
            </button>`
          : nothing
      }
      <span class="space"></span>
      <button @click=${() => actions.copy()}>${choice.copied ? texts.copied : texts.copy}</button>
    </div>
    ${
      text === undefined
        ? html`<p class="nothing">${texts.loading}</p>`
        : html`<pre class="yaml" tabindex="0" role="region" aria-label="YAML"><code>${groups.map(
            (group) => html`<span class="lines">${group.map((line) => lineTemplate(line, tokens))}</span>`,
          )}</code></pre>`
    }`;
}

const lineTemplate = (line: string, tokens: YamlTokens): unknown[] => [
  ...tokens.line(line).map(({ type, text }) => (type === 'plain' ? text : html`<span class=${type}>${text}</span>`)),
  '\n',
];

export function changesTemplate(changes: ChangesMessage | undefined, page: PageContext): TemplateResult {
  const { texts } = page;
  if (!changes) return html`<p class="nothing" role="status">${texts.comparing}</p>`;
  const { file, problem, hunks } = changes;
  if (file === undefined) return html`<p class="nothing">${problem ?? texts.noFile}</p>`;
  if (problem !== undefined) return html`<p class="note tone-bad">${filled(texts.refusedFile, file, problem)}</p>`;
  if (hunks.length === 0) return html`<p class="nothing">${filled(texts.noChanges, file)}</p>`;
  const title = filled(texts.changesOf, file);
  return html`<h2 class="diff-title">${title}</h2>
    <div class="diff" tabindex="0" role="region" aria-label=${title}>
      ${hunks.map(
        (hunk) =>
          html`<div class="hunk">
            ${hunk.map(({ kind, text }) => {
              const mark = kind === 'added' ? '+' : kind === 'removed' ? '−' : ' ';
              const line = html`<span class="mark">${mark}</span>${text}`;
              if (kind === 'added') return html`<ins>${line}</ins>`;
              return kind === 'removed' ? html`<del>${line}</del>` : html`<span class="same">${line}</span>`;
            })}
          </div>`,
      )}
    </div>`;
}
