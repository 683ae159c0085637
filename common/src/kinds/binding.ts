/** Binding (v1). */
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';

export const Binding = defineKind<api.Binding>({
  group: '',
  version: 'v1',
  kind: 'Binding',
  plural: 'bindings',
  namespaced: true,
  verbs: ['create'],
  virtual: true,
  hasGeneration: false,
  columns: [nameColumn, ageColumn],
});
