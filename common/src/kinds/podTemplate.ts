/** Minimal, to be replaced: PodTemplate (v1). */
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';

export const PodTemplate = defineKind<api.PodTemplate>({
  group: '',
  version: 'v1',
  kind: 'PodTemplate',
  plural: 'podtemplates',
  namespaced: true,
  hasGeneration: false,
  columns: [nameColumn, ageColumn],
});
