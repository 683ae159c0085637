/** ClusterRole (rbac.authorization.k8s.io/v1): what may be done anywhere, possibly put together from other ClusterRoles. */
import { type FieldError, invalid, required } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import type * as api from '#common/schema/generated/types.ts';
import { createdAtColumn, nameColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { validateLabelSelector } from './validation/labelSelector.ts';
import { pathSegmentName } from './validation/objectNames.ts';
import { nullEmptyRules, validateRules } from './validation/rbac.ts';

const selectorsPath = FieldPath.of('aggregationRule', 'clusterRoleSelectors');

export const ClusterRole = defineKind<api.ClusterRole>({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRole',
  plural: 'clusterroles',
  namespaced: false,
  hasGeneration: false,
  createOnUpdate: true,
  applyDefaults: nullEmptyRules,
  validateName: pathSegmentName,
  validate: (role) => [
    ...validateRules(role.rules, false),
    ...(role.aggregationRule ? validateAggregation(role.aggregationRule) : []),
  ],
  columns: [nameColumn, createdAtColumn],
  references: [
    {
      type: 'selector',
      path: 'aggregationRule.clusterRoleSelectors[]',
      form: 'labelSelector',
      to: { group: 'rbac.authorization.k8s.io', kind: 'ClusterRole' },
    },
  ],
});

function validateAggregation(rule: api.AggregationRule): FieldError[] {
  const selectors = rule.clusterRoleSelectors ?? [];
  if (!selectors.length) {
    return [required(selectorsPath, 'at least one clusterRoleSelector required if aggregationRule is non-nil')];
  }
  return selectors.flatMap((selector, i) => {
    const path = selectorsPath.index(i);
    const errors: FieldError[] = [];
    validateLabelSelector(selector, path, errors);
    // The same said once more, about the selector as a whole.
    if (errors.length) errors.push(invalid(path, null, 'invalid label selector.'));
    return errors;
  });
}
