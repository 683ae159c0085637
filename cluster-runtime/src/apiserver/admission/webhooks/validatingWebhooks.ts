/** ValidatingAdmissionWebhook: asks all webhooks at once. Who refuses, or fails, first is who the client hears of. */
import type { AdmissionPlugin } from '../admission.ts';
import { isExempt } from '../matching/requestMatcher.ts';
import { ask, type Question, questionFor, validatingWebhooks, type WebhookDeps } from './webhook.ts';

export function validatingWebhookPlugin(deps: WebhookDeps): AdmissionPlugin {
  const configurations = validatingWebhooks(deps);
  return {
    name: 'ValidatingAdmissionWebhook',
    seesRequests: true,
    handles: (request) => configurations.all().length > 0 && !isExempt(request),
    validate(request, state) {
      const questions = configurations
        .all()
        .flat()
        .map((webhook) => questionFor(webhook, request, state, deps))
        .filter((question): question is Question => question !== undefined);
      if (questions.length === 0) return;
      const failures: unknown[] = [];
      const asked = questions.map((question) =>
        ask(question, request, state, deps, false, () => undefined).catch((error: unknown) => failures.push(error)),
      );
      return Promise.all(asked).then(() => {
        if (failures.length > 0) throw failures[0];
      });
    },
  };
}
