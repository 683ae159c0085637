/** Endpoints (v1). */
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';

export const Endpoints = defineKind<api.Endpoints>({
  group: '',
  version: 'v1',
  kind: 'Endpoints',
  plural: 'endpoints',
  shortNames: ['ep'],
  namespaced: true,
  hasGeneration: false,
  createOnUpdate: true,
  columns: [nameColumn, ageColumn],
});
