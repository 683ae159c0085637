/** `matchConditions` of webhooks and policies: all of them must hold for a request to be any of their business. */
import type { MatchCondition } from '#common/schema/generated/types.ts';
import { aCondition, type CompiledExpression, compileExpression, policyEnvironment } from './policyExpressions.ts';
import { evaluateIn, type PolicyScope } from './policyValues.ts';

export type CompiledConditions = readonly { readonly source: string; readonly compiled: CompiledExpression }[];

const none: CompiledConditions = [];

/** `params`: whether there are any; webhooks have none. */
export function compileConditions(conditions: readonly MatchCondition[] | undefined, params: boolean): CompiledConditions {
  if (!conditions?.length) return none;
  const environment = policyEnvironment({ params, authorizer: true });
  return conditions.map(({ expression: source = '' }) => ({
    source,
    compiled: compileExpression(source, environment, aCondition),
  }));
}

/**
 * One that is false decides, whatever is wrong with those before it; otherwise errors leave it open whether the request is
 * meant, and come back as one text.
 */
export function checkConditions(conditions: CompiledConditions, scope: PolicyScope): boolean | { readonly error: string } {
  const errors: string[] = [];
  for (const { source, compiled } of conditions) {
    const result = evaluateIn(scope, source, compiled);
    if ('error' in result) errors.push(result.error);
    else if (result.value !== true) return false;
  }
  const [first, ...more] = [...new Set(errors)];
  if (first === undefined) return true;
  return { error: more.length === 0 ? first : `[${[first, ...more].join(', ')}]` };
}
