/** The x-kubernetes-validations of a definition: what each must say, and that its expressions compile. */
import { type FieldError, internalError, invalid, notSupported, required } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import type { JSONSchemaProps, ValidationRule } from '#common/schema/generated/types.ts';
import { compiledRules } from '../../custom/celRules.ts';
import { rulePath } from '../../custom/rulePath.ts';

const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];

export interface RulesPlace {
  readonly path: FieldPath;
  /** A whole object of the API: the root, or an embedded one. */
  readonly isObject: boolean;
  /** The list above whose elements cannot be told apart over an update, if there is one. */
  readonly uncorrelatable: FieldPath | undefined;
}

export function validateRuleDeclarations(schema: JSONSchemaProps, place: RulesPlace): FieldError[] {
  const rules = schema['x-kubernetes-validations'];
  if (!rules?.length) return [];
  const at = place.path.child('x-kubernetes-validations');
  const declared = rules.flatMap((rule, i) => validateDeclaration(rule, schema, at.index(i)));
  return declared.length > 0 ? declared : validateExpressions(schema, place, at);
}

function validateDeclaration(rule: ValidationRule, schema: JSONSchemaProps, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const { rule: text = '', message = '', messageExpression = '', reason, fieldPath } = rule;
  if (!text.trim()) errors.push(required(path.child('rule'), 'rule is not specified'));
  else if (/[\n\r]/.test(text) && !message && !messageExpression) {
    errors.push(required(path.child('message'), 'message must be specified if rule contains line breaks'));
  }
  if (message && !message.trim()) errors.push(invalid(path.child('message'), message, 'must be non-empty if specified'));
  else if (/[\n\r]/.test(message)) errors.push(invalid(path.child('message'), message, 'must not contain line breaks'));
  if (reason !== undefined && !reasons.includes(reason)) errors.push(notSupported(path.child('reason'), reason, reasons));
  if (fieldPath && !rulePath(fieldPath, schema, undefined)) {
    errors.push(invalid(path.child('fieldPath'), fieldPath, 'must be a valid path'));
  }
  return errors;
}

function validateExpressions(schema: JSONSchemaProps, { isObject, uncorrelatable }: RulesPlace, path: FieldPath): FieldError[] {
  const { type, rules } = compiledRules(schema, isObject);
  if (!type) {
    const text =
      'internal error: failed to construct type information for x-kubernetes-validations rules: unable to convert structural schema to CEL declarations';
    return [internalError(path, text)];
  }
  return rules.flatMap(({ rule, program, message, isTransition }, i) => {
    const at = path.index(i);
    const errors: FieldError[] = [];
    const whole = (field: string, text: string): FieldError => invalid(at.child(field), shown(rule), text);
    if ('problem' in program) errors.push(whole('rule', program.problem));
    if (message && 'problem' in message) errors.push(whole('messageExpression', message.problem));
    if ('problem' in program) return errors;
    if (isTransition && uncorrelatable) {
      const text = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelatable.toString()}`;
      errors.push(invalid(at.child('rule'), rule.rule, text));
    }
    if (rule.optionalOldSelf !== undefined && !isTransition) {
      errors.push(invalid(at.child('optionalOldSelf'), rule.optionalOldSelf, 'may not be set if oldSelf is not used in rule'));
    }
    return errors;
  });
}

/** A rule as messages show it. */
const shown = (rule: ValidationRule): unknown => ({
  Rule: rule.rule,
  Message: rule.message ?? '',
  MessageExpression: rule.messageExpression ?? '',
  Reason: rule.reason ?? null,
  FieldPath: rule.fieldPath ?? '',
  OptionalOldSelf: rule.optionalOldSelf ?? null,
});
