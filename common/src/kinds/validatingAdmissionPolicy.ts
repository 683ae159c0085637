/** ValidatingAdmissionPolicy (admissionregistration.k8s.io/v1). */
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';

export const ValidatingAdmissionPolicy = defineKind<api.ValidatingAdmissionPolicy>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingAdmissionPolicy',
  plural: 'validatingadmissionpolicies',
  categories: ['api-extensions'],
  namespaced: false,
  subresources: { status: true },
  unconditionalUpdate: false,
  columns: [nameColumn, ageColumn],
});
