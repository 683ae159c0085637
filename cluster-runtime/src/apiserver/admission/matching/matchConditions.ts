/**
 * The match conditions of a webhook: what `object`, `oldObject`, `request` and `authorizer` are in them, and what comes of an
 * expression without a result, which refuses the request or, where failures are to be ignored, passes the webhook over.
 */
import { forbiddenError } from '#common/api/status.ts';
import { checkConditions, type CompiledConditions, compileConditions } from '#common/kinds/admission/matchConditions.ts';
import { PolicyScope, RequestValues } from '#common/kinds/admission/policyValues.ts';
import type { MatchCondition } from '#common/schema/generated/types.ts';
import type { Authorizer } from '../../authorization/authorizer.ts';
import type { AdmissionRequest } from '../admission.ts';
import { accessCheckFor } from './accessCheck.ts';
import type { RequestView } from './requestView.ts';

export interface MatchConditions {
  /** Throws a 403 that names the expressions without a result, unless these are to be ignored. */
  admit(view: RequestView, request: AdmissionRequest, authorizer: Authorizer, ignoreFailures: boolean): boolean;
}

/** Compiled when the first request comes for them. */
export function matchConditions(conditions: readonly MatchCondition[]): MatchConditions {
  let compiled: CompiledConditions | undefined;
  return {
    admit({ description, object, oldObject }, { options: { user } }, authorizer, ignoreFailures) {
      compiled ??= compileConditions(conditions, false);
      const values = new RequestValues({
        object,
        oldObject,
        request: description,
        namespaceObject: undefined,
        check: accessCheckFor(user, authorizer),
      });
      const result = checkConditions(compiled, new PolicyScope(values));
      if (typeof result === 'boolean') return result;
      if (ignoreFailures) return false;
      throw forbiddenError(description.requestResource, description.name ?? '', result.error);
    },
  };
}
