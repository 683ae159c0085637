/** Says of each ValidatingAdmissionPolicy which generation has been looked at, and what does not fit the kinds it is about. */
import { allKinds } from '#common/kinds/allKinds.ts';
import { checkTypes, type KindsOfResource } from '#common/kinds/admission/typeChecking.ts';
import { ValidatingAdmissionPolicy } from '#common/kinds/validatingAdmissionPolicy.ts';
import type * as api from '#common/schema/generated/types.ts';
import { defineController, done } from '../controller/controller.ts';

const kindsOf: KindsOfResource = (group, version, resource) =>
  allKinds.filter((kind) => kind.plural === resource && kind.version === version && (!group || kind.group === group));

export const policyStatusController = defineController<api.ValidatingAdmissionPolicy>({
  name: 'validatingadmissionpolicy-status-controller',
  for: ValidatingAdmissionPolicy,
  writes: [ValidatingAdmissionPolicy],
  async reconcile(ctx, key) {
    const policy = ctx.cache.get(ValidatingAdmissionPolicy, key);
    const generation = policy?.metadata.generation;
    if (!policy || generation === undefined || policy.status?.observedGeneration === generation) return done;
    const expressionWarnings = checkTypes(policy.spec ?? {}, kindsOf);
    const typeChecking = expressionWarnings.length > 0 ? { expressionWarnings } : {};
    const status = { ...policy.status, observedGeneration: generation, typeChecking };
    await ctx.client.updateStatus(ValidatingAdmissionPolicy, { ...policy, status });
    return done;
  },
});
