/** LimitRange (core/v1): bounds and defaults for the resources of a namespace's containers, pods and claims. */
import type * as api from '#common/schema/generated/types.ts';
import { createdAtColumn, nameColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { validateLimitRange } from './validation/limitRange.ts';

export const LimitRange = defineKind<api.LimitRange>({
  group: '',
  version: 'v1',
  kind: 'LimitRange',
  plural: 'limitranges',
  shortNames: ['limits'],
  namespaced: true,
  hasGeneration: false,
  namedByUid: true,
  createOnUpdate: true,
  applyDefaults(range) {
    for (const limit of range.spec?.limits ?? []) if (limit.type === 'Container') applyContainerDefaults(limit);
  },
  validate: validateLimitRange,
  columns: [nameColumn, createdAtColumn],
});

/** Limits default to the maximum, requests to the limits and then to the minimum. */
function applyContainerDefaults(limit: api.LimitRangeItem): void {
  const limits = { ...limit.max, ...limit.default };
  const requests = { ...limit.min, ...limits, ...limit.defaultRequest };
  if (Object.keys(limits).length) limit.default = limits;
  if (Object.keys(requests).length) limit.defaultRequest = requests;
}
