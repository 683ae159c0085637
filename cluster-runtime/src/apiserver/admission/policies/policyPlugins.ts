/** The two plugins that evaluate policies: they change before webhooks do, and refuse before webhooks do. */
import type { AdmissionPlugin } from '../admission.ts';
import type { PolicyDeps } from './invocations.ts';
import { mutatingPolicyPlugin } from './mutatingPolicies.ts';
import { validatingPolicyPlugin } from './validatingPolicies.ts';

export const policyPlugins = (deps: PolicyDeps): readonly AdmissionPlugin[] => [
  mutatingPolicyPlugin(deps),
  validatingPolicyPlugin(deps),
];
