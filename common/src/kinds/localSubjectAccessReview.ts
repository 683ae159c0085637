/** LocalSubjectAccessReview (authorization.k8s.io/v1): may somebody do something in this namespace? Answered, never stored. */
import type * as api from '#common/schema/generated/types.ts';
import { defineKind } from './defineKind.ts';

export const LocalSubjectAccessReview = defineKind<api.LocalSubjectAccessReview>({
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'LocalSubjectAccessReview',
  plural: 'localsubjectaccessreviews',
  namespaced: true,
  verbs: ['create'],
  virtual: true,
  hasGeneration: false,
});
