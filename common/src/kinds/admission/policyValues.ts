/**
 * What expressions of policies find under their names: a request's objects and the rest, converted when first asked for and
 * kept for all expressions that look at the same request; and the policy's own variables, worked out when first used.
 */
import type { CelProgram } from '#common/cel/evaluate.ts';
import { CelBudget, CelBudgetError } from '#common/cel/frame.ts';
import { valueOfJson } from '#common/cel/jsonValues.ts';
import { CelError, CelObject, type CelValue } from '#common/cel/values.ts';
import { type AccessCheck, AuthorizerValue, ResourceCheck } from './authorizerLibrary.ts';
import type { CompiledExpression, PolicyVariables } from './policyExpressions.ts';
import { namespaceType, requestType } from './policyTypes.ts';

export interface PolicyInputs {
  readonly object: unknown;
  readonly oldObject: unknown;
  /** An AdmissionReview's request without its objects. */
  readonly request: {
    readonly resource: { readonly group: string; readonly resource: string };
    readonly subResource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly namespaceObject: unknown;
  readonly check: AccessCheck;
}

/** The values of one request. */
export class RequestValues {
  readonly #inputs: PolicyInputs;
  readonly #values = new Map<string, CelValue>();

  constructor(inputs: PolicyInputs) {
    this.#inputs = inputs;
  }

  get(name: string): CelValue | undefined {
    let value = this.#values.get(name);
    if (value === undefined) {
      value = this.#make(name);
      if (value !== undefined) this.#values.set(name, value);
    }
    return value;
  }

  #make(name: string): CelValue | undefined {
    const { object, oldObject, request, namespaceObject, check } = this.#inputs;
    switch (name) {
      case 'object':
        return valueOfJson(object);
      case 'oldObject':
        return valueOfJson(oldObject);
      case 'request':
        return valueOfJson(request, requestType);
      case 'namespaceObject':
        return valueOfJson(namespaceObject, namespaceType);
      case 'authorizer':
        return new AuthorizerValue(check);
      case 'authorizer.requestResource': {
        const { resource, subResource = '', namespace = '', name: requested = '' } = request;
        return new ResourceCheck(check, { ...resource, subresource: subResource, namespace, name: requested });
      }
      default:
        return undefined;
    }
  }
}

/** What one expression may cost; as Kubernetes counts, roughly. */
const expressionCost = 1_000_000;

/** One policy's look at a request: with its parameters and its variables. */
export class PolicyScope {
  readonly #request: RequestValues;
  readonly #params: CelValue;
  readonly #variables: CelValue | undefined;
  readonly #found = new Map<string, CelValue | CelError>();
  #budget = new CelBudget(expressionCost);

  constructor(request: RequestValues, params: CelValue = null, variables?: PolicyVariables) {
    this.#request = request;
    this.#params = params;
    const type = variables?.type;
    this.#variables =
      type &&
      new CelObject(
        type,
        () => [...(type.fields?.keys() ?? [])],
        (name) => this.#variable(name, variables.compiled.get(name)),
      );
  }

  /** Throws CelError. */
  evaluate(run: CelProgram): CelValue {
    this.#budget = new CelBudget(expressionCost);
    return run(this.#activation, this.#budget);
  }

  readonly #activation = (name: string): CelValue | undefined => {
    if (name === 'params') return this.#params;
    return name === 'variables' ? this.#variables : this.#request.get(name);
  };

  #variable(name: string, compiled: CompiledExpression | undefined): CelValue | undefined {
    if (!compiled) return undefined;
    let found = this.#found.get(name);
    if (found === undefined) this.#found.set(name, (found = this.#work(name, compiled)));
    if (found instanceof CelError) throw found;
    return found;
  }

  #work(name: string, compiled: CompiledExpression): CelValue | CelError {
    try {
      if ('problem' in compiled) throw new CelError(compiled.problem);
      return compiled.run(this.#activation, this.#budget);
    } catch (error) {
      if (!(error instanceof CelError)) throw error;
      const text = `composited variable ${JSON.stringify(name)} fails to evaluate: ${error.message}`;
      return error instanceof CelBudgetError ? new CelBudgetError(text) : new CelError(text);
    }
  }
}

/** What an expression comes to, or why it comes to nothing, in the words of a denial. */
export type Evaluated = { readonly value: CelValue } | { readonly error: string };

export function evaluateIn(scope: PolicyScope, source: string, compiled: CompiledExpression): Evaluated {
  if ('problem' in compiled) return { error: `compilation error: ${compiled.problem}` };
  try {
    return { value: scope.evaluate(compiled.run) };
  } catch (error) {
    if (!(error instanceof CelError)) throw error;
    return { error: `expression '${source}' resulted in error: ${error.message}` };
  }
}
