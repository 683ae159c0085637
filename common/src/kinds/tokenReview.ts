/** TokenReview (authentication.k8s.io/v1): whose token is this? Answered, never stored. */
import type * as api from '#common/schema/generated/types.ts';
import { defineKind } from './defineKind.ts';

export const TokenReview = defineKind<api.TokenReview>({
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'TokenReview',
  plural: 'tokenreviews',
  namespaced: false,
  verbs: ['create'],
  virtual: true,
  hasGeneration: false,
});
