/** ResourceQuota (core/v1): how much a namespace may use. The quota controller and admission count; this is the rule book. */
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { validateQuota, validateQuotaStatus, validateQuotaUpdate } from './validation/resourceQuota.ts';

export const ResourceQuota = defineKind<api.ResourceQuota>({
  group: '',
  version: 'v1',
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  shortNames: ['quota'],
  namespaced: true,
  subresources: { status: true },
  hasGeneration: false,
  deleteAnswersObject: true,
  prepareForCreate(quota) {
    quota.status = {};
  },
  prepareForUpdate(quota, old) {
    if (old.status) quota.status = old.status;
    else delete quota.status;
  },
  prepareForStatusUpdate(quota, old) {
    if (old.spec) quota.spec = old.spec;
  },
  validate: validateQuota,
  validateUpdate: validateQuotaUpdate,
  validateStatusUpdate: validateQuotaStatus,
  columns: [
    nameColumn,
    textColumn('Request', (quota) => usageText(quota, (name) => !isLimit(name))),
    textColumn('Limit', (quota) => usageText(quota, isLimit)),
    ageColumn,
  ],
});

const isLimit = (name: string): boolean => name === 'limits' || name.startsWith('limits.');

/** `pods: 1/5, requests.cpu: 100m/1`: what the status counts, in order of names. */
function usageText(quota: api.ResourceQuota, wanted: (name: string) => boolean): string {
  const { hard = {}, used = {} } = quota.status ?? {};
  return Object.keys(hard)
    .filter(wanted)
    .sort()
    .map((name) => `${name}: ${used[name] ?? '0'}/${hard[name] ?? '0'}`)
    .join(', ');
}
