/** One webhook of one configuration: whether it is asked about a request, the question, and what becomes of the answer. */
import type { Clock } from '#common/base/clock.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import { ApiError, badRequest, internalServerError, type StatusReason } from '#common/api/status.ts';
import { MutatingWebhookConfiguration } from '#common/kinds/mutatingWebhookConfiguration.ts';
import { ValidatingWebhookConfiguration } from '#common/kinds/validatingWebhookConfiguration.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Store } from '../../../store/store.ts';
import type { Authorizer } from '../../authorization/authorizer.ts';
import type { AdmissionRequest, AdmissionState } from '../admission.ts';
import { type MatchConditions, matchConditions } from '../matching/matchConditions.ts';
import { criteriaOfWebhook, type Match, type MatchCriteria, matchRequest } from '../matching/requestMatcher.ts';
import { type RequestView, viewOf } from '../matching/requestView.ts';
import type { RegistryOf } from '../matching/servedVersions.ts';
import { type StoredList, storedList } from '../matching/storedList.ts';
import { reviewOf, reviewVersion, type RefusalStatus, type Verdict, verdictOf } from './admissionReview.ts';
import { CallFailure } from './callFailure.ts';
import { callWebhook } from './callWebhook.ts';
import type { ConnectInside } from './reachWebhook.ts';

export interface WebhookDeps {
  readonly store: Pick<Store, 'list' | 'watch' | 'revision'>;
  readonly registryOf: RegistryOf;
  /** Asked by match conditions. */
  readonly authorizerOf: () => Authorizer;
  /** A way into the cluster's network; without it only programs on this machine are reached. */
  readonly connect?: ConnectInside;
  readonly signal: AbortSignal;
  /** Real time, in which webhooks live; the cluster's own may be another. */
  readonly realTime: Clock;
  uuid(): string;
}

export interface Webhook {
  readonly definition: api.MutatingWebhook & api.ValidatingWebhook;
  readonly criteria: MatchCriteria;
  readonly conditions: MatchConditions | undefined;
}

type Configuration = api.MutatingWebhookConfiguration | api.ValidatingWebhookConfiguration;

const webhooksOf = ({ webhooks = [] }: Configuration): readonly Webhook[] =>
  webhooks.map((definition) => ({
    definition,
    criteria: criteriaOfWebhook(definition),
    conditions: definition.matchConditions?.length ? matchConditions(definition.matchConditions) : undefined,
  }));

const listOf = <T extends Configuration>(deps: WebhookDeps, kind: KindDefinition<T>): StoredList<readonly Webhook[]> =>
  storedList(deps.store, kind, webhooksOf);

/** By the names of their configurations, and in each as it has them. */
export const mutatingWebhooks = (deps: WebhookDeps): StoredList<readonly Webhook[]> => listOf(deps, MutatingWebhookConfiguration);
export const validatingWebhooks = (deps: WebhookDeps): StoredList<readonly Webhook[]> =>
  listOf(deps, ValidatingWebhookConfiguration);

export interface Question {
  readonly webhook: Webhook;
  readonly match: Match;
  readonly view: RequestView;
}

/** Undefined when the webhook is not asked. Throws what match conditions refuse. */
export function questionFor(
  webhook: Webhook,
  request: AdmissionRequest,
  state: AdmissionState,
  deps: WebhookDeps,
): Question | undefined {
  const match = matchRequest(webhook.criteria, request, state, deps.registryOf);
  if (!match) return undefined;
  const view = viewOf(request, match);
  const { name, sideEffects, failurePolicy } = webhook.definition;
  if (webhook.conditions && !webhook.conditions.admit(view, request, deps.authorizerOf(), failurePolicy === 'Ignore')) {
    return undefined;
  }
  if (request.options.dryRun && sideEffects !== 'None' && sideEffects !== 'NoneOnDryRun') {
    throw badRequest(`admission webhook ${JSON.stringify(name)} does not support dry run`);
  }
  return { webhook, match, view };
}

/**
 * Asks, and gives what `use` makes of a permission; undefined where the webhook failed and its policy is to ignore that.
 * Throws the refusal, or the failure as a 500.
 */
export async function ask<T>(
  { webhook: { definition }, view }: Question,
  request: AdmissionRequest,
  state: AdmissionState,
  deps: WebhookDeps,
  mutating: boolean,
  use: (verdict: Verdict) => T,
): Promise<T | undefined> {
  const { name, clientConfig, timeoutSeconds = 10, admissionReviewVersions, failurePolicy } = definition;
  const version = reviewVersion(admissionReviewVersions);
  const uid = deps.uuid();
  try {
    const context = { state, inside: deps.connect, signal: deps.signal, clock: deps.realTime };
    const answer = await callWebhook(clientConfig, timeoutSeconds, reviewOf(version, uid, view), context);
    const verdict = verdictOf(answer, version, uid, mutating);
    for (const text of verdict.warnings) if (text && !hasControlCharacters(text)) request.options.warn(text);
    if (!verdict.allowed) throw refusal(name, verdict.status);
    return use(verdict);
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error;
    if (failurePolicy === 'Ignore') return undefined;
    throw internalServerError(`failed calling webhook ${JSON.stringify(name)}: ${error.message}`);
  }
}

/** Such a text cannot be a header's, and is not told. */
const hasControlCharacters = (text: string): boolean => /[\u0000-\u001f\u007f]/.test(text);

function refusal(name: string, status: RefusalStatus = {}): ApiError {
  const { message, reason, code = 0, details } = status;
  const why = message || reason;
  const text = `admission webhook ${JSON.stringify(name)} denied the request${why ? `: ${why}` : ' without explanation'}`;
  // A code that stands for no error says nothing; what a webhook gives for a reason need not be one of Kubernetes'.
  const answered = code >= 400 && code < 600 ? code : 400;
  return new ApiError(answered, (reason ?? '') as StatusReason, text, details);
}
