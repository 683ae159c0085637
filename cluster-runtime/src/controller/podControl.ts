/** Creating and deleting the pods of a controller, and telling so in events about the owner. */
import { keyOf, type KubeObject, type OwnerReference } from '#common/api/meta.ts';
import { ApiError, hasReason } from '#common/api/status.ts';
import { Pod } from '#common/kinds/pod.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { ReconcileContext } from './controller.ts';

/** A pod as the template says, owned by `owner`. Shares the template's parts. */
export function podFromTemplate(
  template: api.PodTemplateSpec | undefined,
  owner: KubeObject,
  reference: OwnerReference,
): api.Pod {
  const { labels, annotations, finalizers } = template?.metadata ?? {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: `${owner.metadata.name}-`,
      namespace: owner.metadata.namespace ?? '',
      ...(labels ? { labels } : {}),
      ...(annotations ? { annotations } : {}),
      ...(finalizers ? { finalizers } : {}),
      ownerReferences: [reference],
    },
    ...(template?.spec ? { spec: template.spec } : {}),
  };
}

/** Nothing can be created in a namespace that is going, and nobody needs to hear of it. */
export const isNamespaceTerminating = (error: unknown): boolean =>
  error instanceof ApiError && (error.details?.causes?.some((cause) => cause.reason === 'NamespaceTerminating') ?? false);

/** The reason that an event gives when creation is refused: `Error creating: <why>`. */
export async function createPod(ctx: ReconcileContext, owner: KubeObject, pod: api.Pod): Promise<api.Pod> {
  let created: api.Pod;
  try {
    created = await ctx.client.create(Pod, pod);
  } catch (error) {
    if (error instanceof ApiError && !isNamespaceTerminating(error)) {
      ctx.events.event(owner, 'Warning', 'FailedCreate', `Error creating: ${error.message}`);
    }
    throw error;
  }
  ctx.events.event(owner, 'Normal', 'SuccessfulCreate', `Created pod: ${created.metadata.name}`);
  return created;
}

/** A pod that is gone already counts as deleted, without an event. */
export async function deletePod(ctx: ReconcileContext, owner: KubeObject, pod: api.Pod): Promise<void> {
  try {
    await ctx.client.delete(Pod, keyOf(pod), pod.metadata.uid ? { preconditions: { uid: pod.metadata.uid } } : {});
  } catch (error) {
    if (hasReason(error, 'NotFound') || hasReason(error, 'Conflict')) return;
    if (error instanceof ApiError) ctx.events.event(owner, 'Warning', 'FailedDelete', `Error deleting: ${error.message}`);
    throw error;
  }
  ctx.events.event(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
}

/**
 * Calls `fn` `count` times in batches of `initial`, twice that, and so on, each batch at once, and stops after the first
 * batch with a failure: what is refused is refused a few times, not thousands. Tells how many succeeded and the first
 * error.
 */
export async function slowStart(
  count: number,
  initial: number,
  fn: (i: number) => Promise<void>,
): Promise<{ succeeded: number; error?: unknown }> {
  let succeeded = 0;
  for (let batch = Math.min(count, initial), begin = 0; batch > 0; batch = Math.min(2 * batch, count - begin)) {
    const results = await Promise.allSettled(Array.from({ length: batch }, (_, i) => fn(begin + i)));
    begin += batch;
    succeeded += results.filter((result) => result.status === 'fulfilled').length;
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) return { succeeded, error: failed.reason as unknown };
  }
  return { succeeded };
}
