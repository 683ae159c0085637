/**
 * Whether a value keeps the rules (x-kubernetes-validations) of its schema and of its parts' schemas, in the words of Kubernetes
 * 1.36. Rules that compare with `oldSelf` are asked where something was there before; what an update leaves as it was is not held
 * against it by the others.
 */
import { type FieldError, invalid, noValue } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { getOwn, isJsonObject } from '#common/api/ownProperty.ts';
import { deepEqual } from '#common/base/freeze.ts';
import type { CelProgram } from '#common/cel/evaluate.ts';
import { CelBudget } from '#common/cel/frame.ts';
import { valueOfJson } from '#common/cel/jsonValues.ts';
import type { CelType } from '#common/cel/types.ts';
import { CelError, CelOptional, type CelValue } from '#common/cel/values.ts';
import type { JSONSchemaProps } from '#common/schema/generated/types.ts';
import { additionalSchema, childSchemas, itemsSchema } from '../validation/crd/schemaParts.ts';
import { type CompiledRule, compiledRules, hasRules } from './celRules.ts';
import { unescapeName } from './celTypes.ts';
import { correlatedItem } from './correlatedItem.ts';
import { rulePath } from './rulePath.ts';

/** What all rules of one object may cost together, and one expression. */
const budgetOfAll = 10_000_000;
const budgetOfOne = 1_000_000;
const nowhere = FieldPath.of('<nil>');
/** What was found wrong before that leaves nothing to ask rules about. */
const blocking = new Set([
  'FieldValueRequired',
  'FieldValueTypeInvalid',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueNotSupported',
]);
const parts = (schema: JSONSchemaProps): JSONSchemaProps[] => childSchemas(schema, nowhere).map((child) => child.schema);

/** `found`: what is known to be wrong already. `base`: where the value is; undefined for a whole object. */
export function validateRules(
  schema: JSONSchemaProps,
  value: unknown,
  old: unknown,
  base: FieldPath | undefined,
  found: readonly FieldError[],
): FieldError[] {
  if (!hasRules(schema, parts)) return [];
  if (found.some(({ type }) => blocking.has(type))) {
    const text =
      'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';
    return [invalid(nowhere, null, text)];
  }
  const errors: FieldError[] = [];
  try {
    check({ schema, value, old, path: base, isObject: base === undefined }, { budget: new CelBudget(budgetOfAll), errors });
  } catch (error) {
    if (!(error instanceof NoMoreRules)) throw error;
  }
  return errors;
}

interface Part {
  readonly schema: JSONSchemaProps;
  readonly value: unknown;
  readonly old: unknown;
  readonly path: FieldPath | undefined;
  readonly isObject: boolean;
}

interface Run {
  readonly budget: CelBudget;
  readonly errors: FieldError[];
}

function check(part: Part, run: Run): void {
  const { schema, value, old, path, isObject } = part;
  if (value === null || value === undefined || !hasRules(schema, parts)) return;
  if (schema['x-kubernetes-validations']?.length) checkOwn(part, run);
  const inner = (child: JSONSchemaProps, item: unknown, before: unknown, at: FieldPath): void =>
    check({ schema: child, value: item, old: before, path: at, isObject: Boolean(child['x-kubernetes-embedded-resource']) }, run);
  if (Array.isArray(value)) {
    const items = itemsSchema(schema);
    value.forEach((item, i) => items && inner(items, item, correlatedItem(schema, items, item, old), (path ?? nowhere).index(i)));
  } else if (isJsonObject(value)) {
    const before = isJsonObject(old) ? old : {};
    const { properties = {} } = schema;
    const additional = additionalSchema(schema);
    for (const [key, item] of Object.entries(value)) {
      const property = getOwn(properties, key);
      if (property) {
        if (!(isObject && key === 'metadata'))
          inner(property, item, getOwn(before, key), path ? path.child(key) : FieldPath.of(key));
      } else if (typeof additional === 'object') inner(additional, item, getOwn(before, key), (path ?? nowhere).key(key));
    }
  }
}

