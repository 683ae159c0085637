/** The webhooks of the two webhook configurations, in the order and words of Kubernetes 1.36. */
import { duplicate, type FieldError, invalid, notSupported, required } from '#common/api/fieldError.ts';
import { FieldPath } from '#common/api/fieldPath.ts';
import { dns1035LabelErrors, fullyQualifiedNameErrors } from '#common/api/names.ts';
import type { MutatingWebhook, ValidatingWebhook } from '#common/schema/generated/types.ts';
import { defaultRules, failurePolicies, matchPolicies, validateMatchConditions, validateRule } from './admissionRules.ts';
import { validateLabelSelector } from './labelSelector.ts';
import { oneOf, problemsAt } from './values.ts';
import { validateWebhookClient } from './webhookClient.ts';

type Webhook = ValidatingWebhook & Pick<MutatingWebhook, 'reinvocationPolicy'>;

const webhooksPath = FieldPath.of('webhooks');
const knownReviewVersions = ['v1', 'v1beta1'];

export function validateWebhooks(webhooks: readonly Webhook[] | undefined): FieldError[] {
  const names = new Set<string>();
  return (webhooks ?? []).flatMap((webhook, i) => {
    const path = webhooksPath.index(i);
    const errors = [...validateWebhook(webhook, path), ...validateReviewVersions(webhook.admissionReviewVersions ?? [], path)];
    if (webhook.name && names.has(webhook.name)) errors.push(duplicate(path.child('name'), webhook.name));
    names.add(webhook.name);
    return errors;
  });
}

function validateWebhook(webhook: Webhook, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const { name, failurePolicy, matchPolicy, timeoutSeconds, reinvocationPolicy } = webhook;
  if (name) errors.push(...problemsAt(path.child('name'), name, fullyQualifiedNameErrors(name)));
  else errors.push(required(path.child('name')));
  webhook.rules?.forEach((rule, i) => errors.push(...validateRule(rule, path.child('rules').index(i))));
  if (failurePolicy !== undefined) errors.push(...oneOf(path.child('failurePolicy'), failurePolicy, failurePolicies));
  if (matchPolicy !== undefined) errors.push(...oneOf(path.child('matchPolicy'), matchPolicy, matchPolicies));
  errors.push(...validateSideEffects(webhook.sideEffects, path.child('sideEffects')));
  if (timeoutSeconds !== undefined && (timeoutSeconds < 1 || timeoutSeconds > 30)) {
    errors.push(invalid(path.child('timeoutSeconds'), timeoutSeconds, 'the timeout value must be between 1 and 30 seconds'));
  }
  for (const field of ['namespaceSelector', 'objectSelector'] as const) {
    const selector = webhook[field];
    if (selector) validateLabelSelector(selector, path.child(field), errors);
  }
  if (reinvocationPolicy !== undefined) {
    errors.push(...oneOf(path.child('reinvocationPolicy'), reinvocationPolicy, ['IfNeeded', 'Never']));
  }
  errors.push(...validateWebhookClient(webhook.clientConfig, path.child('clientConfig')));
  return [...errors, ...validateMatchConditions(webhook.matchConditions, path.child('matchConditions'))];
}

function validateSideEffects(sideEffects: string | undefined, path: FieldPath): FieldError[] {
  if (sideEffects === undefined || sideEffects === null) return [required(path, 'must specify one of None, NoneOnDryRun')];
  const supported = ['None', 'NoneOnDryRun'];
  return supported.includes(sideEffects) ? [] : [notSupported(path, sideEffects, supported)];
}

function validateReviewVersions(versions: readonly string[], parent: FieldPath): FieldError[] {
  const path = parent.child('admissionReviewVersions');
  if (!versions.length) return [required(path, `must specify one of ${knownReviewVersions.join(', ')}`)];
  const errors: FieldError[] = [];
  versions.forEach((version, i) => {
    if (versions.indexOf(version) < i) errors.push(invalid(path.index(i), version, 'duplicate version'));
    errors.push(...problemsAt(path.index(i), version, dns1035LabelErrors(version)));
  });
  if (!versions.some((version) => knownReviewVersions.includes(version))) {
    errors.push(invalid(path, versions, `must include at least one of ${knownReviewVersions.join(', ')}`));
  }
  return errors;
}

/** Changes `webhooks`. */
export function defaultWebhooks(webhooks: Webhook[] | undefined): void {
  for (const webhook of webhooks ?? []) {
    webhook.failurePolicy ??= 'Fail';
    webhook.matchPolicy ??= 'Equivalent';
    webhook.namespaceSelector ??= {};
    webhook.objectSelector ??= {};
    webhook.timeoutSeconds ??= 10;
    if (webhook.clientConfig?.service) webhook.clientConfig.service.port ??= 443;
    defaultRules(webhook.rules);
  }
}
