/** DeviceClass (resource.k8s.io/v1): a sort of devices that claims may ask for. */
import { type FieldError, invalid, tooMany } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { isExtendedResource } from './podSpec/resourceNames.ts';
import { maxSelectors, validateDeviceConfiguration, validateSelectors } from './validation/deviceClaim.ts';

const specPath = FieldPath.of('spec');

export const DeviceClass = defineKind<api.DeviceClass>({
  group: 'resource.k8s.io',
  version: 'v1',
  kind: 'DeviceClass',
  plural: 'deviceclasses',
  namespaced: false,
  deleteAnswersObject: true,
  validate({ spec }) {
    const errors: FieldError[] = [];
    errors.push(...validateSelectors(spec?.selectors, specPath.child('selectors')));
    const configs = spec?.config ?? [];
    const configPath = specPath.child('config');
    if (configs.length > maxSelectors) errors.push(tooMany(configPath, configs.length, maxSelectors));
    else configs.forEach((config, i) => errors.push(...validateDeviceConfiguration(config.opaque, configPath.index(i))));
    const name = spec?.extendedResourceName;
    if (name !== undefined && !isExtendedResource(name)) {
      errors.push(invalid(specPath.child('extendedResourceName'), name, 'must be a valid extended resource name'));
    }
    return errors;
  },
  columns: [nameColumn, ageColumn],
});
