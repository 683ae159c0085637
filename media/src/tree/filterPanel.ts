/** The fields below the search: how the tree is grouped and what of it is shown. Plain controls, which every reader knows. */
import { html, nothing, type TemplateResult } from 'lit';
import type { TreeTexts } from '#common/protocol/treeTexts.ts';
import { defaultLabelKey, type Grouping, type TreeFilter } from '#common/protocol/viewState.ts';
import type { TreeRow } from '#common/protocol/webview.ts';
import type { Arrangement } from './grouping.ts';
import { selectorOf } from './rowFilter.ts';

export interface FilterChoices {
  readonly filter: TreeFilter;
  readonly arrangement: Arrangement;
}

export interface FilterPanelOptions extends FilterChoices {
  readonly texts: TreeTexts;
  readonly rows: Iterable<TreeRow>;
  choose(choices: FilterChoices): void;
}

/** Whether anything is chosen here that a person may have forgotten. */
export const isChosen = ({ filter, arrangement }: FilterChoices): boolean =>
  filter.namespace !== '' || filter.selector.trim() !== '' || arrangement.grouping !== 'namespace' || arrangement.showRetired;

const mostKeys = 50;

export function filterPanel({ texts, filter, arrangement, rows, choose }: FilterPanelOptions): TemplateResult {
  const { namespaces, labelKeys } = offered(rows, filter.namespace);
  const setFilter = (change: Partial<TreeFilter>): void => choose({ filter: { ...filter, ...change }, arrangement });
  const arrange = (change: Partial<Arrangement>): void => choose({ filter, arrangement: { ...arrangement, ...change } });
  const isWrong = filter.selector.trim() !== '' && selectorOf(filter.selector) === undefined;
  const groupings: [Grouping, string][] = [
    ['namespace', texts.byNamespace],
    ['node', texts.byNode],
    ['label', texts.byLabel],
  ];
  return html`<div class="filters" id="filters" role="group" aria-label=${texts.filters}>
    <label for="grouping">${texts.groupBy}</label>
    <div class="pair">
      <select
        id="grouping"
        .value=${arrangement.grouping}
        @change=${(event: Event) => arrange({ grouping: valueOf(event) as Grouping })}
      >
        ${groupings.map(([value, text]) => html`<option value=${value} ?selected=${value === arrangement.grouping}>${text}</option>`)}
      </select>
      ${
        arrangement.grouping === 'label'
          ? html`<input
                id="label-key"
                type="text"
                list="label-keys"
                spellcheck="false"
                aria-label=${texts.labelKey}
                placeholder=${defaultLabelKey}
                .value=${arrangement.labelKey}
                @change=${(event: Event) => arrange({ labelKey: valueOf(event) || defaultLabelKey })}
              />
              <datalist id="label-keys">${labelKeys.map((key) => html`<option value=${key}></option>`)}</datalist>`
          : nothing
      }
    </div>
    <label for="namespace">${texts.namespace}</label>
    <select id="namespace" .value=${filter.namespace} @change=${(event: Event) => setFilter({ namespace: valueOf(event) })}>
      <option value="" ?selected=${filter.namespace === ''}>${texts.allNamespaces}</option>
      ${namespaces.map((name) => html`<option value=${name} ?selected=${name === filter.namespace}>${name}</option>`)}
    </select>
    <label for="selector">${texts.selector}</label>
    <input
      id="selector"
      type="text"
      spellcheck="false"
      placeholder="app=web,tier!=cache"
      aria-invalid=${isWrong}
      title=${isWrong ? texts.selectorWrong : nothing}
      .value=${filter.selector}
      @input=${(event: Event) => setFilter({ selector: valueOf(event) })}
    />
    <label class="check"
      ><input
        type="checkbox"
        .checked=${arrangement.showRetired}
        @change=${(event: Event) => arrange({ showRetired: (event.target as HTMLInputElement).checked })}
      />${texts.showRetired}</label
    >
  </div>`;
}

const valueOf = (event: Event): string => (event.target as HTMLInputElement | HTMLSelectElement).value;

/** What there is to choose from: namespaces in the tree's order, labels by how often they occur. */
function offered(rows: Iterable<TreeRow>, chosen: string): { namespaces: string[]; labelKeys: string[] } {
  const namespaces: { name: string; order: string }[] = [];
  const counts = new Map<string, number>();
  for (const { kind, name, order, labels, podLabels } of rows) {
    if (kind === 'Namespace') namespaces.push({ name, order });
    for (const key of Object.keys({ ...podLabels, ...labels })) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  if (chosen && !namespaces.some(({ name }) => name === chosen)) namespaces.push({ name: chosen, order: '' });
  return {
    namespaces: namespaces.sort((a, b) => (a.order < b.order ? -1 : 1)).map(({ name }) => name),
    labelKeys: [...counts]
      .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
      .slice(0, mostKeys)
      .map(([key]) => key),
  };
}
