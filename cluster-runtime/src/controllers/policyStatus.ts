/**
 * Says of each ValidatingAdmissionPolicy which generation has been looked at.
 *
 * Differs from Kubernetes: expressions are not checked against the types of what a policy is about, so that
 * status.typeChecking never holds a warning.
 */
import { ValidatingAdmissionPolicy } from '#common/kinds/validatingAdmissionPolicy.ts';
import type * as api from '#common/schema/generated/types.ts';
import { defineController, done } from '../controller/controller.ts';

export const policyStatusController = defineController<api.ValidatingAdmissionPolicy>({
  name: 'validatingadmissionpolicy-status-controller',
  for: ValidatingAdmissionPolicy,
  writes: [ValidatingAdmissionPolicy],
  async reconcile(ctx, key) {
    const policy = ctx.cache.get(ValidatingAdmissionPolicy, key);
    const generation = policy?.metadata.generation;
    if (!policy || generation === undefined || policy.status?.observedGeneration === generation) return done;
    const status = { ...policy.status, observedGeneration: generation, typeChecking: {} };
    await ctx.client.updateStatus(ValidatingAdmissionPolicy, { ...policy, status });
    return done;
  },
});
