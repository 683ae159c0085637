/** MutatingWebhookConfiguration (admissionregistration.k8s.io/v1): servers that are asked about requests before they are carried out. */
import type * as api from '#common/schema/generated/types.ts';
import { ageColumn, nameColumn } from './columns.ts';
import { defineKind } from './defineKind.ts';
import { defaultWebhooks, validateWebhooks } from './validation/webhooks.ts';

export const MutatingWebhookConfiguration = defineKind<api.MutatingWebhookConfiguration>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'MutatingWebhookConfiguration',
  plural: 'mutatingwebhookconfigurations',
  categories: ['api-extensions'],
  namespaced: false,
  unconditionalUpdate: false,
  applyDefaults(configuration) {
    defaultWebhooks(configuration.webhooks);
    for (const webhook of configuration.webhooks ?? []) webhook.reinvocationPolicy ??= 'Never';
  },
  validate: (configuration) => validateWebhooks(configuration.webhooks),
  columns: [
    nameColumn,
    { name: 'Webhooks', type: 'integer', cell: (configuration) => configuration.webhooks?.length ?? 0 },
    ageColumn,
  ],
  references: [
    {
      type: 'name',
      path: 'webhooks[].clientConfig.service.name',
      namespacePath: 'webhooks[].clientConfig.service.namespace',
      to: { group: '', kind: 'Service' },
    },
  ],
});
