/** Removes bootstrap tokens once they have expired. */
import { keyOf } from '#common/api/meta.ts';
import { hasReason } from '#common/api/status.ts';
import { isBootstrapToken, tokenExpiry } from '#common/kinds/bootstrapToken.ts';
import { Secret } from '#common/kinds/secret.ts';
import type * as api from '#common/schema/generated/types.ts';
import { defineController, done, requeueAt } from '../controller/controller.ts';

export const tokenCleanerController = defineController<api.Secret>({
  name: 'token-cleaner-controller',
  account: 'token-cleaner',
  for: Secret,
  writes: [Secret],
  async reconcile(ctx, key) {
    const secret = ctx.cache.get(Secret, key);
    if (!secret || secret.metadata.deletionTimestamp || !isBootstrapToken(secret)) return done;
    const expiry = tokenExpiry(secret);
    if (expiry === undefined) return done;
    if (expiry > ctx.clock.now()) return requeueAt(expiry);
    try {
      await ctx.client.delete(Secret, keyOf(secret), { preconditions: { uid: secret.metadata.uid ?? '' } });
    } catch (error) {
      if (!hasReason(error, 'NotFound')) throw error;
    }
    return done;
  },
});
