/** Node selectors: of node affinity here, of persistent volumes elsewhere. */
import { forbidden, invalid, required } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import { dns1123SubdomainErrors, labelKeyErrors, labelValueErrors } from '#common/api/names.ts';
import type * as api from '#common/schema/generated/types.ts';
import { addFieldProblems, addProblems, type Errors } from './fieldRules.ts';

export function validateNodeSelector(selector: api.NodeSelector, path: FieldPath, errors: Errors): void {
  const terms = selector.nodeSelectorTerms ?? [];
  const at = path.child('nodeSelectorTerms');
  if (!terms.length) errors.push(required(at, 'must have at least one node selector term'));
  terms.forEach((term, i) => validateNodeSelectorTerm(term, at.index(i), errors));
}

export function validateNodeSelectorTerm(term: api.NodeSelectorTerm, path: FieldPath, errors: Errors): void {
  term.matchExpressions?.forEach((rule, i) => validateExpression(rule, path.child('matchExpressions').index(i), errors));
  term.matchFields?.forEach((rule, i) => validateField(rule, path.child('matchFields').index(i), errors));
}

function validateExpression(rule: api.NodeSelectorRequirement, path: FieldPath, errors: Errors): void {
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
    case 'Gt':
    case 'Lt':
      if (values.length !== 1) {
        errors.push(required(path.child('values'), "must be specified single value when `operator` is 'Lt' or 'Gt'"));
      }
      break;
    default:
      errors.push(invalid(path.child('operator'), operator, 'not a valid selector operator'));
  }
  addFieldProblems(key, labelKeyErrors(key), path, 'key', errors);
  values.forEach((value, i) => {
    const problems = labelValueErrors(value);
    if (problems.length) addProblems(value, problems, path.child('values').index(i), errors);
  });
}

/** Only a node's name can be selected by field. */
function validateField(rule: api.NodeSelectorRequirement, path: FieldPath, errors: Errors): void {
  const { key = '', operator = '', values = [] } = rule;
  if (operator !== 'In' && operator !== 'NotIn') {
    errors.push(invalid(path.child('operator'), operator, 'not a valid selector operator'));
  } else if (values.length !== 1) {
    const text = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
    errors.push(required(path.child('values'), text));
  }
  if (key !== 'metadata.name') {
    errors.push(invalid(path.child('key'), key, 'not a valid field selector key'));
    return;
  }
  values.forEach((value, i) => addProblems(value, dns1123SubdomainErrors(value), path.child('values').index(i), errors));
}
