/**
 * MutatingAdmissionPolicy: changes a request's object by what the expressions of policies make of it, one after the other by
 * name. In the second round only those run again that ask for it and that ran before somebody changed the object.
 */
import { deepClone, deepEqual } from '#common/base/freeze.ts';
import { internalServerError } from '#common/api/status.ts';
import type { CelValue } from '#common/cel/values.ts';
import { checkConditions } from '#common/kinds/admission/matchConditions.ts';
import {
  aJsonPatch,
  anApplyConfiguration,
  type CompiledExpression,
  compileExpression,
  policyEnvironment,
  type PolicyVariables,
} from '#common/kinds/admission/policyExpressions.ts';
import { evaluateIn } from '#common/kinds/admission/policyValues.ts';
import { MutatingAdmissionPolicy } from '#common/kinds/mutatingAdmissionPolicy.ts';
import { MutatingAdmissionPolicyBinding } from '#common/kinds/mutatingAdmissionPolicyBinding.ts';
import { decodeObject, DecodeError } from '#common/schema/decode.ts';
import type { MutatingAdmissionPolicy as PolicyObject } from '#common/schema/generated/types.ts';
import type { AdmissionPlugin, AdmissionRequest, AdmissionState, MutationRound } from '../admission.ts';
import { isExempt } from '../matching/requestMatcher.ts';
import { takeChange, viewOf } from '../matching/requestView.ts';
import { applyConfiguration } from './applyConfiguration.ts';
import { type Invocation, invocationsFor, type PolicyDeps, scopeOf, valuesOf } from './invocations.ts';
import { mutationDenial, PolicyFailure } from './policyFailure.ts';
import { type Policy, policyHooks } from './policyHooks.ts';
import { applyPolicyPatch } from './policyJsonPatch.ts';

interface MutationProgram {
  readonly kind: 'JSONPatch' | 'ApplyConfiguration';
  readonly source: string;
  readonly compiled: CompiledExpression;
}

interface Mutations {
  readonly programs: readonly MutationProgram[];
  readonly isReinvoked: boolean;
}

/** What the first round leaves to the second. */
interface Memory {
  /** Ran, and want to run again when the object changes after that, by themselves even. */
  readonly ran: Set<Policy<Mutations>>;
  readonly due: Set<Policy<Mutations>>;
  /** The object as policies left it, where some of them want to know. */
  last: unknown;
}

export function mutatingPolicyPlugin(deps: PolicyDeps): AdmissionPlugin {
  const hooks = policyHooks(deps.store, MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding, compileMutations);
  const plugin: AdmissionPlugin = {
    name: 'MutatingAdmissionPolicy',
    seesRequests: true,
    handles: (request) => request.object !== undefined && hooks().length > 0 && !isExempt(request),
    mutate(request, state, round) {
      const memory = memoryOf(plugin, round, request);
      const called = round.isSecond ? hooks().filter(({ policy }) => memory.due.has(policy)) : hooks();
      for (const invocation of invocationsFor(called, request, state, deps)) {
        const { policy, binding } = invocation;
        if ('problem' in invocation) {
          if (!policy.failsClosed) continue;
          const who = binding
            ? `policy '${policy.name}' with binding '${binding.name}'`
            : `policy ${JSON.stringify(policy.name)}`;
          throw mutationDenial(request, `${who} denied request: ${invocation.problem}`, 'Forbidden');
        }
        const changed = run(invocation, request, state, deps);
        if (invocation.programs.work.isReinvoked) memory.ran.add(policy);
        if (!changed) continue;
        for (const earlier of memory.ran) memory.due.add(earlier);
        round.askForSecond();
      }
      if (memory.ran.size > 0) memory.last = deepClone(request.object);
    },
  };
  return plugin;
}

function memoryOf(plugin: AdmissionPlugin, round: MutationRound, { object }: AdmissionRequest): Memory {
  const known = round.memory.get(plugin) as Memory | undefined;
  if (!known) {
    const memory: Memory = { ran: new Set(), due: new Set(), last: undefined };
    round.memory.set(plugin, memory);
    return memory;
  }
  if (known.ran.size > 0 && !deepEqual(known.last, object)) for (const policy of known.ran) known.due.add(policy);
  return known;
}

function compileMutations({ spec = {} }: PolicyObject, variables: PolicyVariables): Mutations {
  const params = spec.paramKind !== undefined;
  const environment = policyEnvironment({ params, authorizer: true, variables: variables.type, mutates: true });
  return {
    isReinvoked: spec.reinvocationPolicy === 'IfNeeded',
    programs: (spec.mutations ?? []).map((mutation) => {
      const isPatch = mutation.patchType === 'JSONPatch';
      const { expression: source = '' } = (isPatch ? mutation.jsonPatch : mutation.applyConfiguration) ?? {};
      const compiled = compileExpression(source, environment, isPatch ? aJsonPatch : anApplyConfiguration);
      return { kind: isPatch ? 'JSONPatch' : 'ApplyConfiguration', source, compiled };
    }),
  };
}

/** True when the object is another one now. What fails is passed over, or throws the refusal, as the policy wants it. */
function run(invocation: Invocation<Mutations>, request: AdmissionRequest, state: AdmissionState, deps: PolicyDeps): boolean {
  const { policy, binding, programs, match } = invocation;
  const fail = (message: string): void => {
    if (!policy.failsClosed) return;
    throw mutationDenial(request, `policy '${policy.name}' with binding '${binding.name}' denied request: ${message}`, 'Invalid');
  };
  let scope = scopeOf(valuesOf(request, match, state, deps), invocation);
  const applies = checkConditions(programs.conditions, scope);
  if (typeof applies === 'object') fail(applies.error);
  if (applies !== true) return false;
  let changed = false;
  for (const { kind, source, compiled } of programs.work.programs) {
    const result = evaluateIn(scope, source, compiled);
    if ('error' in result) {
      fail(result.error);
      continue;
    }
    try {
      if (!change(invocation, kind, result.value, request, deps)) continue;
    } catch (error) {
      if (!(error instanceof PolicyFailure)) throw error;
      fail(error.message);
      continue;
    }
    changed = true;
    scope = scopeOf(valuesOf(request, match, state, deps), invocation);
  }
  return changed;
}

/** Throws PolicyFailure, and a 500 where what comes out is no object of its kind. */
function change(
  { match }: Invocation<Mutations>,
  kind: MutationProgram['kind'],
  value: CelValue,
  request: AdmissionRequest,
  { registryOf }: PolicyDeps,
): boolean {
  const { object, description } = viewOf(request, match);
  if (!object) return false;
  const { resource } = match;
  // A scale, or what is sent to a pod, is of another type than the resource.
  const type = request.sent || request.subresource === 'scale' ? undefined : resource.type;
  const made = kind === 'JSONPatch' ? applyPolicyPatch(object, value) : applyConfiguration(object, value, description.kind, type);
  const before = deepClone(request.object);
  try {
    // Only here are fields refused that the kind does not have; those of custom resources are pruned.
    if (type && !type.custom && kind === 'JSONPatch') decodeObject(type, resource.kind, made, { fieldValidation: 'Strict' });
    takeChange(request, match, made, registryOf);
  } catch (error) {
    throw error instanceof DecodeError ? internalServerError(error.detail) : error;
  }
  return !deepEqual(before, request.object);
}
