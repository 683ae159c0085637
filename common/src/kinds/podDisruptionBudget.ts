/** PodDisruptionBudget (policy/v1): how many pods of a selection may be away on purpose at once. */
import { type FieldError, invalid, notSupported } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { internalForm } from './podSpec/internalForm.ts';
import { validateLabelSelector } from './validation/labelSelector.ts';
import { pathSegmentName } from './validation/objectNames.ts';
import { checkAtMostAll, checkIntOrPercent } from './workloads/intOrPercent.ts';
import { checkCounts } from './workloads/statusRules.ts';
import { keepStatus } from './workloads/strategies.ts';

const specPath = FieldPath.of('spec');
const evictionPolicies = ['AlwaysAllow', 'IfHealthyBudget'];
const emptyStatus = { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 };

function validate({ spec = {} }: api.PodDisruptionBudget): FieldError[] {
  const errors: FieldError[] = [];
  if (spec.minAvailable != null && spec.maxUnavailable != null) {
    const text = 'minAvailable and maxUnavailable cannot be both set';
    errors.push(invalid(specPath, internalForm('PodDisruptionBudgetSpec', spec), text));
  }
  for (const field of ['minAvailable', 'maxUnavailable'] as const) {
    checkIntOrPercent(spec[field], specPath.child(field), errors);
    checkAtMostAll(spec[field], specPath.child(field), errors);
  }
  if (spec.selector) validateLabelSelector(spec.selector, specPath.child('selector'), errors);
  const policy = spec.unhealthyPodEvictionPolicy;
  if (policy != null && !evictionPolicies.includes(policy)) {
    errors.push(notSupported(specPath.child('unhealthyPodEvictionPolicy'), policy, evictionPolicies));
  }
  return errors;
}

export const PodDisruptionBudget = defineKind<api.PodDisruptionBudget>({
  group: 'policy',
  version: 'v1',
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
  shortNames: ['pdb'],
  namespaced: true,
  subresources: { status: true },
  prepareForCreate(object) {
    object.status = { ...emptyStatus };
  },
  prepareForUpdate: keepStatus,
  validate,
  validateStatusUpdate({ status }) {
    const errors: FieldError[] = [];
    if (status) checkCounts(status, ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'], errors);
    return errors;
  },
  validateName: pathSegmentName,
  columns: [
    nameColumn,
    textColumn('Min Available', ({ spec }) => String(spec?.minAvailable ?? 'N/A')),
    textColumn('Max Unavailable', ({ spec }) => String(spec?.maxUnavailable ?? 'N/A')),
    { name: 'Allowed Disruptions', type: 'integer', cell: ({ status }) => status?.disruptionsAllowed ?? 0 },
    ageColumn,
  ],
  references: [{ type: 'selector', path: 'spec.selector', form: 'labelSelector', to: { group: '', kind: 'Pod' } }],
});
