/** PodMetrics (metrics.k8s.io/v1beta1): what a pod's containers use at present. Made when it is asked for, never stored. */
import { addQuantities, quantityOf } from '#common/api/quantity.ts';
import type { ObjectMeta } from '#common/schema/generated/types.ts';
import { defineKind } from '../defineKind.ts';
import type { ResourceUse } from './nodeMetrics.ts';
import { resourceColumns } from './resourceColumns.ts';

export interface PodMetrics {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
  timestamp: string;
  window: string;
  containers: { name: string; usage: ResourceUse }[];
}

const total = ({ containers }: PodMetrics): ResourceUse => {
  const sum = (resource: keyof ResourceUse): string =>
    containers.reduce((all, { usage }) => addQuantities(all, quantityOf(usage[resource])), quantityOf('0')).text;
  return { cpu: sum('cpu'), memory: sum('memory') };
};

export const PodMetrics = defineKind<PodMetrics>({
  group: 'metrics.k8s.io',
  version: 'v1beta1',
  kind: 'PodMetrics',
  plural: 'pods',
  singular: '',
  namespaced: true,
  verbs: ['get', 'list'],
  virtual: true,
  columns: resourceColumns(total),
});
