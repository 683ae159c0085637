import type { Plugin, Rejection } from '../plugin.ts';
import { tolerates } from './taintToleration.ts';

const rejection: Rejection = { reasons: ['node(s) were unschedulable'], unresolvable: true };
const taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

/** A cordoned node takes only pods that tolerate just that. */
export const nodeUnschedulable: Plugin = {
  name: 'NodeUnschedulable',
  planFilter: (pod, cluster) =>
    cluster.hasCordonedNodes && !tolerates(pod, taint)
      ? { filter: ({ node }) => (node?.spec?.unschedulable ? rejection : undefined) }
      : undefined,
  mayHelp: (_, change) => change.type === 'node' && !change.node.spec?.unschedulable,
};
