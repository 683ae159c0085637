/** PriorityClass (scheduling.k8s.io/v1): how important pods are. Names that start with `system-` are Kubernetes' own. */
import { type FieldError, forbidden, required } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { immutable, oneOf } from './validation/values.ts';

const highestUserPriority = 1_000_000_000;
const systemClasses: ReadonlyMap<string, number> = new Map([
  ['system-node-critical', 2_000_001_000],
  ['system-cluster-critical', 2_000_000_000],
]);

export const PriorityClass = defineKind<api.PriorityClass>({
  group: 'scheduling.k8s.io',
  version: 'v1',
  kind: 'PriorityClass',
  plural: 'priorityclasses',
  shortNames: ['pc'],
  namespaced: false,
  applyDefaults(priority) {
    priority.preemptionPolicy ??= 'PreemptLowerPriority';
  },
  validate,
  validateUpdate: (priority, old) => [
    ...((priority.value ?? 0) === (old.value ?? 0) ? [] : [forbidden(FieldPath.of('value'), 'may not be changed in an update.')]),
    ...immutable(FieldPath.of('preemptionPolicy'), priority.preemptionPolicy, old.preemptionPolicy),
  ],
  columns: [
    nameColumn,
    { name: 'Value', type: 'integer', cell: (priority) => priority.value ?? 0 },
    { name: 'Global-Default', type: 'boolean', cell: (priority) => priority.globalDefault ?? false },
    ageColumn,
    textColumn('PreemptionPolicy', (priority) => priority.preemptionPolicy ?? 'PreemptLowerPriority'),
  ],
});

function validate(priority: api.PriorityClass): FieldError[] {
  const errors: FieldError[] = [];
  const name = priority.metadata.name ?? '';
  const value = priority.value ?? 0;
  if (name.startsWith('system-')) {
    const expected = systemClasses.get(name);
    const why =
      expected === undefined
        ? `${name} is not a known system priority class`
        : value !== expected
          ? `value of ${name} PriorityClass must be ${expected}`
          : priority.globalDefault
            ? `globalDefault of ${name} PriorityClass must be false`
            : '';
    const text = `priority class names with 'system-' prefix are reserved for system use only. error: ${why}`;
    if (why) errors.push(forbidden(FieldPath.of('metadata', 'name'), text));
  } else if (value > highestUserPriority) {
    const text = `maximum allowed value of a user defined priority is ${highestUserPriority}`;
    errors.push(forbidden(FieldPath.of('value'), text));
  }
  const policyPath = FieldPath.of('preemptionPolicy');
  const policy = priority.preemptionPolicy;
  if (policy === '') errors.push(required(policyPath));
  else if (policy !== undefined) errors.push(...oneOf(policyPath, policy, ['PreemptLowerPriority', 'Never']));
  return errors;
}
