/** Label selectors in fields of any kind: operators, keys and values, with the errors at their places. */
import { type FieldError, forbidden, invalid, required } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import { labelErrors } from '#common/api/labelErrors.ts';
import type { LabelSelector, LabelSelectorRequirement } from '#common/api/meta.ts';
import { labelKeyErrors, labelValueErrors } from '#common/api/names.ts';

export function validateLabelSelector(selector: LabelSelector, path: FieldPath, errors: FieldError[]): void {
  if (selector.matchLabels) errors.push(...labelErrors(path.child('matchLabels'), selector.matchLabels));
  selector.matchExpressions?.forEach((rule, i) => validateRequirement(rule, path.child('matchExpressions').index(i), errors));
}

function validateRequirement(rule: LabelSelectorRequirement, path: FieldPath, errors: FieldError[]): void {
  const { key = '', operator = '', values = [] } = rule;
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (!values.length) errors.push(required(path.child('values'), "must be specified when `operator` is 'In' or 'NotIn'"));
      break;
    case 'Exists':
    case 'DoesNotExist':
      if (values.length) {
        errors.push(forbidden(path.child('values'), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
      }
      break;
    default:
      errors.push(invalid(path.child('operator'), operator, 'not a valid selector operator'));
  }
  for (const problem of labelKeyErrors(key)) errors.push(invalid(path.child('key'), key, problem));
  values.forEach((value, i) => {
    for (const problem of labelValueErrors(value)) errors.push(invalid(path.child('values').index(i), value, problem));
  });
}
