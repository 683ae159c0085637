/**
 * ValidatingAdmissionPolicy: refuses, or warns of, what the expressions of policies find wrong with a request. The first
 * refusal is the answer; every policy is asked nevertheless, for its warnings.
 *
 * Differs from Kubernetes: there is no audit log, so the action Audit and audit annotations lead nowhere; annotations are
 * worked out all the same, since one without a result refuses the request.
 */
import type { CelEnvironment } from '#common/cel/environment.ts';
import { checkConditions } from '#common/kinds/admission/matchConditions.ts';
import {
  aCondition,
  aText,
  aTextOrNull,
  type CompiledExpression,
  compileExpression,
  policyEnvironment,
  type PolicyVariables,
} from '#common/kinds/admission/policyExpressions.ts';
import { evaluateIn, type PolicyScope, type RequestValues } from '#common/kinds/admission/policyValues.ts';
import { ValidatingAdmissionPolicy } from '#common/kinds/validatingAdmissionPolicy.ts';
import { ValidatingAdmissionPolicyBinding } from '#common/kinds/validatingAdmissionPolicyBinding.ts';
import type { ValidatingAdmissionPolicy as PolicyObject, Validation } from '#common/schema/generated/types.ts';
import type { Resource } from '../../registry/registry.ts';
import type { AdmissionPlugin } from '../admission.ts';
import { isExempt } from '../matching/requestMatcher.ts';
import { type Invocation, invocationsFor, type PolicyDeps, scopeOf, valuesOf } from './invocations.ts';
import { denial } from './policyFailure.ts';
import { policyHooks } from './policyHooks.ts';

interface Expression {
  readonly source: string;
  readonly compiled: CompiledExpression;
}

interface Check extends Expression {
  readonly messageExpression: Expression | undefined;
  readonly message: string;
  readonly reason: string;
}

interface Checks {
  readonly validations: readonly Check[];
  readonly annotations: readonly Expression[];
}

interface Finding {
  readonly message: string;
  readonly reason: string;
}

export function validatingPolicyPlugin(deps: PolicyDeps): AdmissionPlugin {
  const hooks = policyHooks(deps.store, ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding, compileChecks);
  return {
    name: 'ValidatingAdmissionPolicy',
    seesRequests: true,
    handles: (request) => hooks().length > 0 && !isExempt(request),
    validate(request, state) {
      const known = new Map<Resource, RequestValues>();
      let refusal: Finding | undefined;
      for (const invocation of invocationsFor(hooks(), request, state, deps)) {
        const { policy, binding } = invocation;
        const who = `ValidatingAdmissionPolicy '${policy.name}'${binding ? ` with binding '${binding.name}'` : ''}`;
        const refuse = ({ message, reason }: Finding): void => {
          refusal ??= { message: `${who} denied request: ${message}`, reason };
        };
        if ('problem' in invocation) {
          if (policy.failsClosed) refuse({ message: invocation.problem, reason: 'Invalid' });
          continue;
        }
        const { resource } = invocation.match;
        const values = known.get(resource) ?? valuesOf(request, invocation.match, state, deps);
        known.set(resource, values);
        for (const finding of findings(invocation, scopeOf(values, invocation))) {
          const { actions } = invocation.binding;
          if (actions.includes('Deny')) refuse(finding);
          if (actions.includes('Warn')) request.options.warn(`Validation failed for ${who}: ${finding.message}`);
        }
      }
      if (refusal) throw denial(request, refusal.message, refusal.reason);
    },
  };
}

function compileChecks({ spec = {} }: PolicyObject, declared: PolicyVariables): Checks {
  const scope = { params: spec.paramKind !== undefined, variables: declared.type };
  const environment = policyEnvironment({ ...scope, authorizer: true });
  const messages = policyEnvironment({ ...scope, authorizer: false });
  return {
    validations: (spec.validations ?? []).map((validation) => compileCheck(validation, environment, messages)),
    annotations: (spec.auditAnnotations ?? []).map(({ valueExpression: source = '' }) => ({
      source,
      compiled: compileExpression(source, environment, aTextOrNull),
    })),
  };
}

function compileCheck(
  { expression: source = '', message = '', messageExpression, reason = 'Invalid' }: Validation,
  environment: CelEnvironment,
  messages: CelEnvironment,
): Check {
  return {
    source,
    compiled: compileExpression(source, environment, aCondition),
    messageExpression: messageExpression?.trim()
      ? { source: messageExpression, compiled: compileExpression(messageExpression, messages, aText) }
      : undefined,
    message: message.trim(),
    reason,
  };
}

/** In order: of the validations, then of the audit annotations. */
function* findings({ policy, programs }: Invocation<Checks>, scope: PolicyScope): Iterable<Finding> {
  const failed = (message: string): Finding[] => (policy.failsClosed ? [{ message, reason: 'Invalid' }] : []);
  const applies = checkConditions(programs.conditions, scope);
  if (typeof applies === 'object') return yield* failed(applies.error);
  if (!applies) return;
  const { validations, annotations } = programs.work;
  for (const check of validations) {
    const result = evaluateIn(scope, check.source, check.compiled);
    if ('error' in result) yield* failed(result.error);
    else if (result.value !== true) yield { message: messageOf(check, scope), reason: check.reason };
  }
  for (const { source, compiled } of annotations) {
    const result = evaluateIn(scope, source, compiled);
    if ('error' in result) yield* failed(result.error);
  }
}

/** Longer messages, and those of several lines, are passed over. */
const longestMessage = 5 * 1024;

function messageOf({ source, message, messageExpression }: Check, scope: PolicyScope): string {
  if (messageExpression) {
    const result = evaluateIn(scope, messageExpression.source, messageExpression.compiled);
    const text = 'value' in result && typeof result.value === 'string' ? result.value.trim() : '';
    if (text && new TextEncoder().encode(text).length <= longestMessage && !/[\n\r]/.test(text)) return text;
  }
  return message || `failed expression: ${source.trim()}`;
}
