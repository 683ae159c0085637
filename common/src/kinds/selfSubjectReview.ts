/** SelfSubjectReview (authentication.k8s.io/v1): who am I? Answered, never stored. */
import type * as api from '#common/schema/generated/types.ts';
import { defineKind } from './defineKind.ts';

export const SelfSubjectReview = defineKind<api.SelfSubjectReview>({
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectReview',
  plural: 'selfsubjectreviews',
  namespaced: false,
  verbs: ['create'],
  virtual: true,
  hasGeneration: false,
});
