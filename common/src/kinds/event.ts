/** Event (v1). */
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';

export const Event = defineKind<api.Event>({
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  shortNames: ['ev'],
  namespaced: true,
  hasGeneration: false,
  createOnUpdate: true,
  columns: [nameColumn, ageColumn],
});
