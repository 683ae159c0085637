/**
 * SchedulingDecision (playground.kube/v1alpha1): the scheduler's latest decision about the pod of the same name, and its
 * reasons. Answered from the scheduler's memory and never stored. Not a kind of Kubernetes.
 */
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { playgroundGroup, playgroundVersion } from './playgroundGroup.ts';

export const SchedulingDecision = defineKind<api.SchedulingDecision>({
  group: playgroundGroup,
  version: playgroundVersion,
  kind: 'SchedulingDecision',
  plural: 'schedulingdecisions',
  shortNames: ['sched'],
  namespaced: true,
  verbs: ['get', 'list'],
  virtual: true,
  hasGeneration: false,
  columns: [
    nameColumn,
    textColumn('Node', ({ node }) => node ?? '<none>'),
    textColumn('Feasible', ({ feasibleNodes = 0, nodes = 0 }) => `${feasibleNodes}/${nodes}`),
    textColumn('Score', ({ scores }) => `${scores?.[0]?.total ?? '<none>'}`),
    { name: 'Attempts', type: 'integer', cell: ({ attempt }) => attempt ?? 0 },
    textColumn('Reason', reasonText),
    textColumn('Scheduler', ({ schedulerName }) => schedulerName ?? '', 1),
    ageColumn,
  ],
  references: [
    { type: 'name', path: 'metadata.name', to: { group: '', kind: 'Pod' } },
    { type: 'name', path: 'node', to: { group: '', kind: 'Node' } },
  ],
});

/** `2 NodeResourcesFit, 1 TaintToleration`: how many nodes each plugin kept the pod off; the whole message when there is no node. */
function reasonText({ node, message, rejections = [] }: api.SchedulingDecision): string {
  if (rejections.length > 0) return rejections.map(({ plugin, count }) => `${count} ${plugin}`).join(', ');
  return node === undefined ? (message ?? '') : '';
}
