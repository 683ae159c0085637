/** ServiceAccount (core/v1): the identity of pods. Its names of secrets are only hints, which nobody checks. */
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';

export const ServiceAccount = defineKind<api.ServiceAccount>({
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  shortNames: ['sa'],
  namespaced: true,
  hasGeneration: false,
  deleteAnswersObject: true,
  columns: [nameColumn, ageColumn],
  references: [
    { type: 'name', path: 'secrets[].name', to: { group: '', kind: 'Secret' } },
    { type: 'name', path: 'imagePullSecrets[].name', to: { group: '', kind: 'Secret' } },
  ],
});
