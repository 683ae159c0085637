/** MutatingAdmissionPolicy (admissionregistration.k8s.io/v1): changes in CEL that requests go through. */
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { paramKindText } from './policyColumns.ts';
import { validateMutatingPolicy } from './validation/admissionPolicy.ts';
import { defaultMatchResources } from './validation/admissionRules.ts';

export const MutatingAdmissionPolicy = defineKind<api.MutatingAdmissionPolicy>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'MutatingAdmissionPolicy',
  plural: 'mutatingadmissionpolicies',
  categories: ['api-extensions'],
  namespaced: false,
  unconditionalUpdate: false,
  applyDefaults(policy) {
    const spec = (policy.spec ??= {});
    spec.failurePolicy ??= 'Fail';
    defaultMatchResources(spec.matchConstraints);
  },
  validate: validateMutatingPolicy,
  columns: [
    nameColumn,
    { name: 'Mutations', type: 'integer', cell: (policy) => policy.spec?.mutations?.length ?? 0 },
    textColumn('ParamKind', (policy) => paramKindText(policy.spec?.paramKind)),
    ageColumn,
  ],
});
