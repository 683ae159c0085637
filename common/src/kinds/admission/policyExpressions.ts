/**
 * Expressions of admission policies and match conditions: what they may name, what they must come to, and how problems with
 * either are worded.
 */
import { compileCel, type CompiledCel } from '#common/cel/cel.ts';
import { type CelEnvironment, type CelFunctions, functionsByName } from '#common/cel/environment.ts';
import { allFunctions } from '#common/cel/library/allFunctions.ts';
import { jsonPatchFunctions } from '#common/cel/library/jsonPatches.ts';
import * as types from '#common/cel/types.ts';
import type { CelType, ObjectType } from '#common/cel/types.ts';
import { authorizerFunctions } from './authorizerLibrary.ts';
import { appliedType, jsonPatchType, mutationTypes, namespaceType, requestType } from './policyTypes.ts';

/** What a place in a policy has besides the objects, the request and the namespace. */
export interface ExpressionScope {
  readonly params: boolean;
  /** Messages may not ask who may do what. */
  readonly authorizer: boolean;
  readonly variables?: ObjectType | undefined;
  /** Objects and patches may be made. */
  readonly mutates?: boolean;
  /** Where expressions are looked at for one kind alone; otherwise objects are dynamic. */
  readonly types?: { readonly object: CelType; readonly params: CelType };
}

const authorizerType = types.opaque('kubernetes.authorization.Authorizer');
const resourceCheckType = types.opaque('kubernetes.authorization.ResourceCheck');

let functionSets: { readonly functions: CelFunctions; readonly ofMutations: CelFunctions } | undefined;

/** Made when the first policy needs them. */
function policyFunctions(mutates: boolean): CelFunctions {
  if (!functionSets) {
    const functions = new Map([...allFunctions, ...functionsByName(authorizerFunctions)]);
    functionSets = { functions, ofMutations: new Map([...functions, ...functionsByName(jsonPatchFunctions)]) };
  }
  return mutates ? functionSets.ofMutations : functionSets.functions;
}

export function policyEnvironment({
  params,
  authorizer,
  variables,
  mutates = false,
  types: known,
}: ExpressionScope): CelEnvironment {
  return {
    functions: policyFunctions(mutates),
    variables: new Map<string, CelType>([
      ['object', known?.object ?? types.dyn],
      ['oldObject', known?.object ?? types.dyn],
      ['request', requestType],
      ['namespaceObject', namespaceType],
      ...(params ? ([['params', known?.params ?? types.dyn]] as const) : []),
      ...(authorizer
        ? ([
            ['authorizer', authorizerType],
            ['authorizer.requestResource', resourceCheckType],
          ] as const)
        : []),
      ...(variables ? ([['variables', variables]] as const) : []),
    ]),
    ...(mutates ? { objectTypes: mutationTypes } : {}),
  };
}

/** What an expression must evaluate to; any of the types, or anything at all. */
export type Wanted = readonly CelType[] | 'anything';

export const aCondition: Wanted = [types.bool];
export const aText: Wanted = [types.string];
export const aTextOrNull: Wanted = [types.string, types.nullType];
export const anApplyConfiguration: Wanted = [appliedType];
export const aJsonPatch: Wanted = [types.listOf(jsonPatchType)];

export type CompiledExpression = CompiledCel | { readonly problem: string; readonly isInternal?: true };

/** A program, or what is wrong: `must evaluate to bool but got int`, `compilation failed: ERROR: <input>:1:1: …`. */
export function compileExpression(source: string, environment: CelEnvironment, wanted: Wanted): CompiledExpression {
  const compiled = compileCel(source, environment);
  const { type } = compiled;
  if (type && wanted !== 'anything') {
    const found = resultText(type);
    const texts = wanted.map(resultText);
    if (!texts.includes(found))
      return {
        problem: `must evaluate to ${texts.length > 1 ? `one of [${texts.join(' ')}]` : texts.join('')} but got ${found}`,
      };
  }
  if (!('problem' in compiled)) return compiled;
  if (compiled.isInternal) return { problem: `program instantiation failed: ${compiled.problem}`, isInternal: true };
  return { problem: `compilation failed: ${compiled.problem}` };
}

/** As results are named, which is not quite as problems inside of expressions name types. */
function resultText(type: CelType): string {
  switch (type.kind) {
    case 'list':
      return `list(${resultText(type.of)})`;
    case 'map':
      return `map(${resultText(type.key)}, ${resultText(type.value)})`;
    case 'optional':
      return `optional_type(${resultText(type.of)})`;
    case 'type':
      return `type(${resultText(type.of)})`;
    case 'wrapper':
      return `wrapper(${resultText(type.of)})`;
    default:
      return type.name;
  }
}

const variablesType = (fields: ReadonlyMap<string, CelType>): ObjectType => ({
  kind: 'object',
  name: 'kubernetes.variables',
  fields,
});

/** A variable keeps plain types, and lists and maps of them; of others nothing is known any more. */
function keptType(type: CelType): CelType {
  if (type.kind === 'list') return types.listOf(keptType(type.of));
  if (type.kind === 'map') return types.mapOf(keptType(type.key), keptType(type.value));
  return type.kind === 'primitive' && type !== types.nullType ? type : types.dyn;
}

/** `variables.x` for what a policy has declared so far, each with the type of its expression. */
export class PolicyVariables {
  #types = new Map<string, CelType>();
  readonly #compiled = new Map<string, CompiledExpression>();
  readonly #scope: Pick<ExpressionScope, 'params' | 'types'>;

  constructor(params: boolean, types?: ExpressionScope['types']) {
    this.#scope = { params, ...(types ? { types } : {}) };
  }

  /** Compiles the next variable, which may use those before it. One with a problem counts as known, so that it is told once. */
  add(name: string, source: string): CompiledExpression {
    const environment = policyEnvironment({ ...this.#scope, authorizer: true, variables: variablesType(this.#types) });
    const compiled = compileExpression(source, environment, 'anything');
    this.#types = new Map([...this.#types, [name, 'problem' in compiled ? types.dyn : keptType(compiled.type)]]);
    this.#compiled.set(name, compiled);
    return compiled;
  }

  /** Undefined while there is none. */
  get type(): ObjectType | undefined {
    return this.#types.size > 0 ? variablesType(this.#types) : undefined;
  }

  get compiled(): ReadonlyMap<string, CompiledExpression> {
    return this.#compiled;
  }
}
