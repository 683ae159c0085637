/** SelfSubjectRulesReview (authorization.k8s.io/v1): what may I do in a namespace? Answered, never stored. */
import type * as api from '#common/schema/generated/types.ts';
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
});
