/** ResourceSlice (resource.k8s.io/v1): the devices that a driver offers on a node, or on several. */
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { validateSlice, validateSliceUpdate } from './validation/resourceSlice.ts';

export const ResourceSlice = defineKind<api.ResourceSlice>({
  group: 'resource.k8s.io',
  version: 'v1',
  kind: 'ResourceSlice',
  plural: 'resourceslices',
  namespaced: false,
  deleteAnswersObject: true,
  validate: validateSlice,
  validateUpdate: validateSliceUpdate,
  selectableFieldNames: ['spec.nodeName', 'spec.driver'],
  selectableFields: (slice) => ({ 'spec.nodeName': slice.spec?.nodeName ?? '', 'spec.driver': slice.spec?.driver ?? '' }),
  columns: [
    nameColumn,
    textColumn('Node', (slice) => slice.spec?.nodeName ?? ''),
    textColumn('Driver', (slice) => slice.spec?.driver ?? ''),
    textColumn('Pool', (slice) => slice.spec?.pool?.name ?? ''),
    ageColumn,
  ],
  references: [{ type: 'name', path: 'spec.nodeName', to: { group: '', kind: 'Node' } }],
});
