/** RuntimeClass (node.k8s.io/v1). */
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';

export const RuntimeClass = defineKind<api.RuntimeClass>({
  group: 'node.k8s.io',
  version: 'v1',
  kind: 'RuntimeClass',
  plural: 'runtimeclasses',
  namespaced: false,
  hasGeneration: false,
  createOnUpdate: true,
  unconditionalUpdate: false,
  columns: [nameColumn, ageColumn],
});
