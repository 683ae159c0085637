/** Where a row stands under each way of grouping. Pure. */
import { treeGroups } from '#common/protocol/treeGroups.ts';
import type { TreeTexts } from '#common/protocol/treeTexts.ts';
import type { Grouping } from '#common/protocol/viewState.ts';
import type { TreeRow } from '#common/protocol/webview.ts';

export interface Place {
  readonly parent: string;
  readonly order: string;
}

export interface Arrangement {
  readonly grouping: Grouping;
  readonly labelKey: string;
  readonly showRetired: boolean;
}

const unscheduledId = 'unscheduled';
const labelPrefix = 'label/';
const unlabelledId = 'unlabelled';

/** Undefined: not shown at all. */
export function placeOf(row: TreeRow, { grouping, labelKey, showRetired }: Arrangement): Place | undefined {
  if (row.retired && !showRetired) return undefined;
  if (grouping === 'namespace' || row.part) return row;
  if (grouping === 'node') {
    if (row.kind === 'Node') return { parent: '', order: row.order };
    if (row.kind !== 'Pod') return undefined;
    return { parent: row.node === undefined ? unscheduledId : `node/${row.node}`, order: row.order };
  }
  const group = row.object && groupOf(row.parent);
  if (!group) return row.object && row.kind !== 'Namespace' ? row : undefined;
  const { labels, podLabels, object } = row;
  const order = `${treeGroups.findIndex((name) => name === group)}${row.order}`;
  // Most people label the pods and nothing else; who groups by a label looks for what makes and serves these, too.
  const found = [labels, podLabels].find((each) => each && Object.hasOwn(each, labelKey));
  if (found) return { parent: `${labelPrefix}${found[labelKey]}`, order };
  // Of the cluster's own objects most have no such label, and few are looked for by it.
  return object?.namespace ? { parent: unlabelledId, order } : undefined;
}

/** The group that this is the id of: `namespace/default/config` is `config`. */
function groupOf(id: string): string | undefined {
  const parts = id.split('/');
  return parts[0] === 'cluster' ? parts[1] : parts[0] === 'namespace' ? parts[2] : undefined;
}

/** The row of a group that a place above made necessary; undefined for the id of anything else. */
export function arrangedGroup(id: string, { labelKey }: Arrangement, texts: TreeTexts): TreeRow | undefined {
  const row = { id, parent: '', kind: 'Group', state: 'none' } as const;
  if (id === unscheduledId) return { ...row, name: texts.unscheduled, order: '~', open: true };
  if (id === unlabelledId) return { ...row, name: texts.unlabelled, order: '1' };
  if (!id.startsWith(labelPrefix)) return undefined;
  const value = id.slice(labelPrefix.length);
  return { ...row, name: `${labelKey}=${value}`, order: `0${value}`, open: true };
}
