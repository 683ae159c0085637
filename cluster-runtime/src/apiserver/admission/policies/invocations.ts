/** Which policies a request has to do with, and with which bindings and parameters: what both sorts of policies share. */
import type { KubeObject } from '#common/api/meta.ts';
import { valueOfJson } from '#common/cel/jsonValues.ts';
import { PolicyScope, RequestValues } from '#common/kinds/admission/policyValues.ts';
import { Namespace } from '#common/kinds/namespace.ts';
import type { Store } from '../../../store/store.ts';
import type { Authorizer } from '../../authorization/authorizer.ts';
import type { AdmissionRequest, AdmissionState } from '../admission.ts';
import { accessCheckFor } from '../matching/accessCheck.ts';
import { type Match, matchRequest, namespaceOf } from '../matching/requestMatcher.ts';
import { viewOf } from '../matching/requestView.ts';
import type { RegistryOf } from '../matching/servedVersions.ts';
import { PolicyFailure } from './policyFailure.ts';
import type { Binding, Hook, Policy, PolicyPrograms } from './policyHooks.ts';
import { paramResource, paramsOf } from './policyParameters.ts';

export interface PolicyDeps {
  readonly store: Pick<Store, 'list' | 'watch' | 'revision'>;
  readonly registryOf: RegistryOf;
  readonly authorizerOf: () => Authorizer;
}

/** A policy to be evaluated for one of its bindings, with one of the binding's parameters. */
export interface Invocation<Work> {
  readonly policy: Policy<Work>;
  readonly binding: Binding;
  readonly programs: PolicyPrograms<Work>;
  readonly params: KubeObject | undefined;
  readonly match: Match;
}

/** Something that is wrong with a policy, or with a binding, for this request. */
export interface Misconfiguration<Work> {
  readonly policy: Policy<Work>;
  readonly binding?: Binding;
  readonly problem: string;
}

/** Each is found when the one before has been dealt with, so it is of the object as that left it. */
export function* invocationsFor<Work>(
  hooks: readonly Hook<Work>[],
  request: AdmissionRequest,
  state: AdmissionState,
  { registryOf }: PolicyDeps,
): Iterable<Invocation<Work> | Misconfiguration<Work>> {
  for (const { policy, bindings } of hooks) {
    const match = matchRequest(policy.criteria, request, state, registryOf);
    if (!match) continue;
    const resource = settled(() => paramResource(policy.paramKind, registryOf));
    if (resource instanceof PolicyFailure) {
      yield { policy, problem: `failed to configure policy: ${resource.message}` };
      continue;
    }
    for (const binding of bindings) {
      if (!matchRequest(binding.criteria, request, state, registryOf)) continue;
      const found = settled(() => paramsOf(resource, binding.paramRef, namespaceOf(request)));
      if (found instanceof PolicyFailure) {
        yield { policy, binding, problem: `failed to configure binding: ${found.message}` };
        continue;
      }
      for (const params of found) yield { policy, binding, programs: policy.programs(), params, match };
    }
  }
}

function settled<T>(work: () => T): T | PolicyFailure {
  try {
    return work();
  } catch (error) {
    if (error instanceof PolicyFailure) return error;
    throw error;
  }
}

/** The request's values for expressions, as long as its object stays what it is. */
export function valuesOf(request: AdmissionRequest, match: Match, state: AdmissionState, deps: PolicyDeps): RequestValues {
  const { description, object, oldObject } = viewOf(request, match);
  // A Namespace is in none, though its requests name it as theirs.
  const isNamespace = request.kind.group === '' && request.kind.plural === 'namespaces';
  const namespace = isNamespace ? '' : namespaceOf(request);
  return new RequestValues({
    object,
    oldObject,
    request: description,
    namespaceObject: namespace === '' ? undefined : state.get(Namespace, '', namespace),
    check: accessCheckFor(request.options.user, deps.authorizerOf()),
  });
}

export const scopeOf = <Work>(values: RequestValues, { params, programs }: Invocation<Work>): PolicyScope =>
  new PolicyScope(values, params === undefined ? null : valueOfJson(params), programs.variables);
