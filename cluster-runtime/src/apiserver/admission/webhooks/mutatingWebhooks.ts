/**
 * MutatingAdmissionWebhook: asks one webhook after the other, each about the object as the one before left it. In the second
 * round only those that asked for it with `reinvocationPolicy: IfNeeded`, and that saw the object before somebody else
 * changed it.
 */
import { deepClone, deepEqual } from '#common/base/freeze.ts';
import { internalServerError } from '#common/api/status.ts';
import { DecodeError } from '#common/schema/decode.ts';
import type { AdmissionPlugin, AdmissionRequest, AdmissionState, MutationRound } from '../admission.ts';
import { isExempt } from '../matching/requestMatcher.ts';
import { takeChange } from '../matching/requestView.ts';
import { applyPatch, readPatch } from './patchOfWebhook.ts';
import { ask, mutatingWebhooks, type Question, questionFor, type Webhook, type WebhookDeps } from './webhook.ts';

/** What the first round leaves to the second. */
interface Memory {
  /** Were asked and want to be asked again when the object changes after them. */
  readonly asked: Set<Webhook>;
  readonly due: Set<Webhook>;
  /** The object as the webhooks left it: if it is another one in the second round, the plugins changed it. */
  last: unknown;
}

/** One round of asking about one request. */
interface Asking {
  readonly webhooks: readonly Webhook[];
  readonly memory: Memory;
  readonly request: AdmissionRequest;
  readonly state: AdmissionState;
  readonly round: MutationRound;
  readonly deps: WebhookDeps;
}

export function mutatingWebhookPlugin(deps: WebhookDeps): AdmissionPlugin {
  const configurations = mutatingWebhooks(deps);
  const plugin: AdmissionPlugin = {
    name: 'MutatingAdmissionWebhook',
    seesRequests: true,
    handles: (request) => configurations.all().length > 0 && !isExempt(request),
    mutate(request, state, round) {
      // Nothing is awaited, and nothing copied, for a request that no webhook is for.
      const memory = memoryOf(plugin, round, request);
      const asking: Asking = { webhooks: configurations.all().flat(), memory, request, state, round, deps };
      const first = nextQuestion(asking, 0);
      if (!first) return;
      round.memory.set(plugin, memory);
      return askAll(asking, first);
    },
  };
  return plugin;
}

function memoryOf(plugin: AdmissionPlugin, round: MutationRound, { object }: AdmissionRequest): Memory {
  const known = round.isSecond ? (round.memory.get(plugin) as Memory | undefined) : undefined;
  if (!known) return { asked: new Set(), due: new Set(), last: undefined };
  if (!deepEqual(known.last, object)) for (const webhook of known.asked) known.due.add(webhook);
  return known;
}

interface NextQuestion {
  readonly question: Question;
  /** The webhook's place in the list. */
  readonly at: number;
}

/** What the first webhook from the place `from` on that is concerned is asked. */
function nextQuestion({ webhooks, memory, request, state, round, deps }: Asking, from: number): NextQuestion | undefined {
  for (let at = from; at < webhooks.length; at++) {
    const webhook = webhooks[at] as Webhook;
    if (round.isSecond && !memory.due.has(webhook)) continue;
    const question = questionFor(webhook, request, state, deps);
    if (question) return { question, at };
  }
  return undefined;
}

async function askAll(asking: Asking, first: NextQuestion): Promise<void> {
  const { memory, request, state, round, deps } = asking;
  for (let next: NextQuestion | undefined = first; next; next = nextQuestion(asking, next.at + 1)) {
    const { question } = next;
    if (await askForChange(question, request, state, deps)) {
      for (const webhook of memory.asked) memory.due.add(webhook);
      round.askForSecond();
    }
    if (question.webhook.definition.reinvocationPolicy === 'IfNeeded') memory.asked.add(question.webhook);
  }
  memory.last = deepClone(request.object);
}

/** True when the webhook changed the object. */
async function askForChange(
  question: Question,
  request: AdmissionRequest,
  state: AdmissionState,
  deps: WebhookDeps,
): Promise<boolean> {
  const operations = await ask(question, request, state, deps, true, ({ patch }) => (patch ? readPatch(patch) : []));
  if (!operations?.length) return false;
  if (!request.object) {
    const { name } = question.webhook.definition;
    throw internalServerError(
      `admission webhook ${JSON.stringify(name)} attempted to modify the object, which is not supported for this operation`,
    );
  }
  const before = deepClone(request.object);
  try {
    takeChange(request, question.match, applyPatch(question.view.object, operations), deps.registryOf);
  } catch (error) {
    // The patch is the webhook's, so what it makes of the object is no mistake of the client's.
    throw error instanceof DecodeError ? internalServerError(error.detail) : error;
  }
  return !deepEqual(before, request.object);
}
