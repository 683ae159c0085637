/** ResourceClaimTemplate (resource.k8s.io/v1). */
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';

export const ResourceClaimTemplate = defineKind<api.ResourceClaimTemplate>({
  group: 'resource.k8s.io',
  version: 'v1',
  kind: 'ResourceClaimTemplate',
  plural: 'resourceclaimtemplates',
  namespaced: true,
  hasGeneration: false,
  deleteAnswersObject: true,
  columns: [nameColumn, ageColumn],
});
