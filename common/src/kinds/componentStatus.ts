/** ComponentStatus (core/v1): what the API server thinks of the control plane's parts. Deprecated, and never stored. */
import type * as api from '#common/schema/generated/types.ts';
import { nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';

export const ComponentStatus = defineKind<api.ComponentStatus>({
  group: '',
  version: 'v1',
  kind: 'ComponentStatus',
  plural: 'componentstatuses',
  shortNames: ['cs'],
  namespaced: false,
  verbs: ['get', 'list'],
  virtual: true,
  hasGeneration: false,
  columns: [
    nameColumn,
    textColumn('Status', (component) => (isHealthy(component) ? 'Healthy' : 'Unhealthy')),
    textColumn('Message', (component) => healthCondition(component)?.message ?? ''),
    textColumn('Error', (component) => healthCondition(component)?.error ?? ''),
  ],
});

function healthCondition(component: api.ComponentStatus): api.ComponentCondition | undefined {
  return component.conditions?.find(({ type }) => type === 'Healthy');
}

function isHealthy(component: api.ComponentStatus): boolean {
  return healthCondition(component)?.status === 'True';
}
