/**
 * What is wrong with the validations of a policy when they are looked at for each of the kinds that it names, as its status
 * tells: fields that the kind does not have, values of other types. Kinds that are named with a star are not looked at.
 *
 * Differs from Kubernetes: custom resources are not looked at.
 */
import { type GroupVersionKind, parseApiVersion } from '#common/api/groupVersion.ts';
import { type CelType, dyn } from '#common/cel/types.ts';
import { typeOfKind } from '#common/schema/builtinTypes.ts';
import type { ExpressionWarning, ParamKind, ValidatingAdmissionPolicySpec } from '#common/schema/generated/types.ts';
import { celTypeOfKind } from './kindTypes.ts';
import { compileExpression, policyEnvironment, PolicyVariables } from './policyExpressions.ts';

/** The kinds that a resource is served as; the empty group stands for any here, as Kubernetes looks kinds up. */
export type KindsOfResource = (group: string, version: string, resource: string) => readonly GroupVersionKind[];

/** Further kinds are not looked at. */
const mostKinds = 10;

export function checkTypes(spec: ValidatingAdmissionPolicySpec, kindsOf: KindsOfResource): ExpressionWarning[] {
  const params = spec.paramKind && typeOfParams(spec.paramKind);
  const checks = namedKinds(spec, kindsOf).flatMap((gvk) => {
    const type = typeOfKind(gvk);
    return type ? [checkFor(spec, gvk, { object: celTypeOfKind(type, gvk.kind), params: params ?? dyn })] : [];
  });
  const warnings: ExpressionWarning[] = [];
  const check = (fieldRef: string, expression: string | undefined, isMessage: boolean): void => {
    if (!expression?.trim()) return;
    const found = checks.flatMap((problemOf) => problemOf(expression, isMessage) ?? []);
    if (found.length > 0) warnings.push({ fieldRef, warning: found.join('\n') });
  };
  spec.validations?.forEach(({ expression, messageExpression }, i) => {
    check(`spec.validations[${i}].expression`, expression, false);
    check(`spec.validations[${i}].messageExpression`, messageExpression, true);
  });
  return warnings;
}

function checkFor(
  { paramKind, variables: declared }: ValidatingAdmissionPolicySpec,
  { group, version, kind }: GroupVersionKind,
  types: { readonly object: CelType; readonly params: CelType },
): (expression: string, isMessage: boolean) => string | undefined {
  const params = paramKind !== undefined;
  const variables = new PolicyVariables(params, types);
  for (const { name = '', expression = '' } of declared ?? []) variables.add(name, expression);
  const scope = { params, types, variables: variables.type };
  const [ofChecks, ofMessages] = [true, false].map((authorizer) => policyEnvironment({ ...scope, authorizer }));
  return (expression, isMessage) => {
    const environment = isMessage ? ofMessages : ofChecks;
    const compiled = environment && compileExpression(expression, environment, 'anything');
    if (!compiled || !('problem' in compiled)) return undefined;
    return `${group}/${version}, Kind=${kind}: ${compiled.problem.replace(/^compilation failed: /, '')}\n`;
  };
}

function typeOfParams({ apiVersion = '', kind = '' }: ParamKind): CelType | undefined {
  const type = typeOfKind({ ...parseApiVersion(apiVersion), kind });
  return type && celTypeOfKind(type, kind);
}

function namedKinds({ matchConstraints }: ValidatingAdmissionPolicySpec, kindsOf: KindsOfResource): GroupVersionKind[] {
  const found = new Map<string, GroupVersionKind>();
  for (const { apiGroups = [], apiVersions = [], resources = [] } of matchConstraints?.resourceRules ?? []) {
    if (apiGroups.includes('*') || apiVersions.includes('*')) continue;
    // Subresources are left out, and `*` is the name of none.
    const plain = resources.filter((name) => !name.includes('/')).sort();
    for (const group of [...apiGroups].sort()) {
      for (const version of [...apiVersions].sort()) {
        for (const gvk of plain.flatMap((name) => kindsOf(group, version, name))) {
          if (found.size < mostKinds) found.set(`${gvk.group}/${gvk.version}/${gvk.kind}`, gvk);
        }
      }
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, gvk]) => gvk);
}
