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
import { CelBudget, CelBudgetError } from '#common/cel/frame.ts';
import { valueOfJson } from '#common/cel/jsonValues.ts';
import type { CelType } from '#common/cel/types.ts';
import { CelError, CelOptional, type CelValue } from '#common/cel/values.ts';
import type { JSONSchemaProps } from '#common/schema/generated/types.ts';
import { additionalSchema, childSchemas, itemsSchema } from '../validation/crd/schemaParts.ts';
import { type CompiledRule, compiledRules } from './celRules.ts';
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

const withRules = new WeakMap<JSONSchemaProps, boolean>();

/** Whether a schema or a part of it has rules. Asked before every validation, so it is remembered. */
function hasRules(schema: JSONSchemaProps): boolean {
  const known = withRules.get(schema);
  if (known !== undefined) return known;
  const own = Boolean(schema['x-kubernetes-validations']?.length);
  const found = own || childSchemas(schema, nowhere).some((child) => hasRules(child.schema));
  withRules.set(schema, found);
  return found;
}

/** `found`: what is known to be wrong already. `base`: where the value is; undefined for a whole object. */
export function validateRules(
  schema: JSONSchemaProps,
  value: unknown,
  old: unknown,
  base: FieldPath | undefined,
  found: readonly FieldError[],
): FieldError[] {
  if (!hasRules(schema)) return [];
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
  if (value === null || value === undefined || !hasRules(schema)) return;
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
    if (answer instanceof CelBudgetError) throw new NoMoreRules();
  }
}

function explained(error: CelError): string {
  const { message } = error;
  if (message === 'no such overload')
    return `'${message}': call arguments did not match a supported operator, function or macro signature for rule`;
  if (error instanceof CelBudgetError)
    return `'${message}': no further validation rules will be run due to call cost exceeds limit for rule`;
  return `${message} evaluating rule`;
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
function ask(program: CelProgram, variables: Variables, budget: CelBudget): boolean | CelError {
  try {
    return program(variables, new CelBudget(budgetOfOne, budget)) === true;
  } catch (error) {
    if (!(error instanceof CelError)) throw error;
    return error;
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
