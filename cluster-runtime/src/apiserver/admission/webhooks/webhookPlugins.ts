/**
 * The two plugins that ask webhooks, in the order in which they stand in the chain.
 *
 * Differs from Kubernetes: access and token reviews are not shown to webhooks, and one that is asked about the deletion of a
 * collection is told the name of each object.
 */
import type { AdmissionPlugin } from '../admission.ts';
import { mutatingWebhookPlugin } from './mutatingWebhooks.ts';
import { validatingWebhookPlugin } from './validatingWebhooks.ts';
import type { WebhookDeps } from './webhook.ts';

export const webhookPlugins = (deps: WebhookDeps): readonly AdmissionPlugin[] => [
  mutatingWebhookPlugin(deps),
  validatingWebhookPlugin(deps),
];
