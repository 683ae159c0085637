/** Sees that every active namespace has its `default` service account, which its pods wait for. */
import { hasReason } from '#common/api/status.ts';
import { Namespace } from '#common/kinds/namespace.ts';
import { ServiceAccount } from '#common/kinds/serviceAccount.ts';
import type * as api from '#common/schema/generated/types.ts';
import { defineController, defineWatch, done } from '../controller/controller.ts';
import { isNamespaceTerminating } from '../controller/podControl.ts';

const name = 'default';

export const serviceAccountController = defineController<api.Namespace>({
  name: 'service-account-controller',
  writes: [ServiceAccount],
  for: Namespace,
  concurrency: 4,
  watches: [
    defineWatch<api.ServiceAccount>({
      kind: ServiceAccount,
      keysFor: (event) =>
        event.type === 'deleted' && event.object.metadata.name === name
          ? [{ namespace: '', name: event.object.metadata.namespace ?? '' }]
          : [],
    }),
  ],
  async reconcile(ctx, key) {
    const namespace = ctx.cache.get(Namespace, key);
    if (!namespace || namespace.metadata.deletionTimestamp || ctx.cache.get(ServiceAccount, { namespace: key.name, name }))
      return done;
    try {
      await ctx.client.create(ServiceAccount, {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name, namespace: key.name },
      });
    } catch (error) {
      // Made by somebody else, or the namespace went meanwhile. Whatever else forbids it, a quota say, may end.
      if (!hasReason(error, 'AlreadyExists') && !isNamespaceTerminating(error)) throw error;
    }
    return done;
  },
});