function checkOwn({ schema, value, old, path, isObject }: Part, { budget, errors }: Run): void {
  const { type, rules } = compiledRules(schema, isObject);
  if (!type) return;
  const unchanged = old !== undefined && deepEqual(value, old);
  const self = valueOfJson(value, type, unescapeName);
  for (const compiled of rules) {
    const { rule, program, isTransition } = compiled;
    if (!('run' in program) || (isTransition && old === undefined && !rule.optionalOldSelf)) continue;
    if (!isTransition && unchanged) continue;
    const variables = activation(self, old, type, rule.optionalOldSelf);
    const at = path ?? nowhere;
    const answer = ask(program.run, variables, budget);
    if (budget.isSpent) {
      const text = 'validation failed due to running out of cost budget, no further validation rules will be run';
      errors.push(invalid(at, schema.type ?? '', text));
      throw new NoMoreRules();
    }
    if (answer === true) continue;
    if (answer === false) {
      const named = rulePath(rule.fieldPath, schema, path)?.path ?? at;
      errors.push({ ...failure(compiled, value, variables, budget), path: named });
    } else errors.push(invalid(at, schema.type ?? '', `${explained(answer)}: ${rule.rule.trim()}`));
    if (answer === tooDear) throw new NoMoreRules();
  }
}

const tooDear = 'operation cancelled: actual cost limit exceeded';

function explained(problem: string): string {
  if (problem === 'no such overload')
    return `'${problem}': call arguments did not match a supported operator, function or macro signature for rule`;
  if (problem === tooDear) return `'${problem}': no further validation rules will be run due to call cost exceeds limit for rule`;
  return `${problem} evaluating rule`;
}

/** What takes too long ends them all. */
class NoMoreRules extends Error {}

type Variables = (name: string) => CelValue | undefined;

function activation(self: CelValue, old: unknown, type: CelType, optional: boolean | undefined): Variables {
  return (name) => {
    if (name === 'self') return self;
    if (name !== 'oldSelf') return undefined;
    if (old === undefined || old === null) return optional ? CelOptional.none : undefined;
    const value = valueOfJson(old, type, unescapeName);
    return optional ? new CelOptional(value) : value;
  };
}

/** True, false, or why there is no answer. */
function ask(program: CelProgram, variables: Variables, budget: CelBudget): boolean | string {
  try {
    return program(variables, new CelBudget(budgetOfOne, budget)) === true;
  } catch (error) {
    if (!(error instanceof CelError)) throw error;
    return error.message;
  }
}

function failure(
  { rule, message }: CompiledRule,
  value: unknown,
  variables: Variables,
  budget: CelBudget,
): Omit<FieldError, 'path'> {
  const text = rule.message?.trim() ?? '';
  const expressed = message && 'run' in message ? textOf(message.run, variables, budget) : undefined;
  const detail = expressed ?? (text || `failed rule: ${rule.rule.trim()}`);
  const type = reasons[rule.reason ?? ''] ?? 'FieldValueInvalid';
  const shown = typeof value === 'object' ? noValue : value;
  return { type, value: shown, detail: type === 'FieldValueDuplicate' ? '' : detail };
}

const reasons: Readonly<Record<string, FieldError['type']>> = {
  FieldValueInvalid: 'FieldValueInvalid',
  FieldValueForbidden: 'FieldValueForbidden',
  FieldValueRequired: 'FieldValueRequired',
  FieldValueDuplicate: 'FieldValueDuplicate',
};

/** One line that says something; undefined otherwise. */
function textOf(program: CelProgram, variables: Variables, budget: CelBudget): string | undefined {
  try {
    const text = program(variables, budget);
    return typeof text === 'string' && text.trim() !== '' && !text.includes('\n') ? text.trim() : undefined;
  } catch (error) {
    if (!(error instanceof CelError)) throw error;
    return undefined;
  }
}
