/** CSIDriver (storage.k8s.io/v1): what a storage driver needs and can do. */
import { duplicate, type FieldError, invalid, notSupported } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { immutable, oneOf } from './validation/values.ts';

const specPath = FieldPath.of('spec');
const tenMinutes = 600;
const maxSeconds = 2 ** 32;

export const CSIDriver = defineKind<api.CSIDriver>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSIDriver',
  plural: 'csidrivers',
  namespaced: false,
  hasGeneration: false,
  unconditionalUpdate: false,
  deleteAnswersObject: true,
  applyDefaults(driver) {
    const spec = (driver.spec ??= {});
    spec.attachRequired ??= true;
    spec.podInfoOnMount ??= false;
    spec.storageCapacity ??= false;
    spec.fsGroupPolicy ??= 'ReadWriteOnceWithFSType';
    if (!spec.volumeLifecycleModes?.length) spec.volumeLifecycleModes = ['Persistent'];
    spec.requiresRepublish ??= false;
    spec.seLinuxMount ??= false;
  },
  validate,
  validateUpdate: (driver, old) => [
    ...immutable(specPath.child('attachedRequired'), driver.spec?.attachRequired, old.spec?.attachRequired),
    ...immutable(specPath.child('volumeLifecycleModes'), driver.spec?.volumeLifecycleModes, old.spec?.volumeLifecycleModes),
  ],
  warnings: ({ spec }) =>
    spec?.tokenRequests?.length && spec.serviceAccountTokenInSecrets === undefined
      ? [
          'spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent ' +
            'possible logging of tokens in volume attributes',
        ]
      : [],
  columns: [
    nameColumn,
    { name: 'AttachRequired', type: 'boolean', cell: (driver) => driver.spec?.attachRequired ?? true },
    { name: 'PodInfoOnMount', type: 'boolean', cell: (driver) => driver.spec?.podInfoOnMount ?? false },
    { name: 'StorageCapacity', type: 'boolean', cell: (driver) => driver.spec?.storageCapacity ?? false },
    textColumn('TokenRequests', ({ spec }) => (spec?.tokenRequests ?? []).map((r) => r.audience).join(',') || '<unset>'),
    { name: 'RequiresRepublish', type: 'boolean', cell: (driver) => driver.spec?.requiresRepublish ?? false },
    textColumn('Modes', ({ spec }) => (spec?.volumeLifecycleModes ?? []).join(',') || '<none>'),
    ageColumn,
  ],
});

function validate(driver: api.CSIDriver): FieldError[] {
  const spec = driver.spec ?? {};
  const errors: FieldError[] = [];
  if (spec.fsGroupPolicy !== undefined) {
    errors.push(...oneOf(specPath.child('fsGroupPolicy'), spec.fsGroupPolicy, ['File', 'None', 'ReadWriteOnceWithFSType']));
  }
  const audiences = new Set<string>();
  spec.tokenRequests?.forEach(({ audience = '', expirationSeconds }, i) => {
    const path = specPath.child('tokenRequests').index(i);
    if (audiences.has(audience)) errors.push(duplicate(path.child('audience'), audience));
    audiences.add(audience);
    if (expirationSeconds === undefined) return;
    const at = path.child('expirationSeconds');
    if (expirationSeconds < tenMinutes) {
      errors.push(invalid(at, expirationSeconds, 'may not specify a duration less than 10 minutes'));
    } else if (expirationSeconds > maxSeconds) {
      errors.push(invalid(at, expirationSeconds, 'may not specify a duration larger than 2^32 seconds'));
    }
  });
  const modes = ['Persistent', 'Ephemeral'];
  for (const mode of spec.volumeLifecycleModes ?? []) {
    if (!modes.includes(mode)) errors.push(notSupported(specPath.child('volumeLifecycleModes'), mode, modes));
  }
  const period = spec.nodeAllocatableUpdatePeriodSeconds;
  if (period !== undefined && period < 10) {
    const text = 'must be greater than or equal to 10 seconds';
    errors.push(invalid(specPath.child('nodeAllocatableUpdatePeriodSeconds'), period, text));
  }
  return errors;
}
