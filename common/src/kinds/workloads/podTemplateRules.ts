/** Rules that hold for the template of every kind that keeps pods running: it matches the selector and restarts always. */
import { type FieldError, forbidden, invalid, notSupported, required } from '#common/api/fieldError.ts';
import type { FieldPath } from '#common/api/fieldPath.ts';
import { labelSelectorProblem, selectorFromLabelSelector } from '#common/api/labelSelector.ts';
import type * as api from '#common/schema/generated/types.ts';
import { labelSelectorForm, sortedMap } from '../podSpec/internalForm.ts';
import { validatePodTemplate } from '../podSpec/template.ts';
import { validateLabelSelector } from '../validation/labelSelector.ts';

const mismatch = '`selector` does not match template `labels`';

export const isEmptySelector = (selector: api.LabelSelector): boolean =>
  !Object.keys(selector.matchLabels ?? {}).length && !selector.matchExpressions?.length;

/** The selector itself. `emptyText` names the kind that may not select everything. */
export function validateSelector(
  selector: api.LabelSelector | undefined,
  emptyText: string,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (!selector) {
    errors.push(required(path));
    return;
  }
  validateLabelSelector(selector, path, errors);
  if (isEmptySelector(selector)) errors.push(invalid(path, {}, emptyText));
}

/** False when the selector makes no sense, so that nothing can be said about the template. */
export function checkUsableSelector(selector: api.LabelSelector | undefined, path: FieldPath, errors: FieldError[]): boolean {
  if (!selector || labelSelectorProblem(selector) === undefined) return true;
  errors.push(invalid(path, labelSelectorForm(selector), 'invalid label selector'));
  return false;
}

/** The labels of the template, against a selector that may be unusable: then nothing is said. */
export function checkTemplateLabels(
  selector: api.LabelSelector | undefined,
  template: api.PodTemplateSpec | undefined,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (selector && labelSelectorProblem(selector) !== undefined) return;
  const labels = template?.metadata?.labels;
  const matches = selector !== undefined && selectorFromLabelSelector(selector).matches(labels);
  if (!matches) errors.push(invalid(path.child('metadata', 'labels'), labels ? sortedMap(labels) : null, mismatch));
}

/** The rules of a template whose pods are replaced when they end. `owner` is the kind that messages name. */
export function validateRunningTemplate(
  template: api.PodTemplateSpec | undefined,
  owner: string,
  path: FieldPath,
  errors: FieldError[],
): void {
  validatePodTemplate(template, path, errors);
  checkAlwaysRestarting(template, owner, path, errors);
}

export function checkAlwaysRestarting(
  template: api.PodTemplateSpec | undefined,
  owner: string,
  path: FieldPath,
  errors: FieldError[],
): void {
  const { restartPolicy, activeDeadlineSeconds } = template?.spec ?? {};
  if (restartPolicy !== undefined && restartPolicy !== 'Always') {
    errors.push(notSupported(path.child('spec', 'restartPolicy'), restartPolicy, ['Always']));
  }
  if (activeDeadlineSeconds != null) {
    const text = `activeDeadlineSeconds in ${owner} is not Supported`;
    errors.push(forbidden(path.child('spec', 'activeDeadlineSeconds'), text));
  }
}
