/** ValidatingAdmissionPolicyBinding (admissionregistration.k8s.io/v1): where a policy applies, and with which parameters. */
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { paramRefText } from './policyColumns.ts';
import { validateBinding, validateValidationActions } from './validation/admissionPolicy.ts';
import { defaultMatchResources } from './validation/admissionRules.ts';

export const ValidatingAdmissionPolicyBinding = defineKind<api.ValidatingAdmissionPolicyBinding>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingAdmissionPolicyBinding',
  plural: 'validatingadmissionpolicybindings',
  categories: ['api-extensions'],
  namespaced: false,
  unconditionalUpdate: false,
  applyDefaults: (binding) => defaultMatchResources(binding.spec?.matchResources),
  validate: (binding) => [
    ...validateBinding(binding.spec ?? {}),
    ...validateValidationActions(binding.spec?.validationActions ?? []),
  ],
  columns: [
    nameColumn,
    textColumn('PolicyName', (binding) => binding.spec?.policyName ?? ''),
    textColumn('ParamRef', (binding) => paramRefText(binding.spec?.paramRef)),
    ageColumn,
  ],
  references: [
    { type: 'name', path: 'spec.policyName', to: { group: 'admissionregistration.k8s.io', kind: 'ValidatingAdmissionPolicy' } },
  ],
});
