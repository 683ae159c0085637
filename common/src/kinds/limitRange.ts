/** LimitRange (v1). */
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';

export const LimitRange = defineKind<api.LimitRange>({
  group: '',
  version: 'v1',
  kind: 'LimitRange',
  plural: 'limitranges',
  shortNames: ['limits'],
  namespaced: true,
  hasGeneration: false,
  createOnUpdate: true,
  columns: [nameColumn, ageColumn],
});
