/** CustomResourceDefinition (apiextensions.k8s.io/v1). */
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';

export const CustomResourceDefinition = defineKind<api.CustomResourceDefinition>({
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  namespaced: false,
  subresources: { status: true },
  unconditionalUpdate: false,
  deleteAnswersObject: true,
  columns: [nameColumn, ageColumn],
});
