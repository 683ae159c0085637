/**
 * Takes away tokens in Secrets that accounts list as theirs, that no pod mounts and that nobody has used for a year:
 * first they are marked and no longer good, a year later they go.
 */
import { keyOf, type ObjectKey } from '#common/api/meta.ts';
import { hasReason } from '#common/api/status.ts';
import { parseTime } from '#common/api/time.ts';
import { ConfigMap } from '#common/kinds/configMap.ts';
import { dayOf, invalidSinceLabel, lastUsedLabel, parseDay, trackingKey } from '#common/kinds/legacyToken.ts';
import { Pod } from '#common/kinds/pod.ts';
import { Secret } from '#common/kinds/secret.ts';
import { ServiceAccount } from '#common/kinds/serviceAccount.ts';
import type * as api from '#common/schema/generated/types.ts';
import { defineController, defineWatch, done, requeueAt } from '../controller/controller.ts';
import { accountNameAnnotation, tokenSecretType } from './serviceAccountToken.ts';

const dayMs = 24 * 3600 * 1000;
const unusedMs = 365 * dayMs;

export const legacyTokenCleaner = defineController<api.Secret>({
  name: 'legacy-serviceaccount-token-cleaner-controller',
  account: 'legacy-service-account-token-cleaner',
  for: Secret,
  writes: [Secret],
  watches: [
    defineWatch<api.ServiceAccount>({
      kind: ServiceAccount,
      keysFor: ({ object }) =>
        (object.secrets ?? []).map(({ name = '' }) => ({ namespace: object.metadata.namespace ?? '', name })),
    }),
    // Nothing is unused as long as nobody takes notice.
    defineWatch<api.ConfigMap>({
      kind: ConfigMap,
      keysFor: ({ object: { metadata } }, cache) =>
        metadata.name === trackingKey.name && metadata.namespace === trackingKey.namespace
          ? cache.list(Secret).filter(isToken).map(keyOf)
          : [],
    }),
  ],
  async reconcile(ctx, key) {
    const secret = ctx.cache.get(Secret, key);
    const account = secret && accountOf(secret, (accountKey) => ctx.cache.get(ServiceAccount, accountKey));
    const since = parseDay(ctx.cache.get(ConfigMap, trackingKey)?.data?.['since']);
    if (!secret || !account || since === undefined) return done;
    const now = ctx.clock.now();
    const mounted = ctx.cache.list(Pod, key.namespace).some((pod) => mounts(pod, key.name));
    const plan = planLegacyToken(secret, since, now);
    // A pod that mounts it may go at any time; Kubernetes looks once a day.
    if (typeof plan === 'number' || mounted) return requeueAt(Math.max(typeof plan === 'number' ? plan : 0, now + dayMs));
    if (plan === 'delete') {
      try {
        const { uid = '', resourceVersion = '' } = secret.metadata;
        await ctx.client.delete(Secret, key, { preconditions: { uid, resourceVersion } });
      } catch (error) {
        if (!hasReason(error, 'NotFound')) throw error;
      }
      return done;
    }
    const labels = { ...secret.metadata.labels, [invalidSinceLabel]: dayOf(now) };
    await ctx.client.update(Secret, { ...secret, metadata: { ...secret.metadata, labels } });
    return requeueAt(now + unusedMs);
  },
});

const isToken = ({ type }: api.Secret): boolean => type === tokenSecretType;

/** The account that lists the Secret as its own; others have been made by hand and stay. */
function accountOf(secret: api.Secret, find: (key: ObjectKey) => api.ServiceAccount | undefined): api.ServiceAccount | undefined {
  const name = isToken(secret) ? secret.metadata.annotations?.[accountNameAnnotation] : undefined;
  if (!name || secret.metadata.deletionTimestamp) return undefined;
  const account = find({ ...keyOf(secret), name });
  return account?.secrets?.some((reference) => reference.name === secret.metadata.name) ? account : undefined;
}

const mounts = ({ spec }: api.Pod, secret: string): boolean =>
  spec?.volumes?.some((volume) => volume.secret?.secretName === secret) ?? false;

/** What is to be done now, or when (ms) to look again. `since`: from when on use was noted. */
export function planLegacyToken(secret: api.Secret, since: number, now: number): 'mark' | 'delete' | number {
  const { labels = {}, creationTimestamp } = secret.metadata;
  const day = (label: string): number => parseDay(labels[label]) ?? 0;
  const lastUse = Math.max(since, parseTime(creationTimestamp) ?? 0, day(lastUsedLabel));
  if (now < lastUse + unusedMs) return lastUse + unusedMs;
  const invalid = day(invalidSinceLabel);
  if (!invalid) return 'mark';
  return now < invalid + unusedMs ? invalid + unusedMs : 'delete';
}
