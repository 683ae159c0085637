/** Whether two rows of one id look alike: what follows from the id need not be looked at. Pure. */
import type { TreeRow } from '#common/protocol/webview.ts';

const fields = [
  'parent',
  'name',
  'order',
  'state',
  'ready',
  'restarts',
  'since',
  'detail',
  'why',
  'node',
  'open',
  'retired',
  'warnings',
  'warning',
] as const satisfies readonly (keyof TreeRow)[];

export const isSameRow = (a: TreeRow, b: TreeRow): boolean =>
  fields.every((field) => a[field] === b[field]) &&
  haveSameLabels(a.labels, b.labels) &&
  haveSameLabels(a.podLabels, b.podLabels) &&
  (a.traits ?? []).join() === (b.traits ?? []).join();

function haveSameLabels(a: TreeRow['labels'] = {}, b: TreeRow['labels'] = {}): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && a[key] === b[key]);
}
