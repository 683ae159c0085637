/**
 * `/eviction`: deletes a pod unless a PodDisruptionBudget forbids it. The budget's own controller counts; here one
 * disruption is taken from what it allows, in the same way in which two evictions at a time could not both take it.
 */
import type { KubeObject, ObjectKey, UntypedObject } from '#common/api/meta.ts';
import { selectorFromLabelSelector } from '#common/api/labelSelector.ts';
import { ApiError, badRequest, hasReason, tooManyRequests } from '#common/api/status.ts';
import { formatTime } from '#common/api/time.ts';
import { PodDisruptionBudget as budgetKind } from '#common/kinds/podDisruptionBudget.ts';
import { builtinStruct, deleteOptionsType } from '#common/schema/builtinTypes.ts';
import { decodeAs } from '#common/schema/decode.ts';
import type { Pod, PodDisruptionBudget } from '#common/schema/generated/types.ts';
import type { DeleteOptions } from '../../client/client.ts';
import { successStatus } from '../answers.ts';
import { decodeObjectBody } from '../bodyDecoding.ts';
import { readBody } from '../http/body.ts';
import type { Exchange } from '../http/exchange.ts';
import { negotiate } from '../negotiation.ts';
import { type DeleteBody, parseDeleteOptions, parseWriteQuery } from '../options.ts';
import type { Resource, WriteOptions } from '../registry/registry.ts';
import { ensureNamespace, keyOfRequest, writeOptionsOf } from '../resourceHandlers.ts';
import type { Subresource, SubresourceContext } from './subresource.ts';

const gvk = { group: 'policy', version: 'v1', kind: 'Eviction' };
/** How many evictions may wait for the budget's controller to see them. */
const maxUnconfirmed = 2000;
const refusal = "Cannot evict pod as it would violate the pod's disruption budget.";
const processingRetrySeconds = 10;

export const eviction: Subresource = {
  methods: ['POST'],
  async handle(exchange, resource, context) {
    const form = negotiate(exchange.request.headers.accept, false, false);
    const { object, options } = await readEviction(exchange, resource);
    const key = keyOfRequest(exchange, resource);
    await context.registry.review({ operation: 'CREATE', resource, key, subresource: 'eviction', sent: gvk, object }, options);
    const deleteOptions = deleteOptionsOf(object);
    const { deletion, dryRun } = parseDeleteOptions(exchange.query, deleteOptions ?? {});
    const write: WriteOptions = { ...options, dryRun: dryRun || options.dryRun, admitted: true };
    await evictPod(key, deletion, write, resource, context);
    exchange.sendJson(201, successStatus(201), form.mediaType);
  },
};

export type EvictionContext = Pick<SubresourceContext, 'ctx' | 'registry'>;

/** Deletes the pod if its budget allows it; `resource` is that of pods. Throws 429 where the budget does not. */
export async function evictPod(
  key: ObjectKey,
  deletion: DeleteOptions,
  options: WriteOptions,
  resource: Resource,
  context: EvictionContext,
): Promise<void> {
  const pod = resource.get(key).object as Pod;
  const uid = deletion.preconditions?.uid;
  if (uid === undefined || uid === pod.metadata.uid) {
    if (!mayIgnoreBudgets(pod)) await takeFromBudget(pod, context, options);
    if (!options.dryRun) await markAsTarget(pod, resource, context, options);
  }
  await resource.delete(key, deletion, options);
}

async function readEviction(exchange: Exchange, resource: Resource): Promise<{ object: KubeObject; options: WriteOptions }> {
  const { request } = exchange;
  const body = await readBody(request);
  const query = parseWriteQuery('CreateOptions', exchange.query, request.headers['user-agent']);
  const expected = { gvk, type: builtinStruct('io.k8s.api.policy.v1.Eviction'), custom: false };
  const { object, warnings } = await decodeObjectBody(body, request.headers['content-type'], expected, query.fieldValidation);
  for (const warning of warnings) exchange.warn(warning);
  (object as Partial<KubeObject>).metadata ??= {};
  ensureNamespace(exchange, resource, object);
  if (object.metadata.name !== exchange.info.name) throw badRequest('name in URL does not match name in Eviction object');
  return { object, options: writeOptionsOf(exchange, query) };
}

function deleteOptionsOf(object: KubeObject): DeleteBody | undefined {
  const { deleteOptions } = object as UntypedObject;
  if (!deleteOptions) return undefined;
  return decodeAs(deleteOptionsType(), deleteOptions, { fieldValidation: 'Ignore' }, badRequest).result as DeleteBody;
}

