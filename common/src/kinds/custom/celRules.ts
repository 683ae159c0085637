/** The x-kubernetes-validations of one schema, compiled once. */
import { type CelRefusal, type CompiledCel, compileCel } from '#common/cel/cel.ts';
import type { CelEnvironment } from '#common/cel/environment.ts';
import { allFunctions } from '#common/cel/library/allFunctions.ts';
import { bool, type CelType, optionalOf, string, typeText } from '#common/cel/types.ts';
import type { JSONSchemaProps, ValidationRule } from '#common/schema/generated/types.ts';
import { celTypeOf } from './celTypes.ts';

export interface CompiledRule {
  readonly rule: ValidationRule;
  /** Or what is wrong with it, as the API server says it. */
  readonly program: CompiledCel | { readonly problem: string };
  readonly message: CompiledCel | { readonly problem: string } | undefined;
  /** It compares with what was there before. */
  readonly isTransition: boolean;
}

export interface CompiledRules {
  /** Of `self`; undefined where the schema says none. */
  readonly type: CelType | undefined;
  readonly rules: readonly CompiledRule[];
}

const compiled = new WeakMap<JSONSchemaProps, CompiledRules>();

export function compiledRules(schema: JSONSchemaProps, isObject: boolean): CompiledRules {
  const known = compiled.get(schema);
  if (known) return known;
  const type = celTypeOf(schema, isObject);
  const rules = type ? (schema['x-kubernetes-validations'] ?? []).map((rule) => compile(rule, type)) : [];
  const result = { type, rules };
  compiled.set(schema, result);
  return result;
}

function compile(rule: ValidationRule, type: CelType): CompiledRule {
  const environment: CelEnvironment = {
    functions: allFunctions,
    variables: new Map([
      ['self', type],
      ['oldSelf', rule.optionalOldSelf ? optionalOf(type) : type],
    ]),
  };
  const program = compileCel(rule.rule, environment);
  const message = rule.messageExpression ? compileCel(rule.messageExpression, environment) : undefined;
  return {
    rule,
    program: ofType(program, bool, 'compilation failed: ', 'cel expression must evaluate to a bool'),
    message:
      message && ofType(message, string, 'messageExpression compilation failed: ', 'messageExpression must evaluate to a string'),
    isTransition: 'run' in program && program.variables.has('oldSelf'),
  };
}

function ofType(program: CompiledCel | CelRefusal, type: CelType, failed: string, wrongType: string): CompiledRule['program'] {
  if (program.type && typeText(program.type) !== typeText(type)) return { problem: wrongType };
  if (!('problem' in program)) return program;
  return { problem: (program.isInternal ? 'program instantiation failed: ' : failed) + program.problem };
}
