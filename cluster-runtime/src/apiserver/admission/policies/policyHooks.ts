/**
 * Admission policies with their bindings as requests meet them: by name, prepared once for each revision, and looked up again
 * only after one of them was written. A policy that nothing binds is none of anybody's business.
 */
import type { KubeObject } from '#common/api/meta.ts';
import { type CompiledConditions, compileConditions } from '#common/kinds/admission/matchConditions.ts';
import { PolicyVariables } from '#common/kinds/admission/policyExpressions.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type { MatchCondition, MatchResources, ParamKind, ParamRef, Variable } from '#common/schema/generated/types.ts';
import type { Store } from '../../../store/store.ts';
import { criteriaOfMatchResources, type MatchCriteria } from '../matching/requestMatcher.ts';
import { storedList } from '../matching/storedList.ts';

interface PolicyObject extends KubeObject {
  spec?: {
    failurePolicy?: string;
    paramKind?: ParamKind;
    matchConstraints?: MatchResources;
    matchConditions?: MatchCondition[];
    variables?: Variable[];
  };
}

interface BindingObject extends KubeObject {
  spec?: { policyName?: string; paramRef?: ParamRef; matchResources?: MatchResources; validationActions?: string[] };
}

export interface Policy<Work> {
  readonly name: string;
  /** What goes wrong refuses the request; otherwise it is passed over. */
  readonly failsClosed: boolean;
  readonly criteria: MatchCriteria;
  readonly paramKind: ParamKind | undefined;
  /** Compiled when the first request comes that the policy is for. */
  readonly programs: () => PolicyPrograms<Work>;
}

export interface PolicyPrograms<Work> {
  readonly conditions: CompiledConditions;
  readonly variables: PolicyVariables;
  readonly work: Work;
}

export interface Binding {
  readonly name: string;
  readonly policyName: string;
  readonly criteria: MatchCriteria;
  readonly paramRef: ParamRef | undefined;
  readonly actions: readonly string[];
}

export interface Hook<Work> {
  readonly policy: Policy<Work>;
  readonly bindings: readonly Binding[];
}

function preparePolicy<P extends PolicyObject, Work>(
  policy: P,
  compile: (policy: P, variables: PolicyVariables) => Work,
): Policy<Work> {
  const { failurePolicy, paramKind, matchConstraints, matchConditions, variables: declared } = policy.spec ?? {};
  const params = paramKind !== undefined;
  let programs: PolicyPrograms<Work> | undefined;
  return {
    name: policy.metadata.name ?? '',
    failsClosed: failurePolicy !== 'Ignore',
    criteria: criteriaOfMatchResources(matchConstraints),
    paramKind,
    programs() {
      if (programs) return programs;
      const variables = new PolicyVariables(params);
      for (const { name = '', expression = '' } of declared ?? []) variables.add(name, expression);
      programs = { conditions: compileConditions(matchConditions, params), variables, work: compile(policy, variables) };
      return programs;
    },
  };
}

function prepareBinding({ metadata, spec = {} }: BindingObject): Binding {
  return {
    name: metadata.name ?? '',
    policyName: spec.policyName ?? '',
    criteria: criteriaOfMatchResources(spec.matchResources),
    paramRef: spec.paramRef,
    actions: spec.validationActions ?? [],
  };
}

/** Gives the same list as long as nothing changed; `compile` is for what only one of the two sorts of policies has. */
export function policyHooks<P extends PolicyObject, Work>(
  store: Pick<Store, 'list' | 'watch' | 'revision'>,
  policyKind: KindDefinition<P>,
  bindingKind: KindDefinition<BindingObject>,
  compile: (policy: P, variables: PolicyVariables) => Work,
): () => readonly Hook<Work>[] {
  const policies = storedList(store, policyKind, (policy) => preparePolicy(policy, compile));
  const bindings = storedList(store, bindingKind, prepareBinding);
  let of: readonly unknown[] = [];
  let hooks: readonly Hook<Work>[] = [];
  return () => {
    const [policyList, bindingList] = [policies.all(), bindings.all()];
    if (of[0] === policyList && of[1] === bindingList) return hooks;
    of = [policyList, bindingList];
    const byPolicy = Map.groupBy(bindingList, ({ policyName }) => policyName);
    return (hooks = policyList.flatMap((policy) => {
      const own = byPolicy.get(policy.name);
      return own ? [{ policy, bindings: own }] : [];
    }));
  };
}
