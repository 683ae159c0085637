/** SelfSubjectAccessReview (authorization.k8s.io/v1): may I do something? Answered, never stored. */
import type * as api from '#common/schema/generated/types.ts';
import { defineKind } from './defineKind.ts';

export const SelfSubjectAccessReview = defineKind<api.SelfSubjectAccessReview>({
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectAccessReview',
  plural: 'selfsubjectaccessreviews',
  namespaced: false,
  verbs: ['create'],
  virtual: true,
  hasGeneration: false,
});
