/** A finalizer that keeps an object in use from going. */
import { keyOf, type KubeObject } from '#common/api/meta.ts';
import { hasReason } from '#common/api/status.ts';
import type { KindDefinition } from '#common/kinds/defineKind.ts';
import type { ReconcileContext } from '../controller/controller.ts';

/** An object that is being deleted loses the finalizer when it is not in use; any other has it. */
export async function keepFinalizer<T extends KubeObject>(
  ctx: ReconcileContext,
  kind: KindDefinition<T>,
  object: T,
  finalizer: string,
  inUse: boolean,
): Promise<void> {
  const { finalizers = [], deletionTimestamp, resourceVersion } = object.metadata;
  const has = finalizers.includes(finalizer);
  if (deletionTimestamp ? !has || inUse : has) return;
  const wanted = deletionTimestamp ? finalizers.filter((one) => one !== finalizer) : [...finalizers, finalizer];
  try {
    await ctx.client.patch(kind, keyOf(object), 'merge', {
      metadata: { resourceVersion, finalizers: wanted.length > 0 ? wanted : null },
    });
  } catch (error) {
    if (!hasReason(error, 'NotFound')) throw error;
  }
}
