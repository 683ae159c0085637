/** FlowSchema (flowcontrol.apiserver.k8s.io/v1): which requests belong to which priority level. */
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { validateFlowSchema } from './validation/flowSchema.ts';

export const FlowSchema = defineKind<api.FlowSchema>({
  group: 'flowcontrol.apiserver.k8s.io',
  version: 'v1',
  kind: 'FlowSchema',
  plural: 'flowschemas',
  namespaced: false,
  subresources: { status: true },
  applyDefaults(schema) {
    if (schema.spec) schema.spec.matchingPrecedence ||= 1000;
  },
  prepareForCreate(schema) {
    schema.status = {};
  },
  prepareForUpdate(schema, old) {
    if (old.status) schema.status = old.status;
    else delete schema.status;
  },
  prepareForStatusUpdate(schema, old) {
    if (old.spec) schema.spec = old.spec;
  },
  validate: validateFlowSchema,
  columns: [
    nameColumn,
    textColumn('PriorityLevel', (schema) => schema.spec?.priorityLevelConfiguration.name ?? ''),
    // Declared as text, sent as a number.
    { name: 'MatchingPrecedence', type: 'string', cell: (schema) => schema.spec?.matchingPrecedence ?? 1000 },
    textColumn('DistinguisherMethod', (schema) => schema.spec?.distinguisherMethod?.type ?? '<none>'),
    ageColumn,
    textColumn('MissingPL', (schema) => schema.status?.conditions?.find(({ type }) => type === 'Dangling')?.status ?? '?'),
  ],
  references: [
    {
      type: 'name',
      path: 'spec.priorityLevelConfiguration.name',
      to: { group: 'flowcontrol.apiserver.k8s.io', kind: 'PriorityLevelConfiguration' },
    },
  ],
});
