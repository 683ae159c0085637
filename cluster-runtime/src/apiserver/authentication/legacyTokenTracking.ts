/**
 * Whether anybody still uses the tokens that lie in Secrets: since when the API server takes notice stands in a ConfigMap
 * of kube-system, and on each Secret, as a label, the last day on which its token was used.
 */
import { type Context, spawnTask } from '#common/base/context.ts';
import { keyOf } from '#common/api/meta.ts';
import { hasReason } from '#common/api/status.ts';
import { ConfigMap } from '#common/kinds/configMap.ts';
import { dayOf, lastUsedLabel, parseDay, trackingKey } from '#common/kinds/legacyToken.ts';
import { Secret } from '#common/kinds/secret.ts';
import type * as api from '#common/schema/generated/types.ts';
import type { Cache, Client } from '../../client/client.ts';

const dayMs = 24 * 3600 * 1000;

interface Access {
  readonly client: Client;
  readonly cache: Cache;
}

/** Sees that the ConfigMap is there and names a day that has come, however it is changed. */
export function keepTokenTracking(ctx: Context, { client, cache }: Access): void {
  const watching = cache.informer(ConfigMap).onChange(({ object }) => {
    if (object.metadata.name === trackingKey.name && object.metadata.namespace === trackingKey.namespace) repair();
  });
  ctx.signal.addEventListener('abort', () => watching.dispose(), { once: true });
  repair();

  function repair(): void {
    const wanted = planTracking(cache.get(ConfigMap, trackingKey), ctx.clock.now());
    if (!wanted || ctx.signal.aborted) return;
    spawnTask(ctx, 'token tracking', async () => {
      try {
        await (wanted.metadata.resourceVersion ? client.update(ConfigMap, wanted) : client.create(ConfigMap, wanted));
      } catch (error) {
        // Whoever was faster is heard of, and looked at then.
        if (!hasReason(error, 'Conflict') && !hasReason(error, 'AlreadyExists') && !hasReason(error, 'NotFound')) throw error;
      }
    });
  }
}

/** The ConfigMap as it should be, or undefined where it is. Days to come would make tokens in use look unused. */
export function planTracking(present: api.ConfigMap | undefined, now: number): api.ConfigMap | undefined {
  const since = parseDay(present?.data?.['since']);
  if (since !== undefined && since <= now) return undefined;
  const data = { since: dayOf(now) };
  if (present) return { ...present, data: { ...present.data, ...data } };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { ...trackingKey }, data };
}

/** Notes in the background that the Secret's token was used: at most once a day. */
export function noteTokenUse(ctx: Context, client: Client, secret: api.Secret): void {
  const now = ctx.clock.now();
  const noted = secret.metadata.labels?.[lastUsedLabel];
  // Another server's clock may be ahead.
  if (ctx.signal.aborted || noted === dayOf(now) || noted === dayOf(now + dayMs)) return;
  spawnTask(ctx, 'token tracking', async () => {
    const metadata = { uid: secret.metadata.uid, labels: { [lastUsedLabel]: dayOf(now) } };
    try {
      await client.patch(Secret, keyOf(secret), 'strategic', { metadata });
    } catch (error) {
      // A Secret that has gone, or another of its name, has no such token.
      if (!hasReason(error, 'NotFound') && !hasReason(error, 'Conflict') && !hasReason(error, 'Invalid')) throw error;
    }
  });
}
