/** SelfSubjectRulesReview (authorization.k8s.io/v1). */
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';

export const SelfSubjectRulesReview = defineKind<api.SelfSubjectRulesReview>({
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectRulesReview',
  plural: 'selfsubjectrulesreviews',
  namespaced: false,
  verbs: ['create'],
  virtual: true,
  hasGeneration: false,
  columns: [nameColumn, ageColumn],
});
