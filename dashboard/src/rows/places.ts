/**
 * Where rows stand: the cluster and the namespaces at the top, below them groups, which are there while something is in
 * them, and in the groups of other kinds one more level by kind. Ids of all these tell where they are.
 */
import { type TreeGroup, treeGroups } from '#common/protocol/treeGroups.ts';
import type { TreeTexts } from '#common/protocol/treeTexts.ts';
import type { TreeRow } from '#common/protocol/webview.ts';

export const clusterId = 'cluster';
export const namespaceId = (name: string): string => `namespace/${name}`;
export const nodeId = (name: string): string => `node/${name}`;
/** `name`: `widgets.example.com`. */
export const definitionId = (name: string): string => `definition/${name}`;

const groupTexts = {
  nodes: 'groupNodes',
  workloads: 'groupWorkloads',
  services: 'groupServices',
  config: 'groupConfig',
  storage: 'groupStorage',
  access: 'groupAccess',
  custom: 'groupCustom',
  other: 'groupOther',
} as const satisfies Record<TreeGroup, keyof TreeTexts>;

const openGroups: readonly TreeGroup[] = ['nodes', 'workloads', 'services'];

/** The group of a namespace, or of the cluster when there is none. */
export const groupId = (namespace: string, group: TreeGroup): string =>
  `${namespace ? namespaceId(namespace) : clusterId}/${group}`;

/** Of all objects of one kind in a group. `kind` may be `Widget.example.com`. */
export const kindGroupId = (namespace: string, group: TreeGroup, kind: string): string => `${groupId(namespace, group)}/${kind}`;

/** The group's row, or undefined for an id of anything else. */
export function groupRow(id: string, texts: TreeTexts): TreeRow | undefined {
  const parts = id.split('/');
  const above = parts[0] === clusterId ? 1 : parts[0] === 'namespace' ? 2 : undefined;
  const group = above === undefined ? undefined : treeGroups.find((name) => name === parts[above]);
  if (above === undefined || !group) return undefined;
  const kind = parts[above + 1];
  const row = { id, kind: 'Group', state: 'none' } as const;
  const parent = parts.slice(0, kind === undefined ? above : above + 1).join('/');
  if (kind === undefined)
    return {
      ...row,
      parent,
      name: texts[groupTexts[group]],
      order: `${treeGroups.indexOf(group)}`,
      open: openGroups.includes(group),
    };
  const dot = kind.indexOf('.');
  const [name, from] = dot < 0 ? [kind] : [kind.slice(0, dot), kind.slice(dot + 1)];
  return { ...row, parent, name, order: kind, ...(from ? { detail: from } : {}) };
}
