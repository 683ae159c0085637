/** PriorityLevelConfiguration (flowcontrol.apiserver.k8s.io/v1): how many requests of a level run at once, and how others wait. */
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';
import { type Column, defineKind } from './defineKind.ts';
import { validatePriorityLevel } from './validation/priorityLevel.ts';

const queuing = (name: string, field: keyof api.QueuingConfiguration): Column<api.PriorityLevelConfiguration> => ({
  name,
  type: 'string',
  cell: (level) => level.spec?.limited?.limitResponse?.queuing?.[field] ?? '<none>',
});

export const PriorityLevelConfiguration = defineKind<api.PriorityLevelConfiguration>({
  group: 'flowcontrol.apiserver.k8s.io',
  version: 'v1',
  kind: 'PriorityLevelConfiguration',
  plural: 'prioritylevelconfigurations',
  namespaced: false,
  subresources: { status: true },
  applyDefaults({ spec }) {
    if (spec?.limited) {
      spec.limited.nominalConcurrencyShares ??= 30;
      spec.limited.lendablePercent ??= 0;
      const queues = spec.limited.limitResponse?.queuing;
      if (queues) {
        queues.handSize ||= 8;
        queues.queues ||= 64;
        queues.queueLengthLimit ||= 50;
      }
    }
    if (spec?.exempt) {
      spec.exempt.nominalConcurrencyShares ??= 0;
      spec.exempt.lendablePercent ??= 0;
    }
  },
  prepareForCreate(level) {
    level.status = {};
  },
  prepareForUpdate(level, old) {
    if (old.status) level.status = old.status;
    else delete level.status;
  },
  prepareForStatusUpdate(level, old) {
    if (old.spec) level.spec = old.spec;
  },
  validate: validatePriorityLevel,
  columns: [
    nameColumn,
    textColumn('Type', (level) => level.spec?.type ?? ''),
    {
      name: 'NominalConcurrencyShares',
      type: 'string',
      cell: (level) => level.spec?.limited?.nominalConcurrencyShares ?? '<none>',
    },
    queuing('Queues', 'queues'),
    queuing('HandSize', 'handSize'),
    queuing('QueueLengthLimit', 'queueLengthLimit'),
    ageColumn,
  ],
});
