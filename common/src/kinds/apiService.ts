/** APIService (apiregistration.k8s.io/v1). */
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';

export const APIService = defineKind<api.APIService>({
  group: 'apiregistration.k8s.io',
  version: 'v1',
  kind: 'APIService',
  plural: 'apiservices',
  categories: ['api-extensions'],
  namespaced: false,
  subresources: { status: true },
  hasGeneration: false,
  unconditionalUpdate: false,
  columns: [nameColumn, ageColumn],
});
