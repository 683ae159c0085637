/** Binding (core/v1): an order to run a pod on a node. Written, never read. */
import type * as api from '#common/schema/generated/types.ts';
import { defineKind } from './defineKind.ts';

export const Binding = defineKind<api.Binding>({
  group: '',
  version: 'v1',
  kind: 'Binding',
  plural: 'bindings',
  namespaced: true,
  verbs: ['create'],
  virtual: true,
  hasGeneration: false,
});
