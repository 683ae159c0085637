/** Tokens in Secrets: their use is noted, unused ones are marked, marked ones refused, and long unused ones removed. */
import { generateKeyPairSync } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { drainTasks } from '#common/base/context.ts';
import { silentLog } from '#common/base/log.ts';
import { Random } from '#common/base/random.ts';
import { ConfigMap } from '#common/kinds/configMap.ts';
import { trackingKey } from '#common/kinds/legacyToken.ts';
import { Secret } from '#common/kinds/secret.ts';
import { ServiceAccount } from '#common/kinds/serviceAccount.ts';
import { keepTokenTracking, noteTokenUse, planTracking } from '#runtime/apiserver/authentication/legacyTokenTracking.ts';
import { defaultIssuer, ServiceAccountTokens } from '#runtime/apiserver/authentication/serviceAccountTokens.ts';
import { legacyTokenCleaner } from '#runtime/controllers/legacyTokenCleaner.ts';
import { ns, startTestCluster } from './testCluster.ts';

let cluster: Awaited<ReturnType<typeof startTestCluster>>;
afterEach(() => cluster.stop());
const day = 24 * 3600 * 1000;
const key = { namespace: ns, name: 't' };

async function begin(listed: boolean) {
  cluster = await startTestCluster([legacyTokenCleaner]);
  const { client, clock, registry } = cluster;
  const ctx = {
    signal: new AbortController().signal,
    clock,
    random: new Random(2),
    log: silentLog,
    tasks: new Set<Promise<void>>(),
  };
  const privateKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
  const tokens = new ServiceAccountTokens({
    privateKey: String(privateKey),
    registry,
    clock,
    random: ctx.random,
    noteUse: (secret) => noteTokenUse(ctx, client, secret),
  });
  const account = await cluster.create(ServiceAccount, {
    metadata: { name: 'a', namespace: ns },
    ...(listed ? { secrets: [{ name: 't' }] } : {}),
  });
  const token = tokens.issueForSecret({ namespace: ns, name: 'a', uid: account.metadata.uid ?? '' }, 't');
  await cluster.create(Secret, {
    metadata: { name: 't', namespace: ns, annotations: { 'kubernetes.io/service-account.name': 'a' } },
    type: 'kubernetes.io/service-account-token',
    data: { token: Buffer.from(token).toString('base64') },
  });
  // Later than the Secret, as in a cluster that has just started: the cleaner has to hear of it.
  keepTokenTracking(ctx, { client, cache: cluster.cache });
  const settle = async (): Promise<void> => {
    await drainTasks(ctx);
    await cluster.settle();
  };
  await settle();
  return {
    labels: () => cluster.cache.get(Secret, key)?.metadata.labels,
    settle,
    use: async () => {
      const found = tokens.authenticate(token, [defaultIssuer]);
      await settle();
      return found?.user.name;
    },
  };
}

const user = `system:serviceaccount:${ns}:a`;
const today = (): string => new Date(cluster.clock.now()).toISOString().slice(0, 10);

it('the day of the last use is noted, and a year later the token is marked, refused and in the end removed', async () => {
  const { labels, use } = await begin(true);
  expect(cluster.cache.get(ConfigMap, trackingKey)?.data).toEqual({ since: today() });
  await cluster.advance(10 * day);
  expect(await use()).toBe(user);
  expect(labels()).toEqual({ 'kubernetes.io/legacy-token-last-used': today() });
  const { resourceVersion } = (await cluster.client.get(Secret, key)).metadata;
  await use();
  expect((await cluster.client.get(Secret, key)).metadata.resourceVersion).toBe(resourceVersion);

  await cluster.advance(367 * day);
  expect(Object.keys(labels() ?? {})).toContain('kubernetes.io/legacy-token-invalid-since');
  expect(await use()).toBeUndefined();
  expect(labels()).toMatchObject({ 'kubernetes.io/legacy-token-last-used': today() });
  // Its use has been noted, so that it is not removed a year after the mark but after the use.
  await cluster.advance(364 * day);
  expect(cluster.cache.get(Secret, key)).toBeDefined();
  await cluster.advance(3 * day);
  expect(cluster.cache.get(Secret, key)).toBeUndefined();
});

it('a token that somebody made by hand stays good whatever its labels say', async () => {
  const { use, settle } = await begin(false);
  const secret = await cluster.client.get(Secret, key);
  const labels = { 'kubernetes.io/legacy-token-invalid-since': '1970-01-01' };
  await cluster.client.update(Secret, { ...secret, metadata: { ...secret.metadata, labels } });
  await settle();
  expect(await use()).toBe(user);
  await cluster.advance(800 * day);
  expect(cluster.cache.get(Secret, key)).toBeDefined();
});

it('the ConfigMap comes back when it is deleted, and keeps no day that is yet to come', async () => {
  const { settle } = await begin(true);
  await cluster.client.delete(ConfigMap, trackingKey);
  await settle();
  await settle();
  expect(cluster.cache.get(ConfigMap, trackingKey)?.data).toEqual({ since: today() });
});

it.each<[string | undefined, string | undefined]>([
  [undefined, '1970-01-11'],
  ['nonsense', '1970-01-11'],
  ['1970-01-12', '1970-01-11'],
  ['1970-01-05', undefined],
])('of the day %s it makes %s', async (since, expected) => {
  cluster = await startTestCluster([]);
  const present = { metadata: {}, data: { ...(since === undefined ? {} : { since }), own: 'x' } };
  expect(planTracking(present, 10 * day)?.data).toEqual(expected && { since: expected, own: 'x' });
});
