/**
 * Signs the kubeconfig in ConfigMap kube-public/cluster-info with every bootstrap token that is meant for it, so that a
 * machine that joins can tell from its token that the cluster is the right one.
 */
import { createHmac } from 'node:crypto';
import { deepEqual } from '#common/base/freeze.ts';
import {
  bootstrapTokenNamespace,
  type BootstrapToken,
  hasExpired,
  isBootstrapToken,
  isFor,
  tokenOf,
} from '#common/kinds/bootstrapToken.ts';
import { ConfigMap } from '#common/kinds/configMap.ts';
import { Secret } from '#common/kinds/secret.ts';
import type * as api from '#common/schema/generated/types.ts';
import { defineController, defineWatch, done } from '../controller/controller.ts';

export const clusterInfo = { namespace: 'kube-public', name: 'cluster-info' };
export const signaturePrefix = 'jws-kubeconfig-';

export const bootstrapSignerController = defineController<api.ConfigMap>({
  name: 'bootstrap-signer-controller',
  account: 'bootstrap-signer',
  for: ConfigMap,
  writes: [ConfigMap],
  watches: [
    defineWatch<api.Secret>({
      kind: Secret,
      keysFor: ({ object }) => (isBootstrapToken(object) ? [clusterInfo] : []),
    }),
  ],
  async reconcile(ctx, key) {
    if (key.namespace !== clusterInfo.namespace || key.name !== clusterInfo.name) return done;
    const info = ctx.cache.get(ConfigMap, clusterInfo);
    if (!info || info.metadata.deletionTimestamp) return done;
    const data = planClusterInfo(info.data ?? {}, ctx.cache.list(Secret, bootstrapTokenNamespace), ctx.clock.now());
    if (!deepEqual(data, info.data ?? {})) await ctx.client.update(ConfigMap, { ...info, data });
    return done;
  },
});

/** What cluster-info shall hold: its own keys as they are, one signature for each good token, none of others. */
export function planClusterInfo(
  data: Readonly<Record<string, string>>,
  secrets: readonly api.Secret[],
  now: number,
): Record<string, string> {
  const kept = Object.entries(data).filter(([name]) => !name.startsWith(signaturePrefix));
  const content = Object.hasOwn(data, 'kubeconfig') ? data['kubeconfig'] : undefined;
  if (content === undefined) return Object.fromEntries(kept);
  const tokens = secrets
    .filter((secret) => isBootstrapToken(secret) && isFor(secret, 'signing') && !hasExpired(secret, now))
    .flatMap((secret) => tokenOf(secret) ?? []);
  return Object.fromEntries([...kept, ...tokens.map((token) => [signaturePrefix + token.id, detachedSignature(content, token)])]);
}

/** A JWS (RFC 7515, HS256) over the content, which is left out of it. */
export function detachedSignature(content: string, { id, secret }: BootstrapToken): string {
  const header = Buffer.from(JSON.stringify({ alg: 'HS256', kid: id })).toString('base64url');
  const body = Buffer.from(content).toString('base64url');
  return `${header}..${createHmac('sha256', secret).update(`${header}.${body}`).digest('base64url')}`;
}
