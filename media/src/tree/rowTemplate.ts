/** One line of the tree as HTML. What it tells by picture or colour, it also tells in words that are only heard. */
import { html, nothing, svg, type TemplateResult } from 'lit';
import { filled, type TreeTextKey, type TreeTexts } from '#common/protocol/treeTexts.ts';
import { rowContext, type RowState, type TreeRow } from '#common/protocol/webview.ts';
import { ageText } from './age.ts';
import { isUnhealthy } from './rowFilter.ts';
import type { Grouping } from '#common/protocol/viewState.ts';
import { kindIcon, stateBadge, twisty, warningIcon } from './icons.ts';
import type { VisibleRow } from './lines.ts';

export interface RowLook {
  readonly texts: TreeTexts;
  readonly now: number;
  readonly active: boolean;
  /** Counts how often the row changed while it was shown; a change makes it flash once. */
  readonly changes: number;
  /** The part of its name that was searched for. */
  readonly search: string;
  readonly grouping: Grouping;
  /** How many rows a group shows, and how many objects below a row are not healthy. */
  readonly children: number;
  readonly troubles: number;
}

export const rowElementId = (id: string): string => `row-${id}`;

export function rowTemplate(line: VisibleRow, look: RowLook): TemplateResult {
  const { row, depth, expanded } = line;
  const { texts } = look;
  const about = aboutOf(row, look.grouping);
  const title = titleOf(row, about);
  // What is open tells of its troubles itself.
  const hasTrouble = look.troubles > 0 && expanded === false && !isUnhealthy(row);
  const flash = look.changes === 0 ? '' : look.changes % 2 ? 'flash-odd' : 'flash-even';
  return html`<div
    class="row state-${row.state} kind-${row.kind} ${look.active ? 'active' : ''} ${hasTrouble ? 'troubled' : ''} ${flash}"
    id=${rowElementId(row.id)}
    role="treeitem"
    aria-level=${depth + 1}
    aria-posinset=${line.place}
    aria-setsize=${line.siblings}
    aria-selected=${look.active}
    aria-expanded=${expanded === undefined ? nothing : expanded}
    title=${title}
    data-row=${row.id}
    data-depth=${Math.min(depth, 8)}
    data-vscode-context=${JSON.stringify(rowContext(row))}
  >
    <svg class="twisty" viewBox="0 0 16 16" aria-hidden="true">${expanded === undefined ? nothing : twisty}</svg>
    ${row.kind === 'Group' ? nothing : html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${kindIcon(row.kind)}${stateBadge(row.state)}</svg>`}
    <span class="name" title=${title === nothing ? row.name : nothing}>${nameOf(row, look.search)}</span>
    ${unseen(kindAndState(row, texts))} ${row.kind === 'Group' ? html`<span class="count">${look.children}</span>` : nothing}
    ${hasTrouble ? html`<span class="trouble">${unseen(filled(texts.troubleInside, look.troubles))}</span>` : nothing}
    <span class=${row.why ? 'about why' : 'about'}>${about === undefined ? nothing : html`<span>${about}</span>`}</span>
    ${row.warnings ? html`<span class="warnings"><svg viewBox="0 0 16 16" aria-hidden="true">${warningIcon}</svg>${row.warnings > 99 ? '99+' : row.warnings}${unseen(texts.warnings)}</span>` : nothing}
    ${row.restarts ? html`<span class="restarts"><svg viewBox="0 0 16 16" aria-hidden="true">${restartIcon}</svg>${row.restarts}${unseen(texts.restarts)}</span>` : nothing}
    ${row.ready ? html`<span class="ready">${row.ready}${unseen(texts.ready)}</span>` : nothing}
    ${row.since || row.ready ? html`<span class="age">${row.since ? html`${ageText(row.since, look.now)}${unseen(texts.age)}` : nothing}</span>` : nothing}
  </div>`;
}

const restartIcon = svg`<path class="outline" d="M12.9 6.5A5.2 5.2 0 1 0 13.2 8M13.4 3v3.6H9.8"></path>`;

/** What controllers put behind the name that they were given: letters and digits that spell no word, or a number. */
const generatedEnd = /-(?:[bcdfghjklmnpqrstvwxz2456789]{5,10}|\d{1,4})$/;

/** Where room is short, what tells a pod from its siblings stays: the end of its name. */
function nameOf({ kind, name }: TreeRow, search: string): string | TemplateResult {
  const end = !search && (kind === 'Pod' || kind === 'ReplicaSet' || kind === 'Endpoint') && generatedEnd.exec(name);
  if (!end || end.index === 0) return highlighted(name, search);
  return html`<span class="head">${name.slice(0, end.index)}</span><span class="tail">${end[0]}</span>`;
}

function highlighted(name: string, search: string): string | TemplateResult {
  const at = search ? name.toLowerCase().indexOf(search.toLowerCase()) : -1;
  if (at < 0) return name;
  const end = at + search.length;
  return html`${name.slice(0, at)}<mark>${name.slice(at, end)}</mark>${name.slice(end)}`;
}

const stateTexts: Readonly<Record<RowState, TreeTextKey | undefined>> = {
  none: undefined,
  ok: 'stateOk',
  progressing: 'stateProgressing',
  warning: 'stateWarning',
  failed: 'stateFailed',
  done: 'stateDone',
  unknown: 'stateUnknown',
};

/** Why it is not well, else what it is; where namespaces are not told by where it stands, they are told here. */
function aboutOf({ why, detail, node, object, kind, part }: TreeRow, grouping: Grouping): string | undefined {
  const told = why ?? detail;
  if (grouping === 'namespace' || part || !object?.namespace) return told ?? (kind === 'Pod' ? node : undefined);
  return [told, object.namespace].filter((text) => text).join(' · ');
}

const titleOf = (row: TreeRow, about: string | undefined): string | typeof nothing => {
  const lines = [row.name, about, row.why ? row.detail : undefined, row.warning && `⚠ ${row.warning}`].filter((line) => line);
  return lines.length > 1 ? lines.join('\n') : nothing;
};

/** What pictures and colours tell, for those who hear the row. */
function kindAndState(row: TreeRow, texts: TreeTexts): string | undefined {
  const state = stateTexts[row.state];
  const parts = [row.kind === 'Group' ? undefined : row.part ? row.kind : (row.object?.kind ?? row.kind), state && texts[state]];
  return parts.filter((part) => part).join(', ') || undefined;
}

const unseen = (text: string | undefined): TemplateResult | typeof nothing =>
  text === undefined ? nothing : html`<span class="unseen"> ${text} </span>`;
