/** NodeMetrics (metrics.k8s.io/v1beta1): what a node's machine uses at present. Made when it is asked for, never stored. */
import type { ObjectMeta } from '#common/schema/generated/types.ts';
import { defineKind } from '../defineKind.ts';
import { resourceColumns } from './resourceColumns.ts';

export type ResourceUse = { readonly cpu: string; readonly memory: string };

export interface NodeMetrics {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
  timestamp: string;
  /** A duration: the figures are averages over the time before `timestamp`. */
  window: string;
  usage: ResourceUse;
}

export const NodeMetrics = defineKind<NodeMetrics>({
  group: 'metrics.k8s.io',
  version: 'v1beta1',
  kind: 'NodeMetrics',
  plural: 'nodes',
  singular: '',
  namespaced: false,
  verbs: ['get', 'list'],
  virtual: true,
  columns: resourceColumns(({ usage }) => usage),
});
