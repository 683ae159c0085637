/** SubjectAccessReview (authorization.k8s.io/v1): may somebody do something? Answered, never stored. */
import type * as api from '#common/schema/generated/types.ts';
import { defineKind } from './defineKind.ts';

export const SubjectAccessReview = defineKind<api.SubjectAccessReview>({
  group: 'authorization.k8s.io',
  version: 'v1',
  kind: 'SubjectAccessReview',
  plural: 'subjectaccessreviews',
  namespaced: false,
  verbs: ['create'],
  virtual: true,
  hasGeneration: false,
});