/** A pod that does no work, or is on its way out, is nobody's disruption. */
function mayIgnoreBudgets({ metadata, status }: Pod): boolean {
  return (
    metadata.deletionTimestamp !== undefined ||
    status?.phase === 'Succeeded' ||
    status?.phase === 'Failed' ||
    status?.phase === 'Pending'
  );
}

const isReady = ({ status }: Pod): boolean => status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') === true;

async function takeFromBudget(pod: Pod, { registry, ctx }: EvictionContext, options: WriteOptions): Promise<void> {
  const budgets = registry.resourceOf(budgetKind);
  const namespace = pod.metadata.namespace ?? '';
  for (;;) {
    const matching = budgets
      .list({ namespace })
      .items.map((item) => item.object as PodDisruptionBudget & KubeObject)
      .filter((budget) => selectorFromLabelSelector(budget.spec?.selector).matches(pod.metadata.labels ?? {}));
    const [budget, second] = matching;
    if (second)
      throw new ApiError(
        500,
        '',
        'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
      );
    if (!budget || mayGoUnready(pod, budget)) return;
    requireAllowance(budget);
    if (options.dryRun) return;
    const { name: podName = '' } = pod.metadata;
    const status = {
      ...budget.status,
      disruptionsAllowed: (budget.status?.disruptionsAllowed ?? 0) - 1,
      disruptedPods: { ...budget.status?.disruptedPods, [podName]: formatTime(ctx.clock.now()) },
    };
    try {
      const next = { ...budget, metadata: { ...budget.metadata }, status } as typeof budget;
      await budgets.update(
        { namespace, name: budget.metadata.name ?? '' },
        next,
        { ...options, warn: () => undefined },
        'status',
      );
      return;
    } catch (error) {
      // Another eviction or the controller was faster: look again.
      if (!hasReason(error, 'Conflict')) throw error;
    }
  }
}

/** Pods that are not ready count for nothing: their policy says whether they may go regardless. */
function mayGoUnready(pod: Pod, { spec, status }: PodDisruptionBudget): boolean {
  if (isReady(pod)) return false;
  if (spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true;
  const desired = status?.desiredHealthy ?? 0;
  return desired > 0 && (status?.currentHealthy ?? 0) >= desired;
}

function requireAllowance({ metadata, status }: PodDisruptionBudget): void {
  const budgetCause = (message: string) => [{ reason: 'DisruptionBudget', message }];
  if ((status?.observedGeneration ?? 0) < (metadata.generation ?? 0)) {
    throw tooManyRequests(
      refusal,
      processingRetrySeconds,
      budgetCause(`The disruption budget ${metadata.name} is still being processed by the server.`),
    );
  }
  const allowed = status?.disruptionsAllowed ?? 0;
  const forbidden = (why: string): ApiError =>
    new ApiError(403, 'Forbidden', `poddisruptionbudgets.policy "${metadata.name}" is forbidden: ${why}`, {
      name: metadata.name ?? '',
      group: 'policy',
      kind: 'poddisruptionbudgets',
    });
  if (allowed < 0) throw forbidden('pdb disruptions allowed is negative');
  if (Object.keys(status?.disruptedPods ?? {}).length > maxUnconfirmed) {
    throw forbidden('DisruptedPods map too big - too many evictions not confirmed by PDB controller');
  }
  if (allowed > 0) return;
  const condition = status?.conditions?.find((c) => c.type === 'DisruptionAllowed' && c.status === 'False');
  const message = condition?.message ? `${refusal} ${condition.message}` : refusal;
  throw tooManyRequests(
    message,
    undefined,
    budgetCause(
      `The disruption budget ${metadata.name} needs ${status?.desiredHealthy ?? 0} healthy pods and has ${status?.currentHealthy ?? 0} currently`,
    ),
  );
}

/** Leaves the reason in the pod's status for whoever wonders why it went. */
async function markAsTarget(pod: Pod, resource: Resource, { ctx }: EvictionContext, options: WriteOptions): Promise<void> {
  const condition = {
    type: 'DisruptionTarget',
    status: 'True',
    observedGeneration: pod.metadata.generation,
    lastTransitionTime: formatTime(ctx.clock.now()),
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
  };
  const key = { namespace: pod.metadata.namespace ?? '', name: pod.metadata.name ?? '' };
  const patch = { metadata: { uid: pod.metadata.uid }, status: { conditions: [condition] } };
  await resource.patch(key, { type: 'strategic', patch }, { ...options, warn: () => undefined }, 'status');
}
