/** ValidatingAdmissionPolicy (admissionregistration.k8s.io/v1): rules in CEL that requests have to meet. */
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { paramKindText } from './policyColumns.ts';
import { validateValidatingPolicy } from './validation/admissionPolicy.ts';
import { defaultMatchResources } from './validation/admissionRules.ts';

export const ValidatingAdmissionPolicy = defineKind<api.ValidatingAdmissionPolicy>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingAdmissionPolicy',
  plural: 'validatingadmissionpolicies',
  categories: ['api-extensions'],
  namespaced: false,
  subresources: { status: true },
  unconditionalUpdate: false,
  applyDefaults(policy) {
    const spec = (policy.spec ??= {});
    spec.failurePolicy ??= 'Fail';
    defaultMatchResources(spec.matchConstraints);
  },
  prepareForCreate(policy) {
    policy.status = {};
  },
  prepareForUpdate(policy, old) {
    if (old.status) policy.status = old.status;
    else delete policy.status;
  },
  prepareForStatusUpdate(policy, old) {
    if (old.spec) policy.spec = old.spec;
  },
  validate: validateValidatingPolicy,
  columns: [
    nameColumn,
    { name: 'Validations', type: 'integer', cell: (policy) => policy.spec?.validations?.length ?? 0 },
    textColumn('ParamKind', (policy) => paramKindText(policy.spec?.paramKind)),
    ageColumn,
  ],
});
